import { once } from "node:events";
import { Agent, request, type IncomingMessage } from "node:http";
import { connect, type Socket } from "node:net";
import path from "node:path";
import { createInterface } from "node:readline";

import { afterEach, describe, expect, test } from "@jest/globals";
import { execa } from "execa";

import { projectRoot } from "../../scripts/project-root.ts";

const server = path.join(projectRoot(), "examples", "hello", "server.js");

function start(variables: Record<string, string> = {}) {
  return execa(process.execPath, [server], {
    reject: false,
    extendEnv: false,
    stdin: "ignore",
    // What it is to end within; a test that hangs says so.
    timeout: 20_000,
    env: { PORT: "0", APP_VERSION: "1.4.2", ...variables },
  });
}

type Child = ReturnType<typeof start>;

describe("the example application", () => {
  const children: Child[] = [];
  const sockets: Socket[] = [];
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const child of children.splice(0)) {
      child.kill("SIGKILL");
      await child;
    }
  });

  async function started(variables?: Record<string, string>): Promise<{ child: Child; port: number }> {
    const child = start(variables);
    children.push(child);
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    return { child, port: Number(/port (\d+)$/.exec(line)?.[1]) };
  }
  function ask(
    port: number,
    route: string,
    { method = "GET", agent }: { method?: string; agent?: Agent } = {},
  ) {
    return new Promise<{ status: number; headers: IncomingMessage["headers"]; body: string }>(
      (resolve, reject) => {
        const asked = request({ host: "127.0.0.1", port, path: route, method, agent }, (response) => {
          let body = "";
          response.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
          response.once("end", () => {
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
          });
        });
        asked.once("error", reject).end();
      },
    );
  }
  interface Connection {
    readonly socket: Socket;
    /** What came since the last look, once the connection is closed. */
    readonly closed: Promise<string>;
    /** What has come since the last look. */
    next(): Promise<string>;
  }
  /** A connection on which one request was answered, so it has certainly reached the server behind it. */
  async function connected(port: number): Promise<Connection> {
    const socket = connect({ host: "127.0.0.1", port });
    sockets.push(socket);
    let text = "";
    const take = () => {
      const taken = text;
      text = "";
      return taken;
    };
    socket.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    const closed = once(socket, "close").then(take);
    const next = async () => {
      await once(socket, "data");
      return take();
    };
    socket.write("GET / HTTP/1.1\r\nhost: hello\r\n\r\n");
    expect(await next()).toContain("hello 1.4.2\n");
    return { socket, closed, next };
  }
  /** A connection on which a request has begun, whose body is still to come. */
  async function begun(port: number, route: string): Promise<Connection> {
    const connection = await connected(port);
    connection.socket.write(
      `GET ${route} HTTP/1.1\r\nhost: hello\r\ncontent-length: 4\r\nexpect: 100-continue\r\n\r\n`,
    );
    expect(await connection.next()).toBe("HTTP/1.1 100 Continue\r\n\r\n");
    return connection;
  }
  async function stopping(child: Child): Promise<void> {
    const line = once(createInterface(child.stdout), "line");
    child.kill("SIGTERM");
    expect(await line).toEqual(["SIGTERM: finishing what is under way"]);
  }

  test("tells its version at / and that it is well at /health, and knows nothing else", async () => {
    const { port } = await started();
    const root = await ask(port, "/");
    expect(root).toMatchObject({ status: 200, body: "hello 1.4.2\n" });
    expect(root.headers).toMatchObject({ "x-version": "1.4.2", "cache-control": "no-store" });
    expect(await ask(port, "/?from=test")).toMatchObject({ status: 200, body: "hello 1.4.2\n" });
    expect(await ask(port, "/health")).toMatchObject({ status: 200, body: "ok\n" });
    expect(await ask(port, "/health", { method: "HEAD" })).toMatchObject({ status: 200, body: "" });
    expect(await ask(port, "/elsewhere")).toMatchObject({ status: 404 });
    expect(await ask(port, "/", { method: "POST" })).toMatchObject({ status: 405 });
  });

  test("keeps idle connections for longer than a load balancer does", async () => {
    const { port } = await started();
    const agent = new Agent({ keepAlive: true });
    const { headers } = await ask(port, "/", { agent });
    agent.destroy();
    expect(headers["keep-alive"]).toBe("timeout=65");
  });

  test("finishes a request that is under way at SIGTERM, takes no other, and exits with 0", async () => {
    const { child, port } = await started();
    const idle = await connected(port);
    const { socket, closed } = await begun(port, "/");
    await stopping(child);
    // Reset where the system had taken the connection before the server stopped to.
    await expect(ask(port, "/")).rejects.toMatchObject({
      code: expect.stringMatching(/^ECONN(REFUSED|RESET)$/),
    });
    // Idle connections are closed without a word.
    expect(await idle.closed).toBe("");
    socket.write("late");
    const answer = await closed;
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer.toLowerCase()).toContain("\r\nconnection: close\r\n");
    expect(answer.endsWith("\r\n\r\nhello 1.4.2\n")).toBe(true);
    const { exitCode, stdout } = await child;
    expect({ exitCode, last: stdout.split("\n").at(-1) }).toEqual({ exitCode: 0, last: "stopped" });
  });

  test("answers 503 to a health check that is under way at SIGTERM", async () => {
    const { child, port } = await started();
    const { socket, closed } = await begun(port, "/health");
    await stopping(child);
    socket.write("late");
    expect(await closed).toMatch(/^HTTP\/1\.1 503 /);
    expect(await child).toMatchObject({ exitCode: 0 });
  });

  test("cuts a request off that does not end in time, says so, and exits with 1", async () => {
    const { child, port } = await started({ STOP_TIMEOUT_SECONDS: "1" });
    const { closed } = await begun(port, "/");
    child.kill("SIGTERM");
    expect(await closed).toBe("");
    const { exitCode, stderr } = await child;
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: "Requests still under way after 1 s were cut off.",
    });
  });

  test.each(["", "x", "65536", "-1", "80.5", "0x50"])(
    "refuses PORT=%j with what is allowed",
    async (port) => {
      const child = start({ PORT: port });
      children.push(child);
      expect(await child).toMatchObject({
        exitCode: 2,
        stdout: "",
        stderr: `PORT=${JSON.stringify(port)} is not a whole number from 0 to 65535.`,
      });
    },
  );

  test("says that a port is taken, and exits with 1", async () => {
    const { port } = await started();
    const second = start({ PORT: String(port) });
    children.push(second);
    const { exitCode, stderr } = await second;
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`Cannot listen on 127.0.0.1:${port}: `);
  });
});
