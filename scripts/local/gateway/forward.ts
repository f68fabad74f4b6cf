import { request } from "node:http";

import type { ApiRequest, ApiResponse } from "./request.ts";

/** Headers that belong to one connection, or to a body that may yet be corrected, and are not passed on. */
const hopByHop = ["connection", "keep-alive", "transfer-encoding", "content-length", "expect"];

function passedOn(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string | string[]> {
  const kept = Object.entries(headers).filter(
    ([name, value]) => value !== undefined && !hopByHop.includes(name),
  );
  return Object.fromEntries(kept) as Record<string, string | string[]>;
}

/** Passes a call on to moto as it came, Host and Authorization included, and gives back moto's answer. */
export function forwardTo(port: number, call: ApiRequest): Promise<ApiResponse> {
  return new Promise((resolve, reject) => {
    const headers = { ...passedOn(call.headers), "content-length": String(call.body.length) };
    const outgoing = request(
      { host: "127.0.0.1", port, method: call.method, path: call.url, headers },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.once("error", reject);
        answer.once("end", () => {
          const statusCode = answer.statusCode ?? 502;
          // The answer to HEAD has no body to take the length from, and S3's clients read it.
          const length = call.method === "HEAD" && { "content-length": answer.headers["content-length"] };
          const headersBack = { ...passedOn(answer.headers), ...length };
          resolve({ statusCode, headers: headersBack, body: Buffer.concat(chunks) });
        });
      },
    );
    outgoing.once("error", reject);
    outgoing.end(call.body);
  });
}
