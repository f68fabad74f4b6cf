import type { ServerResponse } from "node:http";
import type { Http2ServerResponse } from "node:http2";
import type { Duplex } from "node:stream";

/** What a request is answered through, over HTTP/1.1 or HTTP/2. */
export type Response = ServerResponse | Http2ServerResponse;

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html */
const titles = {
  400: "400 Bad Request",
  405: "405 Not Allowed",
  408: "408 Request Time-out",
  414: "414 Request-URI Too Large",
  463: "463",
  500: "500 Internal Server Error",
  501: "501 Not Implemented",
  502: "502 Bad Gateway",
  503: "503 Service Temporarily Unavailable",
  504: "504 Gateway Time-out",
} as const;

/** The statuses of the errors that a load balancer makes itself. */
export type OwnStatus = keyof typeof titles;

/** What a load balancer calls itself in its own answers. */
const serverName = "awselb/2.0";

function body(title: string): string {
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
}

/** Answers with headers and a body of the load balancer's own. */
export function answerOwn(
  response: Response,
  statusCode: number,
  headers: Readonly<Record<string, string>>,
  text = "",
): void {
  response.statusCode = statusCode;
  for (const [name, value] of Object.entries({ server: serverName, ...headers }))
    response.setHeader(name, value);
  response.setHeader("content-length", Buffer.byteLength(text));
  // The two kinds of response have signatures of their own for the same call.
  if ("stream" in response) response.end(text);
  else response.end(text);
}

/** Answers with an error of the load balancer's own; an answer that has begun is cut. */
export function answerError(response: Response, statusCode: OwnStatus): void {
  if (response.headersSent) response.destroy();
  else answerOwn(response, statusCode, { "content-type": "text/html" }, body(titles[statusCode]));
}

/** The same on a connection that has no response object, which it ends. */
export function endWithError(socket: Duplex, statusCode: OwnStatus): void {
  const text = body(titles[statusCode]);
  const head = [
    `HTTP/1.1 ${titles[statusCode]}`,
    `Server: ${serverName}`,
    `Date: ${new Date().toUTCString()}`,
    "Content-Type: text/html",
    `Content-Length: ${text.length}`,
    "Connection: close",
  ];
  if (socket.writable) socket.end(`${head.join("\r\n")}\r\n\r\n${text}`);
  else socket.destroy();
}
