import { Agent, get, type RequestListener } from "node:http";
import { connect as connectHttp2, constants } from "node:http2";
import { get as getSecure } from "node:https";
import { readFileSync } from "node:fs";
import { connect, type AddressInfo } from "node:net";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { connect as connectTls } from "node:tls";

import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { generate } from "selfsigned";
import WebSocket, { WebSocketServer } from "ws";

import { ask, forwardTo, healthyTarget, TestBalancer } from "../helpers/load-balancer.ts";

let balancer: TestBalancer;

beforeEach(() => {
  balancer = new TestBalancer();
});
afterEach(() => balancer.close());

const fine: RequestListener = (request, response) => {
  request.resume();
  response.end("fine");
};

/** A target that answers when it is let. */
function heldBack() {
  const waiting: (() => void)[] = [];
  const arrivals: (() => void)[] = [];
  return {
    handle: ((request, response) => {
      request.resume();
      waiting.push(() => response.end("late"));
      for (const arrive of arrivals.splice(0)) arrive();
    }) satisfies RequestListener,
    arrival: () => new Promise<void>((resolve) => arrivals.push(resolve)),
    release: () => {
      for (const answer of waiting.splice(0)) answer();
    },
  };
}

const deregister = (target: string) =>
  balancer.change(({ elb }) => {
    const record = elb.targets["a"]?.[`${target}:80`];
    if (record) Object.assign(record, { state: "draining", drainedAt: 30_000 });
  });
const endOfDelay = (target: string) =>
  balancer.change(({ elb }) => {
    Reflect.deleteProperty(elb.targets["a"] ?? {}, `${target}:80`);
  });

/** A request that is under way to a target that has begun to drain. */
async function drainingUnderWay() {
  const late = heldBack();
  await balancer.group("a", ["one"], late.handle);
  const port = await balancer.listener({ rules: forwardTo({ a: 1 }) });
  const arrived = late.arrival();
  const answer = ask({ port });
  await arrived;
  await deregister("one");
  return { port, late, answer };
}

describe("a target that goes away", () => {
  test("finishes what is under way while it drains, and gets nothing new", async () => {
    const { port, late, answer } = await drainingUnderWay();
    expect((await ask({ port })).status).toBe(503);
    late.release();
    expect(await answer).toMatchObject({ status: 200, body: "late" });
  });

  test("answers 502 for what is still under way when the deregistration delay ends", async () => {
    const { answer } = await drainingUnderWay();
    await endOfDelay("one");
    expect(await answer).toMatchObject({ status: 502, headers: { server: "awselb/2.0" } });
  });

  test("fails no request by closing a connection of the pool, except one that may not be sent twice", async () => {
    const served = new WeakSet<object>();
    await balancer.group("a", ["one"], (request, response) => {
      request.resume();
      // As if it had closed the idle connection just before the request came.
      if (served.has(request.socket)) request.socket.destroy();
      else response.end("fine");
      served.add(request.socket);
    });
    const port = await balancer.listener({ rules: forwardTo({ a: 1 }) });
    expect((await ask({ port })).status).toBe(200);
    expect((await ask({ port })).status).toBe(200);
    const connections = new Set(balancer.seen.map(({ socket }) => socket));
    expect([balancer.seen.length, connections.size]).toEqual([3, 2]);
    expect((await ask({ port, method: "POST", body: "x" })).status).toBe(200);
    expect((await ask({ port, method: "POST", body: "x" })).status).toBe(502);
  });

  test("is 502 when nothing listens, and a cut answer when it dies in the middle of one", async () => {
    const [server] = await balancer.group("a", ["one"], (request, response) => {
      response.writeHead(200, { "content-length": 1000 });
      response.write("begin", () => request.socket.destroy());
    });
    const port = await balancer.listener({ rules: forwardTo({ a: 1 }) });
    await expect(ask({ port })).rejects.toMatchObject({ code: "ECONNRESET" });
    server?.close();
    server?.closeAllConnections();
    expect((await ask({ port })).status).toBe(502);
  });

  test("is 504 when it does not answer within the idle timeout", async () => {
    await balancer.group("a", ["one"], heldBack().handle);
    const port = await balancer.listener({ rules: forwardTo({ a: 1 }) });
    await balancer.attributes({ "idle_timeout.timeout_seconds": "0.05" });
    const answer = await ask({ port: balancer.portOf("listener") || port });
    expect(answer).toMatchObject({ status: 504, body: expect.stringContaining("504 Gateway Time-out") });
  });
});

describe("connections to targets", () => {
  test("are kept and used again, whatever the clients do with theirs", async () => {
    await balancer.group("a", ["one"], fine);
    const port = await balancer.listener({ rules: forwardTo({ a: 1 }) });
    for (let count = 0; count < 10; count += 1) {
      expect((await ask({ port })).headers.connection).toBe("close");
    }
    expect(new Set(balancer.seen.map(({ socket }) => socket)).size).toBe(1);
  });

  test("do not tell clients how long to keep theirs", async () => {
    await balancer.group("a", ["one"], fine);
    const port = await balancer.listener({ rules: forwardTo({ a: 1 }) });
    const agent = new Agent({ keepAlive: true });
    const answer = await ask({ port, agent });
    agent.destroy();
    expect(answer.headers).toMatchObject({ connection: "keep-alive" });
    expect(answer.headers["keep-alive"]).not.toBe("timeout=5");
  });

  test("speak TLS to a group of protocol HTTPS where its targets do", async () => {
    const { cert, key } = await balancer.authority.issue({ arn: "own", domainNames: ["inside"] });
    const { createServer } = await import("node:https");
    const secure = createServer({ cert, key }, (_request, response) => response.end("secret"));
    await new Promise<void>((resolve) => secure.listen(0, "127.0.0.1", resolve));
    const { port: securePort } = secure.address() as AddressInfo;
    await balancer.group("a", ["plain"], fine);
    balancer.setPort("secure", securePort);
    await balancer.change(({ elb }) => {
      const group = elb.targetGroups["a"];
      if (group) group.protocol = "HTTPS";
      elb.targets["a"] = { "plain:80": healthyTarget("plain"), "secure:80": healthyTarget("secure") };
    });
    const port = await balancer.listener({ rules: forwardTo({ a: 1 }) });
    const bodies = [(await ask({ port })).body, (await ask({ port })).body];
    secure.close();
    secure.closeAllConnections();
    expect(bodies.toSorted()).toEqual(["fine", "secret"]);
  });
});

describe("a WebSocket", () => {
  async function echo() {
    const [server] = await balancer.group("a", ["one"], fine);
    const sockets = new WebSocketServer({ noServer: true });
    server?.on("upgrade", (request, socket, head) => {
      sockets.handleUpgrade(request, socket, head, (connection) => {
        connection.on("message", (data: Buffer) => connection.send(`echo ${data.toString()}`));
      });
    });
    return balancer.listener({ rules: forwardTo({ a: 1 }) });
  }

  test("carries messages both ways, and is cut when its target's deregistration delay ends", async () => {
    const client = new WebSocket(`ws://127.0.0.1:${await echo()}/chat`);
    await once(client, "open");
    const answer = once(client, "message");
    client.send("hello");
    expect(String((await answer)[0])).toBe("echo hello");
    await deregister("one");
    const again = once(client, "message");
    client.send("still");
    expect(String((await again)[0])).toBe("echo still");
    const closed = once(client, "close");
    await endOfDelay("one");
    expect((await closed)[0]).toBe(1006);
  });

  test("that no target takes is answered as any request", async () => {
    const port = await echo();
    await balancer.change(({ elb }) => {
      elb.targets["a"] = {};
    });
    const client = new WebSocket(`ws://127.0.0.1:${port}/`);
    const [error] = (await once(client, "error")) as [Error];
    expect(error.message).toContain("503");
  });
});

describe("an HTTPS listener", () => {
  const certificates = [
    { arn: "main", domainNames: ["example.com"] },
    { arn: "wild", domainNames: ["*.example.org"] },
  ];

  test("shows the certificate for the name asked for, which the run's authority vouches for", async () => {
    await balancer.group("a", ["one"], fine);
    const port = await balancer.listener({ protocol: "HTTPS", certificates, rules: forwardTo({ a: 1 }) });
    const ca = readFileSync(balancer.authority.file);
    const subject = async (servername: string) => {
      const socket = connectTls({ host: "127.0.0.1", port, ca, servername });
      await once(socket, "secureConnect");
      const { CN } = socket.getPeerCertificate().subject;
      socket.destroy();
      return CN;
    };
    expect(await subject("shop.example.org")).toBe("*.example.org");
    expect(await subject("example.com")).toBe("example.com");
    expect(await subject("localhost")).toBe("example.com");
    expect(await subject("test.elb.amazonaws.com")).toBe("example.com");
    await expect(subject("elsewhere.net")).rejects.toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
  });

  test("answers over HTTP/1.1 and HTTP/2, and tells the target of TLS", async () => {
    await balancer.group("a", ["one"], fine);
    await balancer.attributes({ "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "true" });
    const port = await balancer.listener({
      protocol: "HTTPS",
      port: 443,
      certificates,
      rules: forwardTo({ a: 1 }),
    });
    const ca = readFileSync(balancer.authority.file);
    const answer = await new Promise<string>((resolve, reject) => {
      getSecure({ host: "127.0.0.1", port, ca, agent: false }, (message) => resolve(text(message))).once(
        "error",
        reject,
      );
    });
    expect(answer).toBe("fine");

    const session = connectHttp2(`https://localhost:${port}`, { ca });
    const stream = session.request({ ":path": "/two?x=1", ":method": "POST" });
    stream.end("body");
    const [headers] = (await once(stream, "response")) as [Record<string, unknown>];
    expect([headers[":status"], await text(stream)]).toEqual([200, "fine"]);
    session.close();
    expect(balancer.seen).toHaveLength(2);
    for (const { headers: got } of balancer.seen) {
      expect(got).toMatchObject({
        "x-forwarded-proto": "https",
        "x-forwarded-port": "443",
        "x-amzn-tls-version": "TLSv1.3",
      });
    }
    expect(balancer.seen[1]).toMatchObject({
      url: "/two?x=1",
      method: "POST",
      headers: { host: "localhost" },
    });
  });
});

describe("mutual TLS", () => {
  const certificates = [{ arn: "main", domainNames: ["example.com"] }];
  const signing = { keyType: "ec", curve: "P-256", algorithm: "sha256" } as const;
  const named = (value: string) => [{ name: "commonName", value }];

  /** Whether a listener that trusts an authority serves one who shows a certificate of `issuer`. */
  async function served(mode: "passthrough" | "verify", issuer: "trusted" | "stranger" | "none") {
    const authority = async (name: string) => {
      const { cert, private: key } = await generate(named(name), {
        ...signing,
        extensions: [{ name: "basicConstraints", cA: true, critical: true }],
      });
      return { cert, key };
    };
    const trusted = await authority("trusted");
    const ca = issuer === "trusted" ? trusted : await authority("stranger");
    const client = await generate(named("client"), { ...signing, ca });
    await balancer.group("a", ["one"], fine);
    await balancer.change(({ elb }) => {
      elb.trustStores["store"] = { arn: "store", name: "store", certificates: trusted.cert, tags: {} };
      elb.mutualAuthentication["listener"] = {
        mode,
        trustStoreArn: "store",
        ignoreClientCertificateExpiry: false,
      };
    });
    const port = await balancer.listener({ protocol: "HTTPS", certificates, rules: forwardTo({ a: 1 }) });
    const shown = issuer === "none" ? {} : { cert: client.cert, key: client.private };
    const options = {
      host: "127.0.0.1",
      port,
      ca: readFileSync(balancer.authority.file),
      agent: false,
      ...shown,
    };
    return new Promise<boolean>((resolve) => {
      getSecure(options, (message) => {
        message.resume();
        resolve(message.statusCode === 200);
      }).once("error", () => resolve(false));
    });
  }

  test.each([
    ["verify", "trusted", true],
    ["verify", "stranger", false],
    ["verify", "none", false],
    ["passthrough", "stranger", true],
    ["passthrough", "none", true],
  ] as const)(
    "in mode %s a client with a certificate of: %s, is served: %s",
    async (mode, issuer, outcome) => {
      expect(await served(mode, issuer)).toBe(outcome);
    },
  );
});

describe("a sticky session", () => {
  const cookiesOf = (setCookie: readonly string[] | undefined) =>
    (setCookie ?? []).map((line) => line.split(";")[0]).join("; ");
  const ten = Array.from({ length: 10 }, (_, index) => index);

  test("stays with its target by AWSALB, and moves on for good when that is not healthy", async () => {
    await balancer.group("a", ["one", "two"], fine, { "stickiness.enabled": "true" });
    const port = await balancer.listener({ rules: forwardTo({ a: 1 }) });
    const first = await ask({ port });
    const setCookie = first.headers["set-cookie"] ?? [];
    expect(
      setCookie.map((line) => line.replace(/=.*?;/, "=;").replace(/Expires=[^;]+/, "Expires=…")),
    ).toEqual(["AWSALB=; Expires=…; Path=/", "AWSALBCORS=; Expires=…; Path=/; SameSite=None"]);
    const headers = { cookie: cookiesOf(setCookie) };
    for (const _ of ten)
      expect((await ask({ port, headers })).headers["x-target"]).toBe(first.headers["x-target"]);

    const name = String(first.headers["x-target"]);
    await balancer.change(({ elb }) => {
      const target = elb.targets["a"]?.[`${name}:80`];
      if (target) target.state = "unhealthy";
    });
    const moved = await ask({ port, headers });
    expect(moved.headers["x-target"]).not.toBe(name);
    await balancer.change(({ elb }) => {
      const target = elb.targets["a"]?.[`${name}:80`];
      if (target) target.state = "healthy";
    });
    const after = { cookie: cookiesOf(moved.headers["set-cookie"]) };
    for (const _ of ten) expect((await ask({ port, headers: after })).headers["x-target"]).not.toBe(name);
  });

  test("ends with the cookie's duration, and a forged cookie is nothing", async () => {
    await balancer.group("a", ["one", "two"], fine, {
      "stickiness.enabled": "true",
      "stickiness.lb_cookie.duration_seconds": "0",
    });
    const port = await balancer.listener({ rules: forwardTo({ a: 1 }) });
    const first = await ask({ port });
    for (const cookie of [cookiesOf(first.headers["set-cookie"]), "AWSALB=YWJj; AWSALBCORS=YWJj"]) {
      const targets = [];
      for (const _ of ten) targets.push((await ask({ port, headers: { cookie } })).headers["x-target"]);
      expect(new Set(targets).size).toBe(2);
    }
  });

  test("stays with its target group by AWSALBTG even at weight 0, until the group leaves the rule", async () => {
    await balancer.group("a", ["one"], fine);
    await balancer.group("b", ["two"], fine);
    const port = await balancer.listener({ rules: forwardTo({ a: 1, b: 0 }, 60) });
    const first = await ask({ port });
    const headers = { cookie: cookiesOf(first.headers["set-cookie"]) };
    expect(headers.cookie).toMatch(/^AWSALBTG=.+; AWSALBTGCORS=/);
    await balancer.listener({ rules: forwardTo({ a: 0, b: 1 }, 60) });
    expect((await ask({ port })).headers["x-group"]).toBe("b");
    expect((await ask({ port, headers })).headers["x-group"]).toBe("a");
    await balancer.listener({ rules: forwardTo({ b: 1 }, 60) });
    expect((await ask({ port, headers })).headers["x-group"]).toBe("b");
  });

  test("follows the application's own cookie, and needs both of them", async () => {
    await balancer.group(
      "a",
      ["one", "two"],
      (_request, response) => response.setHeader("set-cookie", "session=7; Path=/").end(),
      {
        "stickiness.enabled": "true",
        "stickiness.type": "app_cookie",
        "stickiness.app_cookie.cookie_name": "session",
      },
    );
    const port = await balancer.listener({ rules: forwardTo({ a: 1 }) });
    const first = await ask({ port });
    const cookie = cookiesOf(first.headers["set-cookie"]);
    expect(cookie).toMatch(/^session=7; AWSALBAPP-0=/);
    const targetsWith = async (sent: string) => {
      const targets = [];
      for (const _ of ten) targets.push((await ask({ port, headers: { cookie: sent } })).headers["x-target"]);
      return new Set(targets);
    };
    expect(await targetsWith(cookie)).toEqual(new Set([first.headers["x-target"]]));
    expect((await targetsWith(cookie.replace("session=7; ", ""))).size).toBe(2);
  });
});

describe("the target of a request", () => {
  test("is the one with the fewest requests under way, where the group asks for that", async () => {
    const late = heldBack();
    await balancer.group("a", ["one", "two"], late.handle, {
      "load_balancing.algorithm.type": "least_outstanding_requests",
    });
    const port = await balancer.listener({ rules: forwardTo({ a: 1 }) });
    const answers = [];
    for (let count = 0; count < 6; count += 1) {
      const arrived = late.arrival();
      answers.push(ask({ port }));
      await arrived;
    }
    late.release();
    const targets = (await Promise.all(answers)).map(({ headers }) => headers["x-target"]);
    expect(targets.toSorted()).toEqual(["one", "one", "one", "two", "two", "two"]);
  });
});

describe("a request's headers", () => {
  const got = () => balancer.seen.at(-1)?.headers ?? {};
  async function open(attributes: Record<string, string>, port = 80) {
    await balancer.group("a", ["one"], fine);
    await balancer.attributes(attributes);
    return balancer.listener({ port, rules: forwardTo({ a: 1 }) });
  }

  test.each([
    ["append", "10.0.0.9, 127.0.0.1"],
    ["preserve", "10.0.0.9"],
    ["remove", undefined],
  ])("forward the client's address as the mode %s says", async (mode, expected) => {
    const port = await open({ "routing.http.xff_header_processing.mode": mode });
    await ask({ port, headers: { "x-forwarded-for": "10.0.0.9" } });
    expect(got()["x-forwarded-for"]).toBe(expected);
  });

  test("tell the client's port on request, and lose invalid names on request", async () => {
    const port = await open({
      "routing.http.xff_client_port.enabled": "true",
      "routing.http.drop_invalid_header_fields.enabled": "true",
    });
    await ask({ port, headers: { under_score: "1", "x-fine": "2" } });
    expect(got()["x-forwarded-for"]).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(got()).toMatchObject({ "x-fine": "2" });
    expect(got()).not.toHaveProperty("under_score");
  });

  test.each([
    [80, "false", "example.com:8080", "example.com"],
    [50_081, "false", "example.com", "example.com:50081"],
    [80, "true", "example.com:8080", "example.com:8080"],
  ])(
    "on port %d, preserving the host %s, make %s into %s",
    async (listenerPort, preserve, sent, expected) => {
      const port = await open({ "routing.http.preserve_host_header.enabled": preserve }, listenerPort);
      await ask({ port, headers: { host: sent } });
      expect(got().host).toBe(expected);
    },
  );

  test("keep the root of a trace and get a Self", async () => {
    const port = await open({});
    await ask({ port });
    expect(got()["x-amzn-trace-id"]).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    await ask({
      port,
      headers: { "x-amzn-trace-id": "Self=1-1-1;Root=1-67891233-abcdef012345678912345678;CalledFrom=app" },
    });
    expect(got()["x-amzn-trace-id"]).toMatch(
      /^Self=1-[0-9a-f]{8}-[0-9a-f]{24};Root=1-67891233-abcdef012345678912345678;CalledFrom=app$/,
    );
  });

  test("and URL are rewritten by the transforms of the rule", async () => {
    await balancer.group("a", ["one"], fine);
    const [rule] = forwardTo({ a: 1 });
    const transforms = [
      {
        Type: "url-rewrite" as const,
        UrlRewriteConfig: { Rewrites: [{ Regex: "^/old/(.*)$", Replace: "/new/$1" }] },
      },
      {
        Type: "host-header-rewrite" as const,
        HostHeaderRewriteConfig: { Rewrites: [{ Regex: "^(.+)\\.example\\.com$", Replace: "$1.inside" }] },
      },
    ];
    const port = await balancer.listener({ port: 80, rules: rule ? [{ ...rule, transforms }] : [] });
    await ask({ port, path: "/old/x?y=1", headers: { host: "shop.example.com" } });
    expect(balancer.seen.at(-1)).toMatchObject({ url: "/new/x?y=1", headers: { host: "shop.inside" } });
  });
});

describe("a request that a load balancer refuses", () => {
  test.each([
    ["a method TRACE", { method: "TRACE" }, 405],
    ["a URL of 17 KB", { path: `/${"x".repeat(17_000)}` }, 414],
    ["a header of 17 KB", { headers: { "x-long": "x".repeat(17_000) } }, 400],
    [
      "31 forwarded addresses",
      { headers: { "x-forwarded-for": Array(31).fill("10.0.0.1").join(", ") } },
      463,
    ],
  ])("for %s gets its status, and the target nothing", async (_what, options, status) => {
    await balancer.group("a", ["one"], fine);
    const port = await balancer.listener({ rules: forwardTo({ a: 1 }) });
    expect(await ask({ port, ...options })).toMatchObject({ status, headers: { server: "awselb/2.0" } });
    expect(balancer.seen).toEqual([]);
  });

  test.each([
    ["no HTTP at all", "hello\r\n\r\n", "400"],
    ["no host", "GET / HTTP/1.1\r\n\r\n", "400"],
    [
      "a transfer encoding that is not known",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
      "501",
    ],
  ])("for %s is answered on the connection", async (_what, bytes, status) => {
    const port = await balancer.listener({ rules: forwardTo({}) });
    const socket = connect({ host: "127.0.0.1", port });
    socket.write(bytes);
    const [answer] = (await once(socket, "data")) as [Buffer];
    socket.destroy();
    expect(answer.toString()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  });
});

describe("a listener", () => {
  const fixed = (StatusCode: string) => [
    {
      arn: "default",
      isDefault: true,
      priority: 0,
      conditions: [],
      actions: [{ Type: "fixed-response" as const, FixedResponseConfig: { StatusCode, MessageBody: "hi" } }],
    },
  ];

  test("moves when its port is changed, speaks TLS when its protocol is, and refuses when it is gone", async () => {
    const before = await balancer.listener({ port: 0, rules: fixed("200") });
    expect(await ask({ port: before })).toMatchObject({ status: 200, body: "hi" });
    const secure = await balancer.listener({ port: 0, protocol: "HTTPS", rules: fixed("200") });
    await expect(ask({ port: secure })).rejects.toMatchObject({ code: "ECONNRESET" });
    const moved = await balancer.listener({ port: 61_234, rules: fixed("202") });
    expect(await ask({ port: moved })).toMatchObject({ status: 202 });
    await balancer.change(({ elb }) => {
      elb.listeners = {};
    });
    await expect(ask({ port: moved })).rejects.toMatchObject({ code: "ECONNREFUSED" });
    expect(balancer.listeners.open()).toEqual([]);
  });

  test("lets a request that is under way finish when it goes", async () => {
    const late = heldBack();
    await balancer.group("a", ["one"], late.handle);
    const port = await balancer.listener({ rules: forwardTo({ a: 1 }) });
    const arrived = late.arrival();
    const answer = ask({ port });
    await arrived;
    await balancer.change(({ elb }) => {
      elb.listeners = {};
    });
    late.release();
    expect(await answer).toMatchObject({ status: 200 });
  });

  test("redirects with the parts of the request, and the listener's own port", async () => {
    const [rule] = fixed("200");
    const actions = [
      {
        Type: "redirect" as const,
        RedirectConfig: {
          Protocol: "HTTPS",
          Port: "443",
          Path: "/new/#{path}",
          StatusCode: "HTTP_301" as const,
        },
      },
    ];
    const port = await balancer.listener({ rules: rule ? [{ ...rule, actions }] : [] });
    const answer = await ask({ port, path: "/a/b?c=d", headers: { host: "shop.example.com:8080" } });
    expect([answer.status, answer.headers.location]).toEqual([
      301,
      "https://shop.example.com:443/new/a/b?c=d",
    ]);
  });

  test("answers an upgrade that is no WebSocket as a plain request", async () => {
    await balancer.group("a", ["one"], fine);
    const port = await balancer.listener({ rules: forwardTo({ a: 1 }) });
    const answer = await ask({ port, headers: { connection: "Upgrade, HTTP2-Settings", upgrade: "h2c" } });
    expect([answer.status, answer.body]).toEqual([200, "fine"]);
  });
});

describe("a client that goes away", () => {
  test("takes its request to the target with it", async () => {
    const late = heldBack();
    const closed = new Promise<void>((resolve) => {
      void balancer.group("a", ["one"], (request, response) => {
        response.once("close", resolve);
        late.handle(request, response);
      });
    });
    const port = await balancer.listener({ rules: forwardTo({ a: 1 }) });
    const arrived = late.arrival();
    const request = get({ host: "127.0.0.1", port, agent: false });
    request.once("error", () => undefined);
    await arrived;
    request.destroy();
    await closed;
    expect(balancer.seen).toHaveLength(1);
  });

  test.each(["before", "during"])("over HTTP/2 does so as well, %s the answer", async (when) => {
    const closed = new Promise<boolean>((resolve) => {
      void balancer.group("a", ["one"], (_request, response) => {
        response.once("close", () => resolve(response.writableFinished));
        if (when === "during") response.write("some of it");
      });
    });
    const certificates = [{ arn: "main", domainNames: ["localhost"] }];
    const port = await balancer.listener({ protocol: "HTTPS", certificates, rules: forwardTo({ a: 1 }) });
    const session = connectHttp2(`https://localhost:${port}`, { ca: readFileSync(balancer.authority.file) });
    const stream = session.request({ ":path": "/" });
    stream.on("error", () => undefined);
    if (when === "during") await once(stream, "data");
    else while (balancer.seen.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    stream.close(constants.NGHTTP2_CANCEL);
    expect(await closed).toBe(false);
    session.close();
  });
});

describe("a request line", () => {
  test.each([
    ["http://elsewhere/a//b?c=//d&e=f?g", "/a//b?c=//d&e=f?g"],
    ["http://elsewhere?x", "/?x"],
    ["//a/%2F/../b", "//a/%2F/../b"],
    ["/?u=http://x//y", "/?u=http://x//y"],
  ])("that asks for %s arrives as %s", async (asked, arrives) => {
    await balancer.group("a", ["one"], fine);
    const port = await balancer.listener({ rules: forwardTo({ a: 1 }) });
    expect(await ask({ port, path: asked })).toMatchObject({ status: 200 });
    expect(balancer.seen.map(({ url }) => url)).toEqual([arrives]);
  });

  test("that asks for no path is a bad request", async () => {
    await balancer.group("a", ["one"], fine);
    const port = await balancer.listener({ rules: forwardTo({ a: 1 }) });
    expect(await ask({ port, method: "OPTIONS", path: "*" })).toMatchObject({ status: 400 });
    expect(balancer.seen).toEqual([]);
  });
});
