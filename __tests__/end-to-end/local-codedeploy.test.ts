import { writeFile } from "node:fs/promises";
import path from "node:path";

import {
  CodeDeployClient,
  CreateDeploymentCommand,
  GetDeploymentCommand,
  GetDeploymentTargetCommand,
  PutLifecycleEventHookExecutionStatusCommand,
  StopDeploymentCommand,
  waitUntilDeploymentSuccessful,
  type LifecycleEventStatus,
  type RevisionLocation,
} from "@aws-sdk/client-codedeploy";
import { DescribeServicesCommand } from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { execa } from "execa";

import { startLocalForTests, type LocalForTests } from "../helpers/local-for-tests.ts";
import { appSpec } from "../helpers/local-codedeploy.ts";
import { createCodeDeployEnvironment, registerImage } from "../helpers/local-codedeploy-environment.ts";
import { clientsFor, serviceUntil, urlOfPort, type Clients } from "../helpers/local-infrastructure.ts";

jest.setTimeout(90_000);

let local: LocalForTests;
let clients: Clients;
let codeDeploy: CodeDeployClient;
let url: string;
let testUrl: string;
/** What the production and the test listener answered as the hook was called. */
let seenByHook: string[] = [];
let verdict: "Succeeded" | "Failed" = "Succeeded";

beforeAll(async () => {
  local = await startLocalForTests({ speed: 200, hooks: { judge } });
  clients = clientsFor(local);
  codeDeploy = new CodeDeployClient({
    endpoint: local.endpoint,
    region: local.region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
  await createCodeDeployEnvironment(local, clients, codeDeploy);
  url = await urlOfPort(local, 80);
  testUrl = await urlOfPort(local, 8080);
});

afterAll(async () => {
  clients.destroy();
  codeDeploy.destroy();
  await local.stop();
});

/** The Lambda function of the tests: looks at both listeners, then calls back. */
async function judge(event: unknown): Promise<void> {
  const { DeploymentId, LifecycleEventHookExecutionId } = event as Record<string, string>;
  seenByHook = [await image(url), await image(testUrl)];
  await codeDeploy.send(
    new PutLifecycleEventHookExecutionStatusCommand({
      deploymentId: DeploymentId,
      lifecycleEventHookExecutionId: LifecycleEventHookExecutionId,
      status: verdict,
    }),
  );
}

async function image(address: string): Promise<string> {
  const response = await fetch(address, { headers: { connection: "close" } });
  const [first = ""] = (await response.text()).split("\n");
  return response.status === 200 ? first : `status ${response.status}`;
}

async function revisionOf(
  reference: string,
  hooks: Record<string, string>[] = [],
): Promise<RevisionLocation> {
  const content = JSON.stringify(appSpec(await registerImage(clients, reference), hooks));
  return { revisionType: "AppSpecContent", appSpecContent: { content } };
}

async function deploy(revision: RevisionLocation, deploymentConfigName?: string): Promise<string> {
  const { deploymentId = "" } = await codeDeploy.send(
    new CreateDeploymentCommand({
      applicationName: "app",
      deploymentGroupName: "group",
      revision,
      deploymentConfigName,
    }),
  );
  return deploymentId;
}

async function statusUntil(deploymentId: string, wanted: readonly string[]): Promise<string> {
  for (const until = Date.now() + 60_000; ;) {
    const { deploymentInfo } = await codeDeploy.send(new GetDeploymentCommand({ deploymentId }));
    const status = deploymentInfo?.status ?? "";
    if (wanted.includes(status)) return status;
    if (Date.now() > until) throw new Error(`Deployment ${deploymentId} is still ${status}.`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Requests the production listener in a loop for as long as something takes. */
async function requestDuring<Result>(
  work: Promise<Result>,
): Promise<{ result: Result; answers: Set<string> }> {
  const progress = { over: false };
  const finished = work.finally(() => (progress.over = true));
  const answers = new Set<string>();
  for (let count = 0; count < 20_000 && !progress.over; count += 1) {
    answers.add(await image(url));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return { result: await finished, answers };
}

async function eventsOf(deploymentId: string): Promise<Record<string, LifecycleEventStatus | undefined>> {
  const { deploymentTarget } = await codeDeploy.send(
    new GetDeploymentTargetCommand({ deploymentId, targetId: "test:web" }),
  );
  const events = deploymentTarget?.ecsTarget?.lifecycleEvents ?? [];
  return Object.fromEntries(
    events.map(({ lifecycleEventName = "", status }) => [lifecycleEventName, status]),
  );
}

/** Runs the AWS CLI as anybody would. */
function awsCli(...args: string[]) {
  return execa("aws", args, {
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: local.directory,
      AWS_DEFAULT_REGION: local.region,
      AWS_ENDPOINT_URL: local.endpoint,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
    },
    extendEnv: false,
  });
}

describe("a service under CODE_DEPLOY", () => {
  test("takes a linear deployment without a failed request, judged by a function on the test listener", async () => {
    const before = await image(url);
    const revision = await revisionOf("nginx:2", [{ AfterAllowTestTraffic: "judge" }]);
    const deploymentId = await deploy(revision, "CodeDeployDefault.ECSLinear10PercentEvery1Minutes");
    const waiter = waitUntilDeploymentSuccessful(
      { client: codeDeploy, maxWaitTime: 60, minDelay: 1, maxDelay: 1 },
      { deploymentId },
    );
    const { result, answers } = await requestDuring(waiter);
    expect(result.state).toBe("SUCCESS");
    expect([...answers].toSorted()).toEqual([before, "nginx:2"].toSorted());
    expect(seenByHook).toEqual([before, "nginx:2"]);
    expect(new Set(Object.values(await eventsOf(deploymentId)))).toEqual(new Set(["Succeeded"]));
    const { answers: after } = await requestDuring(
      serviceUntil(clients, "web", ({ taskSets = [] }) => taskSets.length === 1),
    );
    expect([...after]).toEqual(["nginx:2"]);
  });

  test("keeps the old version when the function finds fault, and rolls back by a deployment of its own", async () => {
    verdict = "Failed";
    const before = await image(url);
    const deploymentId = await deploy(await revisionOf("nginx:3", [{ BeforeAllowTraffic: "judge" }]));
    const { result, answers } = await requestDuring(statusUntil(deploymentId, ["Failed", "Succeeded"]));
    expect(result).toBe("Failed");
    const { deploymentInfo } = await codeDeploy.send(new GetDeploymentCommand({ deploymentId }));
    expect(deploymentInfo?.errorInformation?.code).toBe("HOOK_EXECUTION_FAILURE");
    await statusUntil(deploymentInfo?.rollbackInfo?.rollbackDeploymentId ?? "", ["Succeeded"]);
    expect([...answers, await image(url), await image(testUrl)]).toEqual([before, before, before]);
    verdict = "Succeeded";
  });

  test("reads its AppSpec from S3, and says when there is none", async () => {
    const bucket = `${local.endpoint}/appspecs`;
    const headers = {
      authorization:
        "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0",
    };
    const body = JSON.stringify(appSpec(await registerImage(clients, "nginx:4")));
    expect((await fetch(bucket, { method: "PUT", headers })).status).toBe(200);
    expect((await fetch(`${bucket}/web/appspec.json`, { method: "PUT", headers, body })).status).toBe(200);
    const at = (key: string): RevisionLocation => ({
      revisionType: "S3",
      s3Location: { bucket: "appspecs", key, bundleType: "JSON" },
    });
    const missing = await deploy(at("web/nothing.json"));
    expect(await statusUntil(missing, ["Failed"])).toBe("Failed");
    const { deploymentInfo } = await codeDeploy.send(new GetDeploymentCommand({ deploymentId: missing }));
    expect(deploymentInfo?.errorInformation?.code).toBe("INVALID_REVISION");
    await statusUntil(deploymentInfo?.rollbackInfo?.rollbackDeploymentId ?? "", ["Succeeded"]);

    const found = await deploy(at("web/appspec.json"));
    const { answers } = await requestDuring(statusUntil(found, ["Succeeded", "Failed"]));
    expect(answers.has("nginx:4")).toBe(true);
    expect([...answers].filter((answer) => answer.startsWith("status"))).toEqual([]);
  });

  test("is deployed by the AWS CLI's own command, which waits for the verdict", async () => {
    const [definition, spec] = [
      path.join(local.directory, "task.json"),
      path.join(local.directory, "appspec.json"),
    ];
    await writeFile(
      definition,
      JSON.stringify({
        family: "web",
        containerDefinitions: [
          { name: "web", image: "nginx:5", memory: 64, portMappings: [{ containerPort: 80, hostPort: 0 }] },
        ],
      }),
    );
    await writeFile(spec, JSON.stringify(appSpec("replaced by the command")));
    const { stdout } = await awsCli(
      ...["ecs", "deploy", "--cluster", "test", "--service", "web"],
      ...["--task-definition", definition, "--codedeploy-appspec", spec],
      ...["--codedeploy-application", "app", "--codedeploy-deployment-group", "group"],
    );
    expect(stdout).toContain("Successfully deployed");
    expect(await image(url)).toBe("nginx:5");
    const [deploymentId = ""] = /d-[A-Z0-9]{9}/.exec(stdout) ?? [];
    await awsCli("deploy", "wait", "deployment-successful", "--deployment-id", deploymentId);
    const { stdout: target } = await awsCli(
      ...["deploy", "get-deployment-target", "--deployment-id", deploymentId, "--target-id", "test:web"],
      ...["--query", "deploymentTarget.ecsTarget.status", "--output", "text"],
    );
    expect(target).toBe("Succeeded");
  });

  test("that was stopped is no success to the AWS CLI's waiter", async () => {
    const before = await image(url);
    const deploymentId = await deploy(await revisionOf("nginx:missing"));
    await codeDeploy.send(new StopDeploymentCommand({ deploymentId, autoRollbackEnabled: true }));
    const waiting = awsCli("deploy", "wait", "deployment-successful", "--deployment-id", deploymentId);
    await expect(waiting).rejects.toMatchObject({ exitCode: 255 });
    expect(await image(url)).toBe(before);
  });

  test("shows task sets and no deployment, of which the waiter services-stable wants one, as on AWS", async () => {
    const { services: [service] = [] } = await clients.ecs.send(
      new DescribeServicesCommand({ cluster: "test", services: ["web"] }),
    );
    expect(service?.deployments).toEqual([]);
    expect(service?.taskSets?.[0]?.status).toBe("PRIMARY");
  });
});
