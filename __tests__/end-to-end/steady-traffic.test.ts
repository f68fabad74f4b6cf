import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";

import { afterEach, describe, expect, test } from "@jest/globals";

import { expectNoneLost, steadyTraffic, stopAllTraffic } from "../helpers/steady-traffic.ts";

/** What it measures with has to be seen to fail, or its zeros mean nothing. */
describe("the traffic of the deployment tests", () => {
  const servers: Server[] = [];
  afterEach(async () => {
    for (const server of servers) server.closeAllConnections();
    await stopAllTraffic();
    for (const server of servers.splice(0)) server.close();
  });
  async function serve(handle: RequestListener): Promise<{ url: string; connections: Socket[] }> {
    const connections: Socket[] = [];
    const server = createServer(handle).on("connection", (socket) => connections.push(socket));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, connections };
  }

  test("reaches 200 requests a second over kept connections and new ones, with its host", async () => {
    const hosts = new Set<string | undefined>();
    const { url, connections } = await serve((request, response) => {
      hosts.add(request.headers.host);
      response.setHeader("x-image", "hello:1").end("hello:1");
    });
    const traffic = steadyTraffic({ url, host: "hello.example.com" });
    await traffic.more(440);
    const report = await traffic.stop();
    expectNoneLost(report);
    expect([...hosts]).toEqual(["hello.example.com"]);
    expect(report.versions).toEqual({ "hello:1": report.samples.length });
    const fresh = report.samples.filter((sample) => sample.fresh).length;
    expect(fresh).toBe(Math.floor(report.samples.length / 10));
    // The rest shares a few.
    expect(connections.length).toBeGreaterThan(fresh);
    expect(connections.length).toBeLessThan(fresh + 100);
    expect(report.share("hello:1", 0, report.durationMs)).toBe(1);
  });

  test("says what it reached where that is less than was asked for", async () => {
    const { url } = await serve((_request, response) => response.end());
    const traffic = steadyTraffic({ url, rate: 50 });
    await traffic.more(50);
    const report = await traffic.stop();
    expect(report.rate).toBeLessThan(60);
    expect(() => expectNoneLost(report)).toThrow("200");
  });

  test("sees one failed request among hundreds, by its status or by its broken connection", async () => {
    let count = 0;
    const { url } = await serve((request, response) => {
      count += 1;
      if (count === 150) request.socket.destroy();
      else response.writeHead(count === 100 ? 502 : 200, { "x-image": "hello:1" }).end("fine");
    });
    const traffic = steadyTraffic({ url });
    await traffic.more(300);
    const report = await traffic.stop();
    expect(report.failed).toHaveLength(2);
    expect(report.failed).toMatchObject([{ status: 502, version: "hello:1" }, { error: "socket hang up" }]);
    expect(() => expectNoneLost(report)).toThrow("502");
  });

  test("sees an answer by the wrong version after a moment, on a kept connection too", async () => {
    let answer: (fresh: boolean) => string = () => "hello:1";
    const { url } = await serve((request, response) => {
      response.setHeader("x-image", answer(request.headers.connection === "close")).end("fine");
    });
    const traffic = steadyTraffic({ url });
    await traffic.more(100);
    answer = () => "hello:2";
    await traffic.until((report) => report.by("hello:2").length > 100);
    const moment = traffic.now();
    await traffic.more(100);
    expect(traffic.soFar().answeredAfter("hello:1", moment)).toEqual([]);
    expect(traffic.soFar().share("hello:1", moment, traffic.now())).toBe(0);

    // One kept connection still leads to the old version.
    let left = 1;
    answer = (fresh) => (!fresh && left-- > 0 ? "hello:1" : "hello:2");
    await traffic.more(100);
    const report = await traffic.stop();
    expect(report.answeredAfter("hello:1", moment)).toMatchObject([{ fresh: false, version: "hello:1" }]);
    expect(report.share("hello:1", 0, moment)).toBeGreaterThan(0);
    expect(report.failed).toEqual([]);
  });

  test("sees requests that never end, also those whose answer never gets whole", async () => {
    let stalled = 0;
    const { url } = await serve((_request, response) => {
      stalled += 1;
      if (stalled > 20) response.end("fine");
      else if (stalled % 2 === 0) {
        response.write("a drop");
        const dropping = setInterval(() => response.write("a drop"), 20);
        response.once("close", () => clearInterval(dropping));
      }
    });
    const traffic = steadyTraffic({ url, timeoutMs: 300 });
    await traffic.more(200);
    const report = await traffic.stop();
    expect(report.failed).toHaveLength(20);
    expect(new Set(report.failed.map(({ error }) => error))).toEqual(new Set(["no answer in time"]));
    for (const { sentAt, endedAt } of report.failed) expect(endedAt - sentAt).toBeGreaterThanOrEqual(299);
  });

  test("counts requests that were under way when it was stopped", async () => {
    const { url } = await serve(() => undefined);
    const traffic = steadyTraffic({ url, timeoutMs: 500 });
    await new Promise((resolve) => servers[0]?.once("request", resolve));
    const report = await traffic.stop();
    expect(report.samples.length).toBeGreaterThan(0);
    expect(report.failed).toHaveLength(report.samples.length);
  });
});
