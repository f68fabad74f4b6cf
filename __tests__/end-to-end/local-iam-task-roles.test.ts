import {
  CodeDeployClient,
  CreateDeploymentGroupCommand,
  ListDeploymentGroupsCommand,
} from "@aws-sdk/client-codedeploy";
import {
  AttachRolePolicyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { ChangeResourceRecordSetsCommand, Route53Client } from "@aws-sdk/client-route-53";
import type { ChangeAction, RRType } from "@aws-sdk/client-route-53";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import type { LocalAws } from "../../scripts/local/start.ts";
import { startLocalForTests } from "../helpers/local-for-tests.ts";
import { settings } from "../helpers/local-iam.ts";
import { iamArn, readingPolicy, trafficOfTwo, trustPolicy } from "../helpers/traffic-of-two.ts";

let local: LocalAws;
let site: Awaited<ReturnType<typeof trafficOfTwo>>;
let iam: IAMClient;
let zones: Route53Client;
let codeDeploy: CodeDeployClient;

beforeAll(async () => {
  local = await startLocalForTests({ enforceIam: true });
  site = await trafficOfTwo(local);
  const own = settings(local, site.deployer);
  iam = new IAMClient(own);
  zones = new Route53Client(own);
  codeDeploy = new CodeDeployClient(own);
}, 120_000);

afterAll(() => local.stop());

const boundary = (environment: string) => iamArn(`policy/ecs/${environment}_task_boundary`);
const role = (RoleName: string, PermissionsBoundary?: string, Path = "/ecs/") =>
  iam.send(
    new CreateRoleCommand({
      RoleName,
      Path,
      AssumeRolePolicyDocument: trustPolicy,
      ...(PermissionsBoundary !== undefined && { PermissionsBoundary }),
    }),
  );
const record = (Action: ChangeAction, Name: string, Type: RRType = "A") => ({
  Action,
  ResourceRecordSet: {
    Name,
    Type,
    TTL: 60,
    ResourceRecords: [{ Value: Type === "A" ? "192.0.2.1" : '"x"' }],
  },
});
const change = (HostedZoneId: string, ...Changes: readonly ReturnType<typeof record>[]) =>
  zones.send(new ChangeResourceRecordSetsCommand({ HostedZoneId, ChangeBatch: { Changes: [...Changes] } }));
const deploymentGroup = (applicationName: string, roleName: string) =>
  codeDeploy.send(
    new CreateDeploymentGroupCommand({
      applicationName,
      deploymentGroupName: "web",
      serviceRoleArn: iamArn(`role/ecs/traffic/${roleName}`),
    }),
  );

describe("the deployer of an environment, with roles, records and CodeDeploy", () => {
  test("makes a role within the boundary, and gives it a policy", async () => {
    await role("live_shop_task", boundary("live"));
    const policy = { RoleName: "live_shop_task", PolicyName: "read", PolicyDocument: readingPolicy };
    await expect(iam.send(new PutRolePolicyCommand(policy))).resolves.toBeDefined();
  });

  test("puts and deletes records of staged hosts and of its staged services", async () => {
    const names = ["0abc123.stage.example.com", "Shop.example.com."];
    for (const Action of ["CREATE", "UPSERT", "DELETE"] as const) {
      const changes = names.map((name) => record(Action, name));
      await expect(change(site.zoneId, ...changes)).resolves.toBeDefined();
    }
  });

  test("looks at its own deployment groups, and passes CodeDeploy its role", async () => {
    const list = { applicationName: "live" };
    await expect(codeDeploy.send(new ListDeploymentGroupsCommand(list))).resolves.toBeDefined();
    await expect(deploymentGroup("live", "live_codedeploy")).rejects.not.toThrow(/not authorized/);
  });

  type Refused = readonly [what: string, action: string, attempt: () => Promise<unknown>];
  const policy = { PolicyName: "more", PolicyDocument: readingPolicy };
  const refused: readonly Refused[] = [
    ["makes a role without a boundary", "iam:CreateRole", () => role("live_a_task")],
    [
      "makes a role within another boundary",
      "iam:CreateRole",
      () => role("live_a_task", boundary("preview")),
    ],
    [
      "makes a role in another environment's name",
      "iam:CreateRole",
      () => role("preview_a_task", boundary("live")),
    ],
    ["makes a role outside /ecs/", "iam:CreateRole", () => role("live_a_task", boundary("live"), "/")],
    [
      "gives a policy to a role without a boundary",
      "iam:PutRolePolicy",
      () => iam.send(new PutRolePolicyCommand({ RoleName: "live_plain_task", ...policy })),
    ],
    [
      "takes a role's boundary away",
      "iam:DeleteRolePermissionsBoundary",
      () => iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: "live_shop_task" })),
    ],
    [
      "gives a role another boundary",
      "iam:PutRolePermissionsBoundary",
      () =>
        iam.send(
          new PutRolePermissionsBoundaryCommand({
            RoleName: "live_shop_task",
            PermissionsBoundary: boundary("preview"),
          }),
        ),
    ],
    [
      "widens the boundary",
      "iam:CreatePolicyVersion",
      () =>
        iam.send(
          new CreatePolicyVersionCommand({
            PolicyArn: boundary("live"),
            PolicyDocument: readingPolicy,
            SetAsDefault: true,
          }),
        ),
    ],
    [
      "attaches a policy of AWS's",
      "iam:AttachRolePolicy",
      () =>
        iam.send(
          new AttachRolePolicyCommand({
            RoleName: "live_shop_task",
            PolicyArn: "arn:aws:iam::aws:policy/AdministratorAccess",
          }),
        ),
    ],
    [
      "changes a record of another name",
      "route53:ChangeResourceRecordSets",
      () => change(site.zoneId, record("UPSERT", "www.example.com")),
    ],
    [
      "changes the domain's own record",
      "route53:ChangeResourceRecordSets",
      () => change(site.zoneId, record("UPSERT", "example.com")),
    ],
    [
      "hides a record among its own",
      "route53:ChangeResourceRecordSets",
      () => change(site.zoneId, record("UPSERT", "a.stage.example.com"), record("DELETE", "www.example.com")),
    ],
    [
      "writes a record of another type",
      "route53:ChangeResourceRecordSets",
      () => change(site.zoneId, record("UPSERT", "a.stage.example.com", "TXT")),
    ],
    [
      "changes another zone",
      "route53:ChangeResourceRecordSets",
      () => change(site.otherZoneId, record("UPSERT", "a.stage.example.com")),
    ],
    [
      "makes a deployment group of another application",
      "codedeploy:CreateDeploymentGroup",
      () => deploymentGroup("preview", "live_codedeploy"),
    ],
    [
      "passes CodeDeploy another role",
      "iam:PassRole",
      () => deploymentGroup("live", "live_ecs_infrastructure"),
    ],
    [
      "passes CodeDeploy another environment's role",
      "iam:PassRole",
      () => deploymentGroup("live", "preview_codedeploy"),
    ],
  ];

  test.each(refused)("is refused when it %s", async (_what, action, attempt) => {
    await expect(attempt()).rejects.toThrow(`not authorized to perform: ${action}`);
  });
});
