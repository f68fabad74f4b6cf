/**
 * Least privilege, proven with IAM enforced: every verb in every way to deploy runs with the deployer's own key and
 * nothing more, each statement of its policy is the only one that allows some call of theirs, and attacks are refused.
 */
import {
  AttachUserPolicyCommand,
  CreateOpenIDConnectProviderCommand,
  DeleteRoleCommand,
  DetachUserPolicyCommand,
  IAMClient,
} from "@aws-sdk/client-iam";
import { GetParametersCommand, SSMClient } from "@aws-sdk/client-ssm";
import { AssumeRoleWithWebIdentityCommand } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import { parseEnvironments } from "../../scripts/core/environments.ts";
import type { Decision } from "../../scripts/local/iam/decisions.ts";
import { deployerPolicies } from "../../stacks/deployer-policy.ts";
import { attackClients, type Attack, type AttackClients } from "../helpers/attack.ts";
import { attacksOnOthers } from "../helpers/attacks-on-others.ts";
import { attacksOnRoles, withEveryRight } from "../helpers/attacks-on-roles.ts";
import { everyWayEnvironments } from "../helpers/every-way-surroundings.ts";
import { runEveryVerb } from "../helpers/every-way-runs.ts";
import { EveryWayWorld } from "../helpers/every-way-world.ts";
import { account, root, settings, type Keys } from "../helpers/local-iam.ts";
import { makePolicy, makeRole, taskOf } from "../helpers/stack-policies.ts";
import { stackOf, synthesize, type SynthesizedStack } from "../helpers/terraform-synthesis.ts";

const minutes = 60_000;
/** A busy machine has to keep up with the runs' time-outs, which go by this clock. */
const speed = 40;

const issuer = "token.actions.githubusercontent.com";
const file = JSON.stringify({
  ...everyWayEnvironments("Z0123456789ABCDEFGHIJ"),
  pipelines: {
    web: { by: "github", repository: "us/web", runs: [{ branch: "main" }], environments: ["test"] },
  },
});
const parsed = parseEnvironments(file);
const environment = parsed.ok ? parsed.environments.get("test") : undefined;
if (environment === undefined) throw new Error(`The environments are not valid: ${JSON.stringify(parsed)}`);
const { general, traffic } = deployerPolicies(environment, { partition: "aws", id: account });
const statements = [...general, ...traffic];

/** Which run would be refused without a statement. One that is not here is one that nobody has shown a need for. */
const neededBy: Readonly<Record<string, string>> = {
  StackOutputs: "create a rolling service",
  Service: "create a rolling service",
  Any: "create a rolling service",
  Locks: "create a rolling service",
  TrailTags: "update it with its scaling suspended",
  ScalableTargets: "update it with its scaling suspended",
  ScalingAlarms: "bring its scaling to its template",
  ScalingRole: "bring its scaling to its template",
  TaskDefinition: "create a rolling service",
  TagsAtCreation: "create a rolling service",
  TaskRoles: "create a rolling service",
  LoadBalancerRole: "create a rolling service",
  ServiceDeployment: "approve ECS's deployment",
  Task: "create a rolling service",
  Cluster: "create a rolling service",
  TaskLogs: "show the log",
  AnyInCluster: "say how all are, of which one is missing",
  TaskDefinitionInCluster: "run a task",
  CapacityProvider: "verify a service with a load balancer",
  Image: "verify",
  Secret: "verify",
  RolesLookedAt: "stage the first version",
  InfrastructureRole: "create a service that ECS shifts",
  CodeDeploy: "create a service of CodeDeploy's",
  CodeDeployDeployments: "have CodeDeploy update it",
  CodeDeployRole: "create a service of CodeDeploy's",
  ApplicationRoles: "stage the first version",
  NewTrafficResources: "stage the first version",
  NewTrafficResourcesTags: "stage the first version",
  TrafficResources: "stage the first version",
  TrafficResourcesTags: "give it the traffic",
  Records: "stage the first version",
};

/** Actions that no run here asks for, and why the deployer has them all the same. */
const unused: Readonly<Record<string, string>> = {
  "Any autoscaling:DescribeAutoScalingGroups": "where hosts are short, and a capacity provider may add some",
  "Any codedeploy:ListApplications": "where a service's deployment group is not the one of its name",
  "Any ec2:DescribeInstances": "where verify looks at the security groups of hosts that have targets",
  "Secret secretsmanager:GetResourcePolicy":
    "where verify finds that the role's own policies do not allow a secret",
  "CodeDeploy codedeploy:BatchGetDeploymentGroups":
    "where a service's deployment group is not the one of its name",
  "CodeDeploy codedeploy:ListDeploymentGroups":
    "where a service's deployment group is not the one of its name",
};

let world: EveryWayWorld;
let asked: ReadonlyMap<string, readonly Decision[]>;
let stacks: Readonly<Record<string, SynthesizedStack>>;

beforeAll(async () => {
  world = await EveryWayWorld.start(speed);
  stacks = synthesize(file);
  asked = await runEveryVerb(world);
}, 10 * minutes);

afterAll(() => world.stop());

describe("the deployer's own key", () => {
  test("is refused nothing in any verb and any way to deploy", () => {
    const refused = [...asked].flatMap(([does, decisions]) =>
      decisions
        .filter(({ decision }) => decision !== "allowed")
        .map(({ action, resource }) => `${does}: ${action} on ${resource}`),
    );
    expect(refused).toEqual([]);
    expect([...asked.values()].every((decisions) => decisions.length > 0)).toBe(true);
  });

  test.each(statements.map(({ Sid }) => [Sid]))(
    "needs its statement %s, without which a run is refused",
    (sid) => {
      const does = neededBy[sid];
      expect(does).toBeDefined();
      const alone = (asked.get(does ?? "") ?? []).filter(
        ({ allowedBy }) => allowedBy.length === 1 && allowedBy[0] === sid,
      );
      expect(alone.length).toBeGreaterThan(0);
    },
  );

  test("is allowed no action on what it never asks for", () => {
    const used = new Set(
      [...asked.values()]
        .flat()
        .flatMap(({ action, allowedBy }) => allowedBy.map((sid) => `${sid} ${action}`)),
    );
    const idle = statements.flatMap(({ Sid, Action }) =>
      Action.map((action) => `${Sid} ${action}`).filter((one) => !used.has(one)),
    );
    expect(idle.filter((one) => unused[one] === undefined)).toEqual([]);
  });
});

describe("whoever has the deployer's key is refused to", () => {
  let clients: AttackClients;
  beforeAll(() => {
    clients = attackClients(world.local, world.deployer);
  });

  test.each<Attack>([...attacksOnRoles, ...attacksOnOthers])("%s", async (_name, action, attempt) => {
    await expect(attempt(clients)).rejects.toThrow(`not authorized to perform: ${action}`);
  });

  describe("even where an administrator's policy was attached to it:", () => {
    const attached = {
      UserName: "ecs_deployer",
      PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
    };
    let iam: IAMClient;
    beforeAll(async () => {
      iam = new IAMClient(settings(world.local, root));
      await iam.send(new AttachUserPolicyCommand(attached));
    });
    afterAll(async () => {
      await iam.send(new DetachUserPolicyCommand(attached));
      iam.destroy();
    });

    test.each<Attack>(withEveryRight)("%s", async (_name, action, attempt) => {
      await expect(attempt(clients)).rejects.toThrow(
        new RegExp(`not authorized to perform: ${action} .*no permissions boundary allows`),
      );
    });
  });
});

describe("the role of a pipeline", () => {
  let roleArn: string;
  beforeAll(async () => {
    const iam = new IAMClient(settings(world.local, root));
    await iam.send(
      new CreateOpenIDConnectProviderCommand({
        Url: `https://${issuer}`,
        ClientIDList: ["sts.amazonaws.com", "somebody-else"],
        ThumbprintList: ["a".repeat(40)],
      }),
    );
    iam.destroy();
    const users = stackOf(stacks, "users");
    const [id = ""] = Object.keys(users.resource["aws_iam_role"] ?? {});
    roleArn = await makeRole(world.local, users, id);
  });

  const main = "repo:us/web:ref:refs/heads/main";
  async function assumes(sub: string, aud = "sts.amazonaws.com"): Promise<string | undefined> {
    const claims = { iss: `https://${issuer}`, aud, sub, exp: Date.now() / 1000 + 600 };
    const { sts } = attackClients(world.local, root);
    const { AssumedRoleUser } = await sts.send(
      new AssumeRoleWithWebIdentityCommand({
        RoleArn: roleArn,
        RoleSessionName: "run",
        WebIdentityToken: ["e30", Buffer.from(JSON.stringify(claims)).toString("base64url"), "x"].join("."),
      }),
    );
    return AssumedRoleUser?.Arn;
  }

  test("is assumed by a run of its own repository and branch", async () => {
    expect(await assumes(main)).toBe(`arn:aws:sts::${account}:assumed-role/web_pipeline/run`);
  });

  test.each([
    ["another repository", "repo:them/web:ref:refs/heads/main", undefined],
    ["a repository whose name goes on", "repo:us/web-fork:ref:refs/heads/main", undefined],
    ["another branch", "repo:us/web:ref:refs/heads/feature", undefined],
    ["a tag of the branch's name", "repo:us/web:ref:refs/tags/main", undefined],
    ["a pull request", "repo:us/web:pull_request", undefined],
    ["an environment", "repo:us/web:environment:main", undefined],
    ["another audience", main, "somebody-else"],
  ])("is refused to %s", async (_what, sub, aud) => {
    await expect(assumes(sub, aud)).rejects.toThrow(
      "Not authorized to perform sts:AssumeRoleWithWebIdentity",
    );
  });
});

describe("a task", () => {
  let boundaryArn: string;
  beforeAll(async () => {
    boundaryArn = await makePolicy(world.local, stackOf(stacks, "test-roles"), "role-boundary");
    // They stand already, as the runs needed them.
    const iam = new IAMClient(settings(world.local, root));
    await iam.send(new DeleteRoleCommand({ RoleName: "test_default_task" }));
    iam.destroy();
  });

  test.each([
    { role: "default-task-role", policy: "default-task-policy" },
    { role: "execution-role", policy: "execution-policy" },
  ])("with the $role of the stacks reads no secret outside its environment's prefix", async (names) => {
    const keys: Keys = await taskOf(world.local, stackOf(stacks, "test-roles"), names, boundaryArn);
    const ssm = new SSMClient(settings(world.local, keys));
    const read = (name: string) => ssm.send(new GetParametersCommand({ Names: [name] }));
    await expect(read("/test/mode")).resolves.toMatchObject({ Parameters: [{ Name: "/test/mode" }] });
    await expect(read("/prod/password")).rejects.toThrow("not authorized to perform: ssm:GetParameters");
    ssm.destroy();
  });
});
