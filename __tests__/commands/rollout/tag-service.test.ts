import { describe, expect, test } from "@jest/globals";

import type { LockContext } from "../../../scripts/commands/lock/lock-all.ts";
import { tagService } from "../../../scripts/commands/rollout/tag-service.ts";
import { AwsCallError } from "../../../scripts/core/errors.ts";
import type { DeploymentEventBody } from "../../../scripts/core/events.ts";

const arn = "arn:aws:ecs:us-east-1:111122223333:service/test/api";
const tags = [{ key: "slipway:version", value: "2" }];

function surroundings(tag: (arn: string, tags: readonly unknown[]) => Promise<void>) {
  const events: DeploymentEventBody[] = [];
  const port: unknown = { tag };
  return {
    events,
    context: {
      connect: (() => port) as LockContext["connect"],
      emit: (event: DeploymentEventBody) => {
        events.push(event);
      },
    },
  };
}

describe("tagging a service", () => {
  test("sets the tags on its ARN, and calls nothing when there are none", async () => {
    const calls: unknown[] = [];
    const { context, events } = surroundings((...call) => Promise.resolve(void calls.push(call)));
    await tagService(arn, tags, context);
    await tagService(arn, [], context);
    expect(calls).toEqual([[arn, tags]]);
    expect(events).toEqual([]);
  });

  test("warns once, and fails nothing, when AWS refuses", async () => {
    const { context, events } = surroundings(() =>
      Promise.reject(new AwsCallError("AccessDeniedException", "ecs:TagResource: not authorized")),
    );
    await tagService(arn, tags, context);
    await tagService(arn, tags, context);
    expect(events).toEqual([
      { type: "warning", message: expect.stringContaining("ecs:TagResource: not authorized") },
    ]);
  });

  test("does not ask AWS about a service with an ARN of the old format, and says why", async () => {
    const { context, events } = surroundings(() => Promise.reject(new Error("not asked")));
    await tagService("arn:aws:ecs:us-east-1:111122223333:service/api", tags, context);
    expect(events).toEqual([{ type: "warning", message: expect.stringContaining("old format") }]);
  });
});
