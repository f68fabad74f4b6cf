import type { ServerResponse } from "node:http";

const titles: Readonly<Record<number, string>> = {
  404: "404 Not Found",
  502: "502 Bad Gateway",
  503: "503 Service Temporarily Unavailable",
  504: "504 Gateway Time-out",
};

/** Answers with an error of the load balancer's own, as an Application Load Balancer words it. */
export function answerError(response: ServerResponse, statusCode: number): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const title = titles[statusCode] ?? String(statusCode);
  response.writeHead(statusCode, { server: "awselb/2.0", "content-type": "text/html" });
  response.end(
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`,
  );
}
