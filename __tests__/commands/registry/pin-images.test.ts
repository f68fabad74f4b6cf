import { describe, expect, test } from "@jest/globals";

import { pinImages, pinSubject, type PinSubject } from "../../../scripts/commands/registry/pin-images.ts";
import type { Planned } from "../../../scripts/commands/rollout/job.ts";
import type { RunContext } from "../../../scripts/commands/run-context.ts";
import { parseEnvironments } from "../../../scripts/core/environments.ts";
import { AwsCallError } from "../../../scripts/core/errors.ts";
import type { DeploymentEventBody } from "../../../scripts/core/events.ts";
import type { EcrImage } from "../../../scripts/core/ports/ecr.ts";
import { withOneService } from "../../helpers/environments-file.ts";

const host = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
const arn = "arn:aws:ecs:us-east-1:123456789012:task-definition/web:1";

const subject: PinSubject = {
  serviceName: "web",
  cluster: "arn:aws:ecs:us-east-1:123456789012:cluster/test",
  brings: [`${host}/test/web:2`, "nginx:alpine"],
  running: [arn],
  isNew: true,
};

/** A run in an environment with a registry. Each repository has images 1 and 2; `denied` are those that take no tag. */
function run({ registry = {}, denied = [] }: { registry?: object | null; denied?: readonly string[] } = {}) {
  const text = withOneService("web", registry === null ? {} : { registry });
  const parsed = parseEnvironments(text);
  const pins: string[] = [];
  const events: DeploymentEventBody[] = [];
  const port = {
    pin: ({ repository, tag = "" }: EcrImage, tagFor: (digest: string) => string) => {
      if (denied.includes(tag)) {
        return Promise.reject(new AwsCallError("AccessDeniedException", "ecr:PutImage: not authorized"));
      }
      pins.push(`${repository}:${tag} ${tagFor(`sha256:${tag.padStart(16, "0")}ff`)}`);
      return Promise.resolve("");
    },
  };
  // Pinning takes nothing else of a run.
  const context = {
    region: "us-east-1",
    environment: parsed.ok ? parsed.environments.get("test") : undefined,
    connect: () => port,
    ecs: {
      describeTaskDefinition: () =>
        Promise.resolve({
          taskDefinition: { containerDefinitions: [{ image: `${host}/test/web:1` }] },
          tags: [],
        }),
    },
    emit: (event: DeploymentEventBody) => events.push(event),
  } as unknown as RunContext;
  return { context, pins, events };
}

/** A job's plan of these kinds of steps, for a service with a deployment under way and a task set. */
function planned(...kinds: readonly Planned["plan"]["steps"][number]["kind"][]): Planned {
  const revision = (number: number): string => arn.replace(/:1$/, `:${number}`);
  const service = {
    taskDefinition: revision(1),
    deployments: [{ taskDefinition: revision(2) }, { taskDefinition: revision(1) }],
    taskSets: [{ taskDefinition: revision(3) }],
  };
  // What pinning reads of a plan.
  return {
    job: { serviceName: "web", cluster: "test", images: () => ["web:4"] },
    observed: { service },
    plan: { steps: kinds.map((kind) => ({ kind })) },
  } as unknown as Planned;
}

describe("what a plan pins", () => {
  test.each([
    ["rolling and ECS's own", ["registerTaskDefinition", "updateService", "waitForDeployment"], true],
    ["CodeDeploy's", ["registerTaskDefinition", "createCodeDeployment", "waitForCodeDeployment"], true],
    ["a new service", ["createService", "waitForDeployment"], true],
    ["a rollback, a restart or another count", ["updateService", "waitForDeployment"], false],
    ["a rollback by CodeDeploy", ["createCodeDeployment", "waitForCodeDeployment"], false],
  ] as const)("of %s are the images that it brings and every revision that runs", (_, kinds, isNew) => {
    expect(pinSubject(planned(...kinds))).toEqual({
      serviceName: "web",
      cluster: "test",
      brings: ["web:4"],
      running: [arn, arn.replace(/:1$/, ":2"), arn.replace(/:1$/, ":3")],
      isNew,
    });
  });

  test("is nothing where no deployment begins", () => {
    expect(pinSubject(planned("waitForDeployment"))).toBeUndefined();
    expect(pinSubject(planned("stopDeployment", "waitForRollback"))).toBeUndefined();
  });
});

describe("before its first write a run", () => {
  test("pins what it brings and what runs, and leaves other registries alone", async () => {
    const { context, pins, events } = run();
    await pinImages([subject], { force: false }, context);
    expect(pins.toSorted()).toEqual([
      "test/web:1 slipway-live.test.web.0000000000000001",
      "test/web:2 slipway-live.test.web.0000000000000002",
    ]);
    expect(events).toEqual([]);
  });

  test("asks nothing where the environment has no registry", async () => {
    const { context, pins } = run({ registry: null });
    await pinImages([subject], { force: false }, context);
    expect(pins).toEqual([]);
  });

  test("pins for a cluster of another name apart from the environment's own", async () => {
    const { context, pins } = run();
    await pinImages([{ ...subject, cluster: "blue", running: [] }], { force: false }, context);
    expect(pins).toEqual([expect.stringMatching(/ slipway-live\.test_[0-9a-f]{7}\.web\.0{15}2$/)]);
  });
});

describe("an image that can't be pinned", () => {
  test("stops a run that brings it anew, with AWS's words and the way on", async () => {
    const { context } = run({ denied: ["2"] });
    const pinning = pinImages([subject], { force: false }, context);
    await expect(pinning).rejects.toThrow(AwsCallError);
    await expect(pinning).rejects.toThrow(
      /^Image test\/web:2 could not be pinned.*ecr:PutImage: not authorized\nNothing was changed\..*--force/s,
    );
  });

  test.each([
    ["by force", subject, { force: true }, "2"],
    ["to what ran before", { ...subject, isNew: false }, { force: false }, "2"],
    ["where only what runs has no pin", subject, { force: false }, "1"],
  ])("is told, and the run goes on %s", async (_, asked, options, denied) => {
    const { context, pins, events } = run({ denied: [denied] });
    await pinImages([asked], options, context);
    expect(pins).toHaveLength(1);
    expect(events).toEqual([
      {
        type: "warning",
        service: "web",
        message: expect.stringMatching(
          new RegExp(`^Image test/web:${denied} could not be pinned.* may expire`),
        ),
      },
    ]);
  });
});
