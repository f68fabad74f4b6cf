import { describe, expect, test } from "@jest/globals";

import { stagedRulePriorities } from "../../../scripts/core/environments/rule-priorities.ts";
import { permissions } from "../../../scripts/core/permissions/table.ts";
import { planScaling, type CurrentScaling } from "../../../scripts/core/scaling/plan-scaling.ts";
import type { WantedAutoscaling } from "../../../scripts/core/scaling/wanted.ts";
import {
  autoscalingSteps,
  planStage,
  type DesiredDeployment,
  type StageStep,
} from "../../../scripts/core/staged/plan-stage.ts";
import { choosePriority } from "../../../scripts/core/staged/priority.ts";
import { heldBack, ownAutoscalingTag } from "../../../scripts/core/staged/suspension.ts";
import { isSamePolicy, taskRoleOf } from "../../../scripts/core/staged/task-role.ts";
import { wishOf } from "../../../scripts/core/staged/wish.ts";
import { application, deployment, id } from "../../helpers/observed-application.ts";

const definition = {
  family: "ignored",
  networkMode: "awsvpc" as const,
  containerDefinitions: [{ name: "app", image: "app:1", portMappings: [{ containerPort: 80 }] }],
};
const role = taskRoleOf({
  environment: "test",
  application: "web",
  partition: "aws",
  region: "us-east-1",
  account: "123456789012",
  secretsPrefix: "/test/",
  boundaryArn: "arn:aws:iam::123456789012:policy/boundary",
});
const desired: DesiredDeployment = {
  id: id("b"),
  wish: wishOf("web", "test-web", definition, { serviceName: "web", desiredCount: 2 }),
  version: "1",
  role,
  desiredCount: 5,
  healthCheck: {
    path: "/",
    matcher: "200",
    intervalSeconds: 30,
    timeoutSeconds: 5,
    healthyThreshold: 2,
    unhealthyThreshold: 2,
  },
  drainDelaySeconds: 300,
  clientToken: "token",
};

function kinds(steps: readonly StageStep[]): readonly string[] {
  return steps.map(({ kind }) => kind);
}

describe("the plan of a staging", () => {
  test("makes the target group before anything else of the deployment, and the service behind its rule", () => {
    const observed = application([], { hostedZoneId: "Z1" });
    const { listener: _, ...without } = observed;
    const steps = planStage(without, { ...desired, listener: { port: 8080, protocol: "HTTP" } }, {});
    expect(kinds(steps)).toEqual([
      "createTaskRole",
      "registerTaskDefinition",
      "createListener",
      "createTargetGroup",
      "setDrainDelay",
      "createStageRule",
      "putRecord",
      "createService",
      "waitForDeployment",
      "waitForTargets",
      "markStaged",
    ]);
    for (const { work } of steps) expect(Object.keys(permissions)).toContain(work);
    const create = steps.find((step) => step.kind === "createService");
    expect(create?.input).toMatchObject({
      serviceName: `test-web-${id("b")}`,
      desiredCount: 5,
      loadBalancers: [{ containerName: "app", containerPort: 80 }],
    });
    expect(steps.find((step) => step.kind === "registerTaskDefinition")?.input.family).toBe("test-web");
  });

  test("leaves out what stands", () => {
    const observed = application([{ id: "b", staged: true, beingStaged: true }]);
    const standing = { deployment: deployment(observed, "b"), role: true };
    const steps = planStage(observed, { ...desired, revisionArn: "arn:revision" }, standing);
    expect(kinds(steps)).toEqual(["setDrainDelay", "waitForDeployment", "waitForTargets", "markStaged"]);
  });

  test("goes on with one whose service is still to be made", () => {
    const observed = application([{ id: "b", beingStaged: true, gone: true }]);
    const steps = planStage(
      observed,
      { ...desired, revisionArn: "arn:revision" },
      { deployment: deployment(observed, "b"), role: true },
    );
    expect(kinds(steps).slice(0, 3)).toEqual(["setDrainDelay", "createStageRule", "createService"]);
  });
});

describe("autoscaling of its own", () => {
  const wanted: WantedAutoscaling = {
    kind: "scaled",
    settings: { MinCapacity: 2, MaxCapacity: 6, SuspendedState: { DynamicScalingInSuspended: true } },
  };
  const own = (of: WantedAutoscaling, current?: CurrentScaling) => {
    const step = planScaling(heldBack(of), current);
    return { tag: ownAutoscalingTag(of), ...(step === undefined ? {} : { step }) };
  };
  const suspension = { dynamicScalingIn: true, dynamicScalingOut: true, scheduledScaling: true };
  const current = {
    target: { minCapacity: 2, maxCapacity: 6, suspension },
    plan: { policies: [], scheduledActions: [] },
  };

  test("is said by the target group from the first, and made once there is a service, all suspended", () => {
    const steps = planStage(application([]), { ...desired, ownAutoscaling: own(wanted) }, {});
    expect(kinds(steps).slice(-5)).toEqual([
      "createService",
      "setAutoscaling",
      "waitForDeployment",
      "waitForTargets",
      "markStaged",
    ]);
    const group = steps.find((step) => step.kind === "createTargetGroup");
    expect(group?.group.tags).toMatchObject({ "slipway:own-autoscaling": "in" });
    const set = steps.find((step) => step.kind === "setAutoscaling");
    expect(set?.target).toEqual({ minCapacity: 2, maxCapacity: 6, suspension });
    for (const { work } of steps) expect(Object.keys(permissions)).toContain(work);
  });

  test("is not made again where it is there", () => {
    const standing = deployment(application([{ id: "b", tags: { ownAutoscaling: "in" } }]), "b");
    expect(autoscalingSteps(standing, own(wanted, current))).toEqual([]);
  });

  test("is said before it is made, and until it is gone, where the templates have changed", () => {
    const none: WantedAutoscaling = { kind: "none" };
    const observed = application([{ id: "a" }, { id: "b", tags: { ownAutoscaling: "in" } }]);
    expect(kinds(autoscalingSteps(deployment(observed, "a"), own(wanted)))).toEqual([
      "tagAutoscaling",
      "setAutoscaling",
    ]);
    expect(kinds(autoscalingSteps(deployment(observed, "b"), own(none, current)))).toEqual([
      "removeAutoscaling",
      "tagAutoscaling",
    ]);
    expect(autoscalingSteps(deployment(observed, "b"), undefined)).toEqual([]);
  });
});

describe("a rule's priority", () => {
  test("is one of the band that nobody has, and another for another seed", () => {
    const band = { first: 1, last: 3 };
    const first = choosePriority(new Set(), band, "a") ?? 0;
    const second = choosePriority(new Set([first]), band, "a") ?? 0;
    const third = choosePriority(new Set([first, second]), band, "a") ?? 0;
    expect([first, second, third].sort()).toEqual([1, 2, 3]);
    expect(choosePriority(new Set([1, 2, 3]), band, "a")).toBeUndefined();
    const seeds = Array.from({ length: 100 }, (_, index) => `seed${index}`);
    const chosen = seeds.map((seed) => choosePriority(new Set(), stagedRulePriorities, seed));
    expect(new Set(chosen).size).toBeGreaterThan(95);
  });
});

describe("the role of an application's tasks", () => {
  test("reads the application's own parameters, within the boundary", () => {
    expect(role.arn).toBe("arn:aws:iam::123456789012:role/ecs/test_web_task");
    expect(role.role.boundaryArn).toBe("arn:aws:iam::123456789012:policy/boundary");
    expect(JSON.parse(role.policy)).toMatchObject({
      Statement: [
        {
          Effect: "Allow",
          Resource: [
            "arn:aws:ssm:us-east-1:123456789012:parameter/test/web",
            "arn:aws:ssm:us-east-1:123456789012:parameter/test/web/*",
          ],
        },
      ],
    });
  });

  test("has the same policy whatever the order of its members", () => {
    expect(isSamePolicy('{"a":1,"b":[1,2]}', '{"b":[1,2],"a":1}')).toBe(true);
    expect(isSamePolicy('{"a":1}', '{"a":2}')).toBe(false);
    expect(isSamePolicy("{", "{")).toBe(false);
  });
});

describe("what can be staged", () => {
  test("takes the only port there is, or the one that the template names", () => {
    expect(desired.wish).toMatchObject({
      entrance: { containerName: "app", containerPort: 80 },
      targetType: "ip",
    });
    const named = wishOf(
      "web",
      "test-web",
      { ...definition, networkMode: "bridge" },
      { serviceName: "web", loadBalancers: [{ containerName: "other", containerPort: 9000 }] },
    );
    expect(named).toMatchObject({
      entrance: { containerName: "other", containerPort: 9000 },
      targetType: "instance",
    });
  });

  test("is no service that says two ports and not which", () => {
    const two = {
      ...definition,
      containerDefinitions: [
        { name: "app", image: "app:1", portMappings: [{ containerPort: 80 }, { containerPort: 81 }] },
      ],
    };
    expect(() => wishOf("web", "test-web", two, { serviceName: "web" })).toThrow(/2 port mappings/);
  });
});
