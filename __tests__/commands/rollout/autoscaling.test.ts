import { describe, expect, test } from "@jest/globals";

import { suspendAutoscaling } from "../../../scripts/commands/rollout/autoscaling.ts";
import type { LockContext } from "../../../scripts/commands/lock/lock-all.ts";
import { AwsCallError, RefusedError } from "../../../scripts/core/errors.ts";
import type { DeploymentEventBody } from "../../../scripts/core/events.ts";
import type {
  AutoScalingPort,
  ScalableTarget,
  Suspension,
} from "../../../scripts/core/ports/auto-scaling.ts";

const none: Suspension = { dynamicScalingIn: false, dynamicScalingOut: false, scheduledScaling: false };
const all: Suspension = { dynamicScalingIn: true, dynamicScalingOut: true, scheduledScaling: true };
const scheduled: Suspension = { ...none, scheduledScaling: true };

const services = ["api", "web", "worker"].map((serviceName) => ({ serviceName, cluster: "test" }));

/** What happened, in order, with an Application Auto Scaling of these targets. */
function scene(targets: Readonly<Record<string, Suspension>>, overrides: Partial<AutoScalingPort> = {}) {
  const log: string[] = [];
  const events: DeploymentEventBody[] = [];
  const now = new Map(Object.entries(targets));
  const port: AutoScalingPort = {
    describeTargets: () =>
      Promise.resolve(
        new Map(
          [...now].map(([name, suspension]): [string, ScalableTarget] => [
            name,
            { minCapacity: 1, maxCapacity: 4, suspension },
          ]),
        ),
      ),
    suspend: (_cluster, service, suspension) => {
      log.push(`${service} ${JSON.stringify(Object.values(suspension))}`);
      now.set(service, suspension);
      return Promise.resolve();
    },
    ...overrides,
  };
  const connected: unknown = port;
  return {
    log,
    events,
    now,
    context: {
      region: "us-east-1",
      connect: (() => connected) as LockContext["connect"],
      emit: (event: DeploymentEventBody) => {
        events.push(event);
      },
    },
    held: {
      note: (key: string, { suspendedAutoscaling }: { suspendedAutoscaling?: Suspension }) => {
        log.push(`note ${key} ${JSON.stringify(Object.values(suspendedAutoscaling ?? {}))}`);
        return Promise.resolve();
      },
    },
  };
}

describe("suspended autoscaling", () => {
  test("is written into the lock before it is suspended, and becomes just what it was", async () => {
    const { context, held, log, now } = scene({ api: scheduled });
    const { resume } = await suspendAutoscaling(services, context, held);
    expect(log).toEqual(["note test/api [false,false,true]", "api [true,true,true]"]);
    await resume();
    expect(now.get("api")).toEqual(scheduled);
  });

  test("is left as it is where all of it was suspended before, and where there is none", async () => {
    const { context, held, log, events } = scene({ api: all });
    const { resume } = await suspendAutoscaling(services, context, held);
    await resume();
    expect({ log, events }).toEqual({ log: [], events: [] });
  });

  test("is resumed for all when it could not be suspended for one, and the run learns why", async () => {
    const { context, held, now } = scene({ api: none, web: none });
    const note = (key: string) =>
      key === "test/web" ? Promise.reject(new RefusedError("the lock is lost")) : held.note(key, {});
    await expect(suspendAutoscaling(services, context, { note })).rejects.toThrow("the lock is lost");
    expect([...now]).toEqual([
      ["api", none],
      ["web", none],
    ]);
  });

  test("is resumed as well where the answer to its suspension got lost", async () => {
    const world = scene({ api: none });
    let calls = 0;
    const suspend: AutoScalingPort["suspend"] = (_cluster, service, suspension) => {
      calls += 1;
      world.now.set(service, suspension);
      if (calls > 1) return Promise.resolve();
      return Promise.reject(new AwsCallError("TimeoutError", "no answer", { effectUnknown: true }));
    };
    const { context, held, now } = { ...scene({ api: none }, { suspend }), now: world.now };
    await expect(suspendAutoscaling(services, context, held)).rejects.toThrow(AwsCallError);
    expect(now.get("api")).toEqual(none);
  });

  test("is told, with the command that resumes it, where AWS does not let us", async () => {
    let calls = 0;
    const suspend: AutoScalingPort["suspend"] = () => {
      calls += 1;
      return calls === 1
        ? Promise.resolve()
        : Promise.reject(new AwsCallError("AccessDeniedException", "not authorized"));
    };
    const { context, held, events } = scene({ api: scheduled }, { suspend });
    const { resume } = await suspendAutoscaling(services, context, held);
    await resume();
    expect(events.at(-1)).toEqual({
      type: "warning",
      service: "api",
      message: [
        "Autoscaling is still suspended: not authorized",
        "  To resume it: aws application-autoscaling register-scalable-target --region us-east-1 --service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id service/test/api --suspended-state DynamicScalingInSuspended=false,DynamicScalingOutSuspended=false,ScheduledScalingSuspended=true",
      ].join("\n"),
    });
  });
});
