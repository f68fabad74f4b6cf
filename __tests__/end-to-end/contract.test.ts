/**
 * The contract suite, one test a case: how AWS behaves, proved through the SDK. It runs against a local AWS of its own;
 * SLIPWAY_CONTRACT_TARGET points it at an endpoint, or at a real account. See docs/contract-suite.md.
 */
import * as codeDeploy from "@aws-sdk/client-codedeploy";
import * as ecs from "@aws-sdk/client-ecs";
import * as elb from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { operations as codeDeployOperations } from "../../scripts/local/codedeploy/api/operations.ts";
import { operations as ecsOperations } from "../../scripts/local/ecs/api/operations.ts";
import { allCases } from "../contract/all-cases.ts";
import { losses } from "../contract/suite/lossless.ts";
import type { Recorded } from "../contract/suite/recorder.ts";
import { choose, runCases, type Outcome } from "../contract/suite/run.ts";
import { openTarget } from "../contract/suite/target.ts";
import { resultOf } from "../contract/suite/xml.ts";

const minute = 60_000;
const target = await openTarget(process.env["SLIPWAY_CONTRACT_TARGET"]);
const { chosen, left } = choose(allCases, target);

let outcomes: ReadonlyMap<string, Outcome>;
let answers: readonly Recorded[];

beforeAll(
  async () => {
    // Side by side, which takes a fraction of the time that one after the other would.
    const ran = await runCases(chosen, target);
    outcomes = ran.outcomes;
    answers = ran.answers;
    const notes = [
      `${chosen.length} cases ran against ${target.endpoint ?? `AWS in ${target.region}`}.`,
      ...left.map(({ id, reason }) => `Not run: ${id}: ${reason}.`),
      ...(target.kind === "aws" ? ran.left.map((message) => `Left behind: ${message}`) : []),
    ];
    process.stderr.write(`${notes.join("\n")}\n`);
  },
  target.kind === "local" ? 4 * minute : 180 * minute,
);

afterAll(() => target.close());

describe("AWS and the local AWS agree:", () => {
  test.each(chosen.map(({ id, title }) => [title, id] as const))("%s (%s)", (_title, id) => {
    const outcome = outcomes.get(id);
    expect(outcome).toBeDefined();
    if (outcome?.error !== undefined) throw outcome.error as Error;
  });
});

/** The schema of an operation's output, as the SDK has it: an operation's own is `[9, namespace, name, traits, input, output]`. */
function outputSchema({ service, operation }: Pick<Recorded, "service" | "operation">): unknown {
  const sdk: Readonly<Record<string, unknown>> = { ecs, elb, codedeploy: codeDeploy }[service];
  return (sdk[`${operation}$`] as readonly unknown[])[5];
}

const whole = target.kind === "local" && process.env["SLIPWAY_CONTRACT_ONLY"] === undefined;

/** Without a Session Manager this is refused in every case, so there is no answer to lose anything of. */
const neverAnswers = new Set(["ExecuteCommand"]);

/** Of Elastic Load Balancing only these are the local AWS's own; moto answers the others. */
const targetOperations = ["RegisterTargets", "DeregisterTargets", "DescribeTargetHealth"];

const own = [
  ...[...ecsOperations.keys()].map((operation) => ({ service: "ecs", operation })),
  ...[...codeDeployOperations.keys()].map((operation) => ({ service: "codedeploy", operation })),
  ...targetOperations.map((operation) => ({ service: "elb", operation })),
];

/** A part of the suite calls a part of the operations, and another endpoint may have others. */
const operations = whole ? own.filter(({ operation }) => !neverAnswers.has(operation)) : [];

/** What an answer said, as JSON would have it. */
function wireOf({ service, operation, body }: Recorded): unknown {
  if (service === "elb") return resultOf(body, operation, outputSchema({ service, operation }));
  return body === "" ? {} : JSON.parse(body);
}

describe("through the AWS SDK the answers lose nothing", () => {
  for (const { service, operation } of operations)
    test(`of ${operation} (${service}), which a case calls`, () => {
      const found = answers.filter((answer) => answer.service === service && answer.operation === operation);
      expect(found.length).toBeGreaterThan(0);
    });

  test("in any answer that any case got", () => {
    const found = answers
      .filter(({ service, operation }) => service !== "elb" || targetOperations.includes(operation))
      .flatMap((answer) => losses(outputSchema(answer), wireOf(answer), answer.output, answer.operation));
    expect([...new Set(found.map((line) => line.replace(/\[\d+\]/g, "[]")))].slice(0, 40)).toEqual([]);
  });
});
