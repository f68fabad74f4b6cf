import type { DeploymentInfo, DeploymentTarget, LifecycleEvent } from "@aws-sdk/client-codedeploy";
import type { ServiceDeployment } from "@aws-sdk/client-ecs";
import { describe, expect, test } from "@jest/globals";

import { knownDeployment } from "../../scripts/core/code-deploy/model.ts";
import { codeDeployStatus } from "../../scripts/core/code-deploy/status.ts";
import { assembleStatus } from "../../scripts/core/status/assemble.ts";
import type { ServiceStatus } from "../../scripts/core/status/model.ts";
import { paintFor } from "../../scripts/terminal/paint.ts";
import { statusText } from "../../scripts/terminal/status-text.ts";
import { revisionArn, service } from "../helpers/ecs-json.ts";

const at = (minutes: number): Date => new Date(Date.UTC(2026, 0, 1, 3, minutes, 0));
const paint = paintFor({ isTTY: false }, true, {});
const textOf = (status: ServiceStatus): string =>
  statusText(status, { region: "us-east-1", now: at(30).getTime(), paint, columns: 240 });
const typed = (verb: string): string => `./deploy ${verb} nginx --env prod`;

const event = (name: string, status: string): LifecycleEvent => ({
  lifecycleEventName: name,
  // As AWS answers it.
  status: status as NonNullable<LifecycleEvent["status"]>,
  ...(status === "Succeeded" ? { endTime: at(10) } : {}),
});

function byCodeDeploy(
  info: Partial<DeploymentInfo>,
  events: readonly LifecycleEvent[],
  trafficWeight: number,
): ServiceStatus {
  const target: DeploymentTarget = {
    ecsTarget: {
      lifecycleEvents: [...events],
      taskSetsInfo: [
        { taskSetLabel: "Blue", trafficWeight: 100 - trafficWeight },
        { taskSetLabel: "Green", trafficWeight },
      ],
    },
  };
  const whole: DeploymentInfo = {
    deploymentId: "d-1",
    deploymentConfigName: "CodeDeployDefault.ECSCanary10Percent5Minutes",
    blueGreenDeploymentConfiguration: {
      deploymentReadyOption: { actionOnTimeout: "STOP_DEPLOYMENT", waitTimeInMinutes: 60 },
      terminateBlueInstancesOnDeploymentSuccess: { action: "TERMINATE", terminationWaitTimeInMinutes: 5 },
    },
    ...info,
  };
  const codeDeploy = codeDeployStatus(
    { application: "test", group: { deploymentGroupName: "nginx" } },
    [knownDeployment(whole, undefined, revisionArn("nginx:2"))],
    target,
  );
  const running = service({ deploymentController: { type: "CODE_DEPLOY" }, deployments: [] });
  return assembleStatus({ ...facts(running), ...(codeDeploy === undefined ? {} : { codeDeploy }) }, typed);
}

function facts(running: ReturnType<typeof service>) {
  return {
    service: running,
    cluster: "prod",
    revisions: [],
    tasks: [],
    stopped: [],
    hosts: [],
    targets: new Map(),
    unread: [],
  };
}

describe("the status of a service that CodeDeploy deploys", () => {
  const tested = [event("Install", "Succeeded"), event("AllowTestTraffic", "Succeeded")];

  test("tells that the deployment waits for approval, till when, and what to run", () => {
    const status = byCodeDeploy({ status: "Ready" }, [...tested, event("AllowTraffic", "Pending")], 0);
    expect(status).toMatchObject({
      codeDeploy: {
        id: "d-1",
        status: "Ready",
        revision: "nginx:2",
        underWay: true,
        stage: "AllowTestTraffic",
        stageStatus: "Succeeded",
        traffic: { production: 0, test: 100 },
        waitsForApproval: { until: at(70).toISOString() },
      },
      next: [
        { purpose: "let it go on", command: "./deploy activate nginx --env prod" },
        { purpose: "go back", command: "./deploy rollback nginx --env prod" },
      ],
    });
    const text = textOf(status);
    expect(text).toContain("CodeDeploy d-1 Ready nginx:2");
    expect(text).toContain("0 % of production, 100 % of test traffic on the new version");
    expect(text).toContain("paused: it waits for approval until 2026-01-01 04:10:00Z");
    expect(text).toContain("let it go on: ./deploy activate nginx --env prod");
  });

  test("tells the share that a canary has, and how to go back", () => {
    const status = byCodeDeploy(
      { status: "InProgress" },
      [...tested, event("AllowTraffic", "InProgress")],
      10,
    );
    expect(status.codeDeploy).toMatchObject({ stage: "AllowTraffic", traffic: { production: 10 } });
    expect(status.codeDeploy).not.toHaveProperty("waitsForApproval");
    expect(status.next.map(({ purpose }) => purpose)).toEqual(["go back"]);
  });

  test("tells how long the old tasks stay once all traffic has moved", () => {
    const status = byCodeDeploy(
      { status: "InProgress" },
      [...tested, event("AfterAllowTraffic", "Succeeded")],
      100,
    );
    expect(status.codeDeploy).toMatchObject({ oldTasksStay: { until: at(15).toISOString() } });
    expect(textOf(status)).toContain("all traffic has moved; the old tasks stay until 2026-01-01 03:15:00Z");
  });

  test("has nothing to run after the deployment, and says why it failed", () => {
    const over = byCodeDeploy({ status: "Succeeded" }, [], 100);
    expect(over).toMatchObject({ codeDeploy: { underWay: false, traffic: { production: 100 } }, next: [] });
    const errorInformation = { code: "ALARM_ACTIVE" as const, message: "alarm web-5xx rang" };
    expect(textOf(byCodeDeploy({ status: "Stopped", errorInformation }, [], 0))).toContain(
      ": alarm web-5xx rang",
    );
  });
});

describe("the status of a service whose traffic ECS shifts", () => {
  function native(serviceDeployment: Partial<ServiceDeployment>): ServiceStatus {
    const running = service({ deploymentConfiguration: { strategy: "CANARY" } });
    return assembleStatus(
      {
        ...facts(running),
        serviceDeployment: {
          deploymentConfiguration: { strategy: "CANARY" },
          sourceServiceRevisions: [{ arn: "arn:aws:ecs:us-east-1:1:service-revision/prod/nginx/1" }],
          targetServiceRevision: {
            arn: "arn:aws:ecs:us-east-1:1:service-revision/prod/nginx/2",
            requestedProductionTrafficWeight: 10,
            requestedTestTrafficWeight: 100,
          },
          ...serviceDeployment,
        },
      },
      typed,
    );
  }

  test("tells stage, traffic, that it is paused, and what to run", () => {
    const status = native({
      status: "IN_PROGRESS",
      lifecycleStage: "PRODUCTION_TRAFFIC_SHIFT",
      lifecycleHookDetails: [{ hookId: "h-1", status: "AWAITING_ACTION", expiresAt: at(40) }],
    });
    expect(status).toMatchObject({
      serviceDeployment: {
        lifecycleStage: "PRODUCTION_TRAFFIC_SHIFT",
        traffic: { production: 10, test: 100 },
        awaiting: [{ hookId: "h-1" }],
      },
      next: [
        { purpose: "let it go on", command: "./deploy activate nginx --env prod" },
        { purpose: "go back", command: "./deploy rollback nginx --env prod" },
      ],
    });
    const text = textOf(status);
    expect(text).toContain("stage PRODUCTION_TRAFFIC_SHIFT, 10 % of production, 100 % of test traffic");
    expect(text).toContain("paused: it waits for approval until 2026-01-01 03:40:00Z");
  });

  test("offers no way back from a first deployment", () => {
    const first = native({ status: "IN_PROGRESS", lifecycleStage: "SCALE_UP", sourceServiceRevisions: [] });
    expect(first.next).toEqual([]);
  });

  test("has a rollback waited for that is under way, and nothing to run once it is over", () => {
    const going = native({ status: "ROLLBACK_IN_PROGRESS", lifecycleStage: "CLEAN_UP" });
    expect(going.next).toEqual([
      { purpose: "wait for the rollback", command: "./deploy rollback nginx --env prod" },
    ]);
    expect(native({ status: "ROLLBACK_SUCCESSFUL" }).next).toEqual([]);
    expect(native({ status: "SUCCESSFUL" }).next).toEqual([]);
  });
});
