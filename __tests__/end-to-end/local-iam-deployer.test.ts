import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  ResourceAlreadyExistsException,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  CreateUserCommand,
  DeletePolicyVersionCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { parseEnvironments } from "../../scripts/core/environments.ts";
import { startLocal, type LocalAws } from "../../scripts/local/start.ts";
import { projectRoot } from "../../scripts/project-root.ts";
import { createQuickEnvironment } from "../../scripts/rehearsal/without-terraform.ts";
import { deployerStatements } from "../../stacks/deployer-policy.ts";
import { deploy, type Finished } from "../helpers/deploy-command.ts";
import { keyOf, policyOf, root, settings, type Keys } from "../helpers/local-iam.ts";

const minutes = 60_000;

let directory: string;
let local: LocalAws;
let iam: IAMClient;
let deployer: Keys;
let policyArn: string;
let statements: ReturnType<typeof deployerStatements>;

beforeAll(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), "slipway-deployer-"));
  local = await startLocal({ port: 0, speed: 240, quiet: true, directory, enforceIam: true });
  await createQuickEnvironment(local, { name: "test", hosts: 2, instanceType: "m5.xlarge" });
  await new CloudWatchLogsClient(settings(local, root))
    .send(new CreateLogGroupCommand({ logGroupName: "/ecs/test" }))
    .catch((error: unknown) => {
      if (!(error instanceof ResourceAlreadyExistsException)) throw error;
    });
  iam = new IAMClient(settings(local, root));
  const parsed = parseEnvironments(await readFile(path.join(projectRoot(), "environments.jsonc"), "utf8"));
  if (!parsed.ok) throw new Error("The environments of the project are not valid.");
  statements = deployerStatements([...parsed.environments.values()], {
    partition: "aws",
    id: "123456789012",
  });
  // As the stack makes it: a user in a group that carries a managed policy, all below /ecs/.
  const Path = "/ecs/";
  await iam.send(new CreateUserCommand({ UserName: "ecs_deployer", Path }));
  await iam.send(new CreateGroupCommand({ GroupName: "ecs_deployers", Path }));
  await iam.send(new AddUserToGroupCommand({ UserName: "ecs_deployer", GroupName: "ecs_deployers" }));
  const { Policy } = await iam.send(
    new CreatePolicyCommand({ PolicyName: "ecs_deploy", Path, PolicyDocument: policyOf(...statements) }),
  );
  policyArn = Policy?.Arn ?? "";
  await iam.send(new AttachGroupPolicyCommand({ GroupName: "ecs_deployers", PolicyArn: policyArn }));
  deployer = await keyOf(local, "ecs_deployer");
  expect(await run(["create", "nginx"], "nginx:alpine")).toMatchObject({ exitCode: 0 });
}, 2 * minutes);

afterAll(async () => {
  iam.destroy();
  await local.stop();
  await rm(directory, { recursive: true, force: true });
});

function run(args: readonly string[], image: string): Promise<Finished> {
  return deploy(args, {
    endpoint: local.endpoint,
    image,
    speed: 60,
    variables: {
      AWS_ACCESS_KEY_ID: deployer.accessKeyId,
      AWS_SECRET_ACCESS_KEY: deployer.secretAccessKey,
    },
  });
}

/** Runs with the deployer's policy but for one statement. */
async function without(sid: string, work: () => Promise<void>): Promise<void> {
  const PolicyDocument = policyOf(...statements.filter(({ Sid }) => Sid !== sid));
  const { PolicyVersion } = await iam.send(
    new CreatePolicyVersionCommand({ PolicyArn: policyArn, PolicyDocument, SetAsDefault: true }),
  );
  try {
    await work();
  } finally {
    const restored = await iam.send(
      new CreatePolicyVersionCommand({
        PolicyArn: policyArn,
        PolicyDocument: policyOf(...statements),
        SetAsDefault: true,
      }),
    );
    for (const VersionId of [PolicyVersion?.VersionId, previous]) {
      if (VersionId !== undefined) {
        await iam.send(new DeletePolicyVersionCommand({ PolicyArn: policyArn, VersionId }));
      }
    }
    previous = restored.PolicyVersion?.VersionId;
  }
}

/** The version that is the default now, to be deleted when another takes its place: IAM keeps five. */
let previous: string | undefined = "v1";

describe("the deployer's own key", () => {
  test(
    "updates the example service that it created",
    async () => {
      const updated = await run(["update", "nginx"], "nginx:1.27");
      expect(updated).toMatchObject({ exitCode: 0 });
      expect(updated.stdout).toContain("nginx: completed");
    },
    3 * minutes,
  );

  test(
    "says why a rollout failed, which takes reading its tasks",
    async () => {
      const failed = await run(["update", "nginx", "--output", "json"], "nginx:crash");
      expect(failed.exitCode).toBe(1);
      expect(failed.stdout).toContain("Essential container in task exited");
      expect(failed.stdout + failed.stderr).not.toContain("not authorized");
    },
    3 * minutes,
  );

  test.each([
    ["StackOutputs", "ssm:GetParameters"],
    ["Service", "ecs:DescribeServices"],
    ["Any", "ecs:DescribeTaskDefinition"],
    ["TaskDefinition", "ecs:RegisterTaskDefinition"],
    ["TaskRoles", "iam:PassRole"],
  ])(
    "is refused without the statement %s, before anything was deployed, by the name of %s",
    async (sid, action) => {
      await without(sid, async () => {
        const refused = await run(["update", "nginx"], `nginx:without-${sid.toLowerCase()}`);
        expect(refused.exitCode).toBe(5);
        expect(refused.stderr + refused.stdout).toContain(`not authorized to perform: ${action}`);
      });
    },
    minutes,
  );

  test.each([
    ["TagsAtCreation", "ecs:TagResource", { tags: [{ key: "team", value: "web" }] }],
    [
      "LoadBalancerRole",
      "iam:PassRole on resource: arn:aws:iam::123456789012:role/ecs/test_ecs_lb_role",
      {
        role: "@@ECS_LB_ROLE_ARN@@",
        loadBalancers: [{ targetGroupArn: "@@TARGET_GROUP_ARN@@", containerName: "app", containerPort: 80 }],
      },
    ],
  ])(
    "without the statement %s cannot create a service that needs %s, and with it can",
    async (sid, action, service) => {
      const name = sid.toLowerCase();
      const create = ["create", name, "--templates", await templatesFor(name, service)];
      await without(sid, async () => {
        const refused = await run(create, "nginx:alpine");
        expect(refused.exitCode).toBe(5);
        expect(refused.stderr + refused.stdout).toContain(`not authorized to perform: ${action}`);
      });
      expect(await run(create, "nginx:alpine")).toMatchObject({ exitCode: 0 });
    },
    minutes,
  );

  test(
    "without the statement Task cannot read why a rollout failed, and says so",
    async () => {
      await without("Task", async () => {
        const failed = await run(["update", "nginx"], "nginx:crash");
        expect(failed.exitCode).toBe(1);
        expect(failed.stderr + failed.stdout).toContain("not authorized to perform: ecs:ListTasks");
      });
    },
    minutes,
  );

  test(
    "deploys nothing without the statement Locks, and names the permission that is missing",
    async () => {
      await without("Locks", async () => {
        const refused = await run(["update", "nginx"], "nginx:without-locks");
        expect(refused.exitCode).toBe(4);
        expect(refused.stderr).toContain("ssm:PutParameter");
      });
    },
    minutes,
  );

  test(
    "deploys without the statement TrailTags all the same, and warns that there is no trail",
    async () => {
      const create = ["nontrail", "--templates", await templatesFor("nontrail", {})];
      expect(await run(["create", ...create], "nginx:alpine")).toMatchObject({ exitCode: 0 });
      await without("TrailTags", async () => {
        const updated = await run(["update", ...create], "nginx:1.27");
        expect(updated).toMatchObject({ exitCode: 0 });
        expect(updated.stderr).toContain("not authorized to perform: ecs:TagResource");
      });
    },
    minutes,
  );
});

/** A service of one small task, with what a test adds to it. */
async function templatesFor(name: string, service: object): Promise<string> {
  const templates = path.join(directory, `templates-${name}`);
  await mkdir(path.join(templates, name), { recursive: true });
  const portMappings = [{ containerPort: 80, hostPort: 0 }];
  const app = { name: "app", image: "@@VERSION@@", memory: 64, portMappings };
  const definition = { family: name, networkMode: "bridge", containerDefinitions: [app] };
  await writeFile(path.join(templates, name, "task-definition.json"), JSON.stringify(definition));
  const body = { serviceName: name, cluster: "test", launchType: "EC2", desiredCount: 1, ...service };
  await writeFile(path.join(templates, name, "service.json"), JSON.stringify(body));
  return templates;
}
