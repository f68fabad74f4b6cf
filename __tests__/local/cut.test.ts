import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import { connect, type AddressInfo } from "node:net";

import { describe, expect, test } from "@jest/globals";

import { cut } from "../../scripts/local/gateway/cut.ts";

describe("a connection that is cut", () => {
  test.each([
    ["while it is open", "ECONNRESET", (): void => undefined],
    ["while it is about to end", undefined, ({ socket }: IncomingMessage) => void socket.end()],
  ] as const)("is closed %s", async (_, code, before) => {
    const server = createServer((message) => {
      before(message);
      cut(message);
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const caller = connect((server.address() as AddressInfo).port, "127.0.0.1");
    let failure: NodeJS.ErrnoException | undefined;
    caller.on("error", (error) => {
      failure = error;
    });
    caller.write("GET / HTTP/1.1\r\nHost: aws\r\n\r\n");
    await new Promise((resolve) => caller.resume().on("close", resolve));
    expect(failure?.code).toBe(code);
    await new Promise((resolve) => server.close(resolve));
    expect(process.getActiveResourcesInfo()).not.toContain("TCPSocketWrap");
  });
});
