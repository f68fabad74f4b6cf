import type { Service } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";

import { planApproval } from "../../../scripts/core/code-deploy/approval.ts";
import { appSpecText } from "../../../scripts/core/code-deploy/app-spec.ts";
import { descriptionOf, originOf } from "../../../scripts/core/code-deploy/description.ts";
import { groupDifferences, groupSettings } from "../../../scripts/core/code-deploy/group.ts";
import { knownDeployment, type CodeDeployFacts } from "../../../scripts/core/code-deploy/model.ts";
import { planCodeDeployUpdate, type CodeDeployDesired } from "../../../scripts/core/code-deploy/plan.ts";
import { pastOf } from "../../../scripts/core/code-deploy/rollback.ts";
import type { GroupSettings } from "../../../scripts/core/code-deploy/steps.ts";
import { judgeCodeDeploy } from "../../../scripts/core/code-deploy/verdict.ts";
import type { UpdateServiceRequest } from "@aws-sdk/client-ecs";

const folder = "arn:aws:ecs:us-east-1:123456789012:task-definition/";
const groupArn = (name: string): string =>
  `arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/${name}/1`;
const definition = (image: string) => ({
  family: "web",
  containerDefinitions: [{ name: "web", image, memory: 64 }],
});
const registered = (image: string, number: number) => ({
  taskDefinition: {
    ...definition(image),
    revision: number,
    status: "ACTIVE" as const,
    taskDefinitionArn: `${folder}web:${number}`,
  },
  tags: [],
});
const service = (more: Partial<Service> = {}): Service => ({
  serviceName: "web",
  status: "ACTIVE",
  desiredCount: 2,
  deploymentController: { type: "CODE_DEPLOY" },
  taskDefinition: `${folder}web:1`,
  loadBalancers: [{ targetGroupArn: groupArn("green"), containerName: "web", containerPort: 80 }],
  taskSets: [
    {
      id: "ecs-svc/1",
      status: "PRIMARY",
      taskDefinition: `${folder}web:1`,
      stabilityStatus: "STEADY_STATE",
      runningCount: 2,
      pendingCount: 0,
      computedDesiredCount: 2,
      loadBalancers: [{ targetGroupArn: groupArn("green"), containerName: "web", containerPort: 80 }],
    },
  ],
  ...more,
});
const facts = (more: Partial<CodeDeployFacts> = {}): CodeDeployFacts => ({
  application: "test",
  group: {
    deploymentGroupName: "web",
    loadBalancerInfo: { targetGroupPairInfoList: [{ targetGroups: [{ name: "blue" }, { name: "green" }] }] },
  },
  ...more,
});
const desired = (
  image: string,
  input: UpdateServiceRequest = { service: "web" },
): CodeDeployDesired<UpdateServiceRequest> => ({
  serviceName: "web",
  cluster: "test",
  taskDefinition: definition(image),
  service: {
    loadBalancers: [{ targetGroupArn: groupArn("blue"), containerName: "web", containerPort: 80 }],
    ...input,
  },
  hooks: [],
});
const observed = (running = service()) => ({
  service: running,
  currentRevision: registered("web:1", 1),
  latestRevision: registered("web:1", 1),
});
const kinds = (plan: { readonly steps: readonly { readonly kind: string }[] }): readonly string[] =>
  plan.steps.map(({ kind }) => kind);

describe("the plan of an update under CODE_DEPLOY", () => {
  test("registers a new revision and has CodeDeploy deploy it", () => {
    const plan = planCodeDeployUpdate(observed(), desired("web:2"), facts());
    expect(kinds(plan)).toEqual(["registerTaskDefinition", "createCodeDeployment", "waitForCodeDeployment"]);
    expect(plan.steps[1]).toMatchObject({ application: "test", group: "web", replaces: "web:1" });
  });

  test("is nothing where the revision runs, whichever of the two target groups has the traffic", () => {
    expect(planCodeDeployUpdate(observed(), desired("web:1"), facts()).steps).toEqual([]);
  });

  test("changes by UpdateService what AWS changes by it, and waits until that is steady", () => {
    const plan = planCodeDeployUpdate(
      observed(),
      desired("web:1", { service: "web", desiredCount: 3 }),
      facts(),
    );
    expect(kinds(plan)).toEqual(["updateService", "waitUntilSteady"]);
    expect(plan.steps[0]).toMatchObject({ input: { cluster: "test", service: "web", desiredCount: 3 } });
  });

  test("brings a change of the network by a deployment of the same revision", () => {
    const network = { awsvpcConfiguration: { subnets: ["subnet-2"] } };
    const input = { service: "web", networkConfiguration: network };
    expect(kinds(planCodeDeployUpdate(observed(), desired("web:1", input), facts()))).toEqual([
      "createCodeDeployment",
      "waitForCodeDeployment",
    ]);
  });

  test("is refused for what AWS changes on no service of this kind", () => {
    const input = { service: "web", enableExecuteCommand: true };
    expect(() => planCodeDeployUpdate(observed(), desired("web:2", input), facts())).toThrow(
      /AWS changes enableExecuteCommand on no existing service of that kind/,
    );
  });

  test("waits for a deployment of just this that is under way", () => {
    const appSpec = appSpecText({
      taskDefinition: `${folder}web:2`,
      containerName: "web",
      containerPort: 80,
      hooks: [],
    });
    const underWay = knownDeployment(
      { deploymentId: "d-1", status: "InProgress" },
      appSpec,
      `${folder}web:2`,
    );
    const looked = { ...observed(), latestRevision: registered("web:2", 2) };
    const plan = planCodeDeployUpdate(looked, desired("web:2"), facts({ underWay }));
    expect(plan.steps).toMatchObject([{ kind: "waitForCodeDeployment", deploymentId: "d-1" }]);
    expect(() => planCodeDeployUpdate(looked, desired("web:3"), facts({ underWay }))).toThrow(
      /Deployment d-1 of web:2 is under way .* \.\/deploy rollback web/,
    );
  });

  test("is refused where it is unclear which container gets the traffic, or none does", () => {
    const two = [
      { targetGroupArn: groupArn("blue"), containerName: "web", containerPort: 80 },
      { targetGroupArn: groupArn("green"), containerName: "side", containerPort: 81 },
    ];
    expect(() =>
      planCodeDeployUpdate(observed(), desired("web:2", { service: "web", loadBalancers: two }), facts()),
    ).toThrow(
      /unclear which container gets the traffic of blue and green: loadBalancers names web:80 and side:81/,
    );
    const foreign = [{ targetGroupArn: groupArn("other"), containerName: "web", containerPort: 80 }];
    expect(() =>
      planCodeDeployUpdate(observed(), desired("web:2", { service: "web", loadBalancers: foreign }), facts()),
    ).toThrow(/none of its load balancers is of the deployment group's pair/);
  });
});

describe("a deployment group", () => {
  const settings = {
    deploymentConfig: "CodeDeployDefault.ECSAllAtOnce",
    approvalMinutes: 0,
    terminationMinutes: 5,
    loadBalancer: "external",
  } as const;
  const outputs = { application: "test", role: "arn", blue: "blue", green: "green", listener: "listener" };
  const address = { serviceName: "web", cluster: "test" };
  /** As AWS answers it, with more than was asked for. */
  const found = ({ autoScalingGroups: _, ...rest }: GroupSettings) => ({ ...rest, deploymentGroupId: "id" });

  test("is as the environments file and the stacks say, and changed where it differs alone", () => {
    const wanted = groupSettings(address, settings, outputs);
    expect(wanted).toBeDefined();
    if (wanted === undefined) return;
    expect(groupDifferences(wanted, found(wanted))).toEqual([]);
    const asks = groupSettings(address, { ...settings, approvalMinutes: 30 }, { ...outputs, alarms: "a,b" });
    expect(asks && groupDifferences(asks, found(wanted))).toEqual([
      "blueGreenDeploymentConfiguration",
      "alarmConfiguration",
    ]);
  });

  test("is not known while an output is missing", () => {
    expect(groupSettings(address, settings, { application: "test" })).toBeUndefined();
  });
});

describe("what a deployment of CodeDeploy says", () => {
  test("its description names the run and what it replaced", () => {
    const text = descriptionOf({ run: "0tov633q7kc8", replaces: "web:1" }, "update web to web:2");
    expect(originOf(text)).toEqual({ run: "0tov633q7kc8", replaces: "web:1" });
    expect(originOf("made in the console")).toBeUndefined();
    expect(descriptionOf({ run: "0tov633q7kc8" }, "x".repeat(600))).toHaveLength(512);
  });

  test("its failure is told in AWS's words, with the event that failed and its rollback", () => {
    const info = {
      status: "Failed" as const,
      errorInformation: { code: "HOOK_EXECUTION_FAILURE" as const, message: "One function failed." },
      rollbackInfo: { rollbackDeploymentId: "d-2" },
    };
    const lifecycleEvents = [
      {
        lifecycleEventName: "BeforeAllowTraffic",
        status: "Failed" as const,
        diagnostics: { message: "It timed out." },
      },
    ];
    expect(judgeCodeDeploy(info, { ecsTarget: { lifecycleEvents } })).toEqual({
      kind: "failed",
      reason: "One function failed. It timed out. (HOOK_EXECUTION_FAILURE at BeforeAllowTraffic)",
      rollback: { kind: "deployment", id: "d-2" },
    });
  });

  test("what ran before the first of them is what that one replaced", () => {
    const first = knownDeployment(
      {
        deploymentId: "d-1",
        status: "Succeeded",
        description: "slipway:0tov633q7kc8 replaces web:1; update",
      },
      undefined,
      `${folder}web:2`,
    );
    expect(pastOf([first])).toEqual([
      { taskDefinitionArn: `${folder}web:2`, succeeded: true },
      { taskDefinitionArn: `${folder}web:1`, succeeded: true },
    ]);
  });

  test("an approval is for one that waits, is over where that has succeeded, and else refused", () => {
    const asks = {
      deploymentReadyOption: { actionOnTimeout: "STOP_DEPLOYMENT" as const, waitTimeInMinutes: 9 },
    };
    const known = (status: "Ready" | "InProgress" | "Succeeded" | "Failed") =>
      knownDeployment(
        { deploymentId: "d-1", status, blueGreenDeploymentConfiguration: asks },
        undefined,
        undefined,
      );
    const plan = (status: Parameters<typeof known>[0]) =>
      planApproval(service(), { serviceName: "web", cluster: "test" }, known(status), undefined);
    expect(kinds(plan("Ready"))).toEqual(["approveCodeDeployment", "waitForCodeDeployment"]);
    expect(plan("Succeeded")).toMatchObject({ steps: [], nothingBecause: expect.stringContaining("d-1") });
    expect(() => plan("InProgress")).toThrow(/does not wait for approval yet/);
    expect(() => plan("Failed")).toThrow(
      /no deployment that waits for approval; the last one is d-1, which ended Failed/,
    );
  });
});
