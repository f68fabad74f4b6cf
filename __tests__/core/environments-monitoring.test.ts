import { describe, expect, test } from "@jest/globals";
import { parseEnvironments } from "../../scripts/core/environments.ts";
import { deployed, problemsOf, type Fields } from "../helpers/environments-file.ts";

const key = (region: string) => `arn:aws:kms:${region}:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

/** What is wrong, the environment's fields, where it is found and what is said. */
type Broken = readonly [title: string, fields: Fields, path: string, message: RegExp];

const broken: readonly Broken[] = [
  [
    "a key that is none",
    { encryptionKey: "mine" },
    ".encryptionKey",
    /"mine" is not allowed.*"own" makes one.*ARN/,
  ],
  [
    "an alias for a key",
    { encryptionKey: "arn:aws:kms:eu-west-1:123456789012:alias/logs" },
    ".encryptionKey",
    /is not allowed.*no alias/,
  ],
  [
    "a key of another Region",
    { encryptionKey: key("us-east-1") },
    ".encryptionKey",
    /The key is in us-east-1 and this environment in eu-west-1.*Name one of eu-west-1, or write "own"/,
  ],
  [
    "a listener that is neither an address nor an endpoint",
    { monitoring: { subscriptions: ["oncall"] } },
    ".monitoring.subscriptions[0]",
    /"oncall" is not allowed here.*oncall@example\.com.*https:/,
  ],
  [
    "an endpoint without encryption",
    { monitoring: { subscriptions: ["http://hooks.example.com"] } },
    ".monitoring.subscriptions[0]",
    /is not allowed here.*https:/,
  ],
  [
    "someone who is told twice",
    { monitoring: { subscriptions: ["a@example.com", "b@example.com", "a@example.com"] } },
    ".monitoring.subscriptions[2]",
    /"a@example\.com" stands here twice/,
  ],
  [
    "a time that logs cannot be kept for",
    { cluster: { ec2: null, exec: { logRetentionDays: 100 } } },
    ".cluster.exec.logRetentionDays",
    /100 is not allowed.*90, 120/,
  ],
  [
    "true for sessions, which have settings or are not there",
    { cluster: { ec2: null, exec: true } },
    ".cluster.exec",
    /true is not allowed here\. Sessions in containers.*false:/,
  ],
];

describe("an environment is refused that has", () => {
  test.each(broken)("%s", (_title, fields, path, message) => {
    const problems = problemsOf({ dev: deployed({}, fields) });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.path).toBe(`$.environments.dev${path}`);
    expect(problems[0]?.message).toMatch(message);
  });
});

test("an environment that says nothing of it logs its sessions, and has no key, topic or dashboard", () => {
  const parsed = parseEnvironments(JSON.stringify({ environments: { dev: deployed({}) } }));
  const dev = parsed.ok ? parsed.environments.get("dev") : undefined;
  expect(dev?.cluster.exec).toEqual({ logRetentionDays: 90 });
  expect([dev?.encryptionKey, dev?.monitoring]).toEqual([undefined, undefined]);
});

test("monitoring without further words is a topic and a dashboard, and multi-Region keys are taken", () => {
  const encryptionKey = "arn:aws:kms:eu-west-1:123456789012:key/mrk-1234abcd12ab34cd56ef1234567890ab";
  const environments = { dev: deployed({}, { monitoring: {}, encryptionKey }) };
  const parsed = parseEnvironments(JSON.stringify({ environments }));
  const dev = parsed.ok ? parsed.environments.get("dev") : undefined;
  expect(dev).toMatchObject({ monitoring: { subscriptions: [], dashboard: true }, encryptionKey });
});
