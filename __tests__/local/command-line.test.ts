import { describe, expect, test } from "@jest/globals";

import { parseCommandLine } from "../../scripts/local/cli/command-line.ts";
import { exportLines } from "../../scripts/local/cli/env.ts";
import { main } from "../../scripts/local/cli/main.ts";
import { statusText } from "../../scripts/local/cli/status-text.ts";
import { isSupported } from "../../scripts/local/moto/python.ts";

async function run(...args: string[]): Promise<{ code: number; result: string; progress: string }> {
  const lines = { result: "", progress: "" };
  const code = await main(args, {
    result: (text) => (lines.result += text),
    progress: (text) => (lines.progress += text),
  });
  return { code, ...lines };
}

describe("./local", () => {
  test("takes a command with its options, in either form", () => {
    expect(parseCommandLine(["start", "--port=5000", "--speed", "2.5", "--foreground"])).toMatchObject({
      command: "start",
      port: 5000,
      speed: 2.5,
      foreground: true,
    });
    expect(parseCommandLine(["logs", "-f"])).toMatchObject({ command: "logs", follow: true, port: 4566 });
  });

  test.each([
    [
      ["begin"],
      'There is no command "begin". The commands are: start, stop, status, logs, timeline, time, fault, env.',
    ],
    [["start", "--prot", "1"], "Unknown option '--prot'."],
    [["start", "--port", "70000"], '--port is "70000", but must be a whole number from 1 to 65535.'],
    [["start", "--speed", "fast"], '--speed is "fast", but must be a number from 0.1 to 10000.'],
    [["status", "--output", "xml"], '--output is "xml", but must be text or json.'],
    [["stop", "--speed", "5"], "--speed is no option of ./local stop."],
    [
      ["time", "stop"],
      '"./local time stop" is not understood. It is ./local time, ./local time hold, ./local time resume, ./local time step 90s or ./local time speed 4.',
    ],
    [
      ["time", "step", "soon"],
      '"soon" is no span of time. It is ./local time, ./local time hold, ./local time resume, ./local time step 90s or ./local time speed 4.',
    ],
    [
      ["fault", "add", "x"],
      '"x" is no kind of fault. It is ./local fault add <kind>, ./local fault list or ./local fault clear [<id>]; kinds: delay, throttle, error, reset, drop-after-effect.',
    ],
    [["fault", "add", "error", "--share", "2"], '--share is "2", but must be a number from 0.000001 to 1.'],
    [["time", "step", "40d"], "A step of 40d is too long; the longest is 31 days."],
    [["fault", "add", "delay"], "Kind delay needs --delay <ms>."],
    [["fault", "add", "reset", "--delay", "5"], "--delay goes with kind delay."],
    [["fault", "add", "reset", "--message", "x"], "--message goes with kinds throttle and error."],
    [["fault", "add", "reset", "--calls", "1", "--every", "2"], "--calls and --every exclude each other."],
    [["fault", "add", "reset", "--seed", "1"], "--seed goes with --share."],
    [["fault", "list", "--service", "ecs"], "--service is no option of ./local fault list."],
    [["fault", "clear", "--times", "1"], "--times is no option of ./local fault clear."],
    [
      ["timeline", "--type", "task,tusk"],
      '"tusk" is no type of the timeline; there are call, fault, throttled, time, task, service, deployment, service-event, service-deployment, task-set, codedeploy, target, traffic, alarm, host.',
    ],
    [["stop", "now"], '"now" is one argument too many after "stop".'],
  ])("refuses %j with one line and exit code 2", async (args, message) => {
    expect(await run(...args)).toEqual({ code: 2, result: "", progress: `${message} See ./local --help` });
  });

  test("prints its help on standard output, asked or not", async () => {
    const asked = await run("--help");
    expect(asked).toMatchObject({ code: 0, progress: "" });
    expect(asked.result).toContain("Usage: ./local <command>");
    expect(await run()).toEqual(asked);
  });
});

describe("the status", () => {
  const service = { name: "web", status: "ACTIVE", taskDefinition: "web:2", rolloutState: "IN_PROGRESS" };
  const counts = { desiredCount: 12, runningCount: 11, pendingCount: 1 };
  const cluster = (region: string) => ({
    region,
    name: "demo",
    hosts: 1,
    services: [{ ...service, ...counts }],
  });
  const task = (id: number, region = "us-east-1") => ({
    region,
    taskArn: `arn:aws:ecs:${region}:123456789012:task/demo/${id}`,
    group: "service:web",
    lastStatus: "RUNNING",
    desiredStatus: "RUNNING",
    taskDefinition: "arn:aws:ecs:us-east-1:123456789012:task-definition/web:2",
    urls: [`http://127.0.0.1:${40_000 + id}/`],
  });

  test("shows a service's tasks below it, each in its own Region, and counts those beyond ten", () => {
    const status = {
      endpoint: "http://127.0.0.1:4566",
      pid: 7,
      region: "us-east-1",
      speed: 20,
      held: false,
      throttle: false,
      enforceIam: false,
      docker: false,
      faults: [],
      moto: { version: "5.2.1", port: 5000 },
      listeners: [],
      clusters: [cluster("us-east-1"), cluster("eu-west-1")],
    };
    const many = Array.from({ length: 12 }, (_, index) => task(index));
    const lines = statusText(status, [...many, task(99, "eu-west-1")]).split("\n");
    expect(lines.slice(0, 6)).toEqual([
      "Endpoint http://127.0.0.1:4566 (process 7, speed 20, moto 5.2.1)",
      "Note: calls are not throttled",
      "No load balancer listens yet",
      "Cluster demo (us-east-1, 1 host)",
      "  web ACTIVE 11/12 running, 1 pending, web:2 IN_PROGRESS",
      "    0 RUNNING web:2 http://127.0.0.1:40000/",
    ]);
    expect(lines.slice(14)).toEqual([
      "    9 RUNNING web:2 http://127.0.0.1:40009/",
      "    and 2 more",
      "Cluster demo (eu-west-1, 1 host)",
      "  web ACTIVE 11/12 running, 1 pending, web:2 IN_PROGRESS",
      "    99 RUNNING web:2 http://127.0.0.1:40099/",
    ]);
  });
});

describe("export lines", () => {
  test("quote what a shell would take apart", () => {
    expect(exportLines({ PLAIN: "http://127.0.0.1:4566", ODD: "it's $HOME", EMPTY: "" })).toBe(
      "export PLAIN=http://127.0.0.1:4566\nexport ODD='it'\\''s $HOME'\nexport EMPTY=''\nunset AWS_PROFILE AWS_SESSION_TOKEN",
    );
  });
});

describe("moto's version", () => {
  test.each([
    ["5.0.9", false],
    ["5.1.0", true],
    ["5.2.1", true],
    ["6.0.0", false],
    ["4.9.0", false],
  ])("%s is supported: %s", (version, supported) => {
    expect(isSupported(version)).toBe(supported);
  });
});
