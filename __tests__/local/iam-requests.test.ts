/**
 * What calls ask of IAM, checked against AWS's service authorization reference:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/
 */
import { IAMClient } from "@aws-sdk/client-iam";
import { describe, expect, test } from "@jest/globals";

import { operations } from "../../scripts/local/ecs/api/operations.ts";
import type { ApiRequest } from "../../scripts/local/gateway/request.ts";
import { actionOf } from "../../scripts/local/iam/requests/action-data.ts";
import type { Asked } from "../../scripts/local/iam/requests/asked.ts";
import { restOperations } from "../../scripts/local/iam/requests/rest.ts";
import { s3Actions } from "../../scripts/local/iam/requests/s3.ts";
import { renamed, whatIsAsked } from "../../scripts/local/iam/requests/needed-permissions.ts";
import { emptyState } from "../../scripts/local/world/state.ts";

const account = "123456789012";
const ecs = (resource: string) => `arn:aws:ecs:us-east-1:${account}:${resource}`;
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const state = emptyState("us-east-1", account, "seed");
// Nothing listens there: what is not looked up must do without.
const endpoint = "http://127.0.0.1:1";
const iam = new IAMClient({
  region: "us-east-1",
  endpoint,
  maxAttempts: 1,
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});

function ask(call: Partial<ApiRequest>): Promise<Asked[]> {
  const whole: ApiRequest = {
    method: "POST",
    url: "/",
    headers: {},
    body: Buffer.from(""),
    service: null,
    region: "us-east-1",
    accessKeyId: null,
    operation: null,
    form: new URLSearchParams(),
    ...call,
  };
  const surroundings = { state, iam, moto: { endpoint, region: "us-east-1" } };
  return whatIsAsked(whole, { account, caller: `arn:aws:iam::${account}:user/ann` }, surroundings);
}

function json(service: string, operation: string, input: object): Promise<Asked[]> {
  const headers = { "content-type": "application/x-amz-json-1.1" };
  return ask({ service, operation, headers, body: Buffer.from(JSON.stringify(input)) });
}

function query(service: string, form: Record<string, string>): Promise<Asked[]> {
  return ask({ service, operation: form["Action"] ?? "", form: new URLSearchParams(form) });
}

async function short(asks: Promise<Asked[]>): Promise<string[]> {
  return (await asks).map(({ action, resource }) => `${action} ${resource}`);
}

describe("the names of actions", () => {
  test("of every operation of ECS that is answered here are in the reference", async () => {
    expect(operations.size).toBeGreaterThan(30);
    const unknown: string[] = [];
    for (const operation of operations.keys()) {
      if (!(await actionOf("ecs", operation))) unknown.push(operation);
    }
    expect(unknown).toEqual([]);
  });

  test("that differ from the operation's, and those told from paths, are in the reference", async () => {
    const others = Object.entries(renamed).map(([key, name]) => `${key.split(":")[0] ?? ""}:${name}`);
    const rest = Object.entries(restOperations()).flatMap(([service, names]) =>
      names.map((name) => `${service}:${renamed[`${service}:${name}`]?.toString() ?? name}`),
    );
    const all = [...others, ...rest, ...s3Actions().map((name) => `s3:${name}`)];
    expect(all.length).toBeGreaterThan(100);
    const unknown: string[] = [];
    for (const name of all) {
      const [service = "", action = ""] = name.split(":");
      if (!(await actionOf(service, action))) unknown.push(name);
    }
    expect(unknown).toEqual([]);
  });
});

describe("ECS", () => {
  const cluster = { "ecs:cluster": ecs("cluster/test") };

  test.each([
    [
      "DescribeServices",
      { cluster: "test", services: ["web", ecs("service/test/api")] },
      ["service/test/web", "service/test/api"],
    ],
    ["UpdateService", { cluster: ecs("cluster/test"), service: "web" }, ["service/test/web"]],
    ["UpdateService", { service: "web" }, ["service/default/web"]],
    ["DeleteService", { service: ecs("service/test/web") }, ["service/test/web"]],
    ["DescribeTasks", { cluster: "test", tasks: ["abc"] }, ["task/test/abc"]],
    ["StopTask", { cluster: "test", task: ecs("task/test/abc") }, ["task/test/abc"]],
    ["DescribeClusters", { clusters: ["a", "b"] }, ["cluster/a", "cluster/b"]],
    ["RegisterTaskDefinition", { family: "web" }, ["task-definition/web:*"]],
    ["RunTask", { cluster: "test", taskDefinition: "web:3" }, ["task-definition/web:3"]],
    ["RunTask", { cluster: "test", taskDefinition: "web" }, ["task-definition/web"]],
    [
      "DeleteTaskDefinitions",
      { taskDefinitions: ["web:1", "web:2"] },
      ["task-definition/web:1", "task-definition/web:2"],
    ],
    ["CreateTaskSet", { cluster: "test", service: "web", taskDefinition: "web:1" }, ["task-set/test/web/*"]],
    [
      "DeleteTaskSet",
      { cluster: "test", service: "web", taskSet: "ecs-svc/1" },
      ["task-set/test/web/ecs-svc/1"],
    ],
    ["ListTasks", { cluster: "test", containerInstance: "i1" }, ["container-instance/test/i1"]],
    ["ExecuteCommand", { cluster: "test", task: "abc", container: "app" }, ["cluster/test", "task/test/abc"]],
    [
      "StopServiceDeployment",
      { serviceDeploymentArn: ecs("service-deployment/test/web/1") },
      ["service/test/web", "service-deployment/test/web/1"],
    ],
    [
      "DescribeServiceRevisions",
      { serviceRevisionArns: [ecs("service-revision/test/web/1")] },
      ["service/test/web", "service-revision/test/web/1"],
    ],
    ["TagResource", { resourceArn: ecs("service/test/web"), tags: [] }, ["service/test/web"]],
  ])("authorizes %s %j on what it names", async (operation, input, resources) => {
    const asks = await json("ecs", operation, input);
    expect(asks.map(({ resource }) => resource)).toEqual(resources.map(ecs));
    expect(new Set(asks.map(({ action }) => action))).toEqual(new Set([`ecs:${operation}`]));
  });

  test("authorizes a list of tasks on the hosts of its cluster, whatever it is narrowed to", async () => {
    expect(await json("ecs", "ListTasks", { cluster: "test", serviceName: "web" })).toEqual([
      { action: "ecs:ListTasks", resource: ecs("container-instance/test/*"), context: cluster },
    ]);
  });

  test("gives the key ecs:cluster to the actions that have it and to no other", async () => {
    const [services] = await json("ecs", "DescribeServices", { cluster: "test", services: ["web"] });
    expect(services?.context).toEqual(cluster);
    const [definition] = await json("ecs", "DescribeTaskDefinition", {
      taskDefinition: "web",
      cluster: "test",
    });
    expect(definition).toEqual({ action: "ecs:DescribeTaskDefinition", resource: "*", context: {} });
  });

  test("gives a service's settings to the keys that the reference has for them", async () => {
    const [asked] = await json("ecs", "CreateService", {
      cluster: "test",
      serviceName: "web",
      taskDefinition: "web:3",
      enableExecuteCommand: true,
      capacityProviderStrategy: [{ capacityProvider: "FARGATE" }],
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-1"], assignPublicIp: "ENABLED" } },
      tags: [{ key: "team", value: "web" }],
    });
    expect(asked).toEqual({
      action: "ecs:CreateService",
      resource: ecs("service/test/web"),
      context: {
        ...cluster,
        "ecs:task-definition": ecs("task-definition/web:3"),
        "ecs:capacity-provider": ecs("capacity-provider/FARGATE"),
        "ecs:enable-execute-command": "true",
        "ecs:subnet": "subnet-1",
        "ecs:auto-assign-public-ip": "true",
        "aws:RequestTag/team": "web",
        "aws:TagKeys": ["team"],
      },
    });
  });

  test("asks for iam:PassRole on each role of a task definition, and says to whom it is passed", async () => {
    const roles = { taskRoleArn: role("ecs/task"), executionRoleArn: role("ecs/execution") };
    const asks = await json("ecs", "RegisterTaskDefinition", { family: "web", ...roles });
    const passed = { "iam:PassedToService": "ecs-tasks.amazonaws.com" };
    expect(asks.slice(1)).toEqual([
      { action: "iam:PassRole", resource: roles.taskRoleArn, context: passed },
      { action: "iam:PassRole", resource: roles.executionRoleArn, context: passed },
    ]);
  });

  test("asks for the roles that ECS itself is given for load balancers and hooks", async () => {
    const asks = await json("ecs", "CreateService", {
      serviceName: "web",
      role: role("ecs/lb"),
      loadBalancers: [{ advancedConfiguration: { roleArn: role("ecs/shift") } }],
      deploymentConfiguration: { lifecycleHooks: [{ roleArn: role("ecs/hook") }] },
    });
    expect(asks.filter(({ action }) => action === "iam:PassRole")).toEqual(
      ["lb", "hook", "shift"].map((name) => ({
        action: "iam:PassRole",
        resource: role(`ecs/${name}`),
        context: { "iam:PassedToService": "ecs.amazonaws.com" },
      })),
    );
  });

  test("asks for ecs:TagResource when something is made with tags, and names the making action", async () => {
    const tags = [{ key: "team", value: "web" }];
    const tagged = async (operation: string, input: object) =>
      (await json("ecs", operation, { ...input, tags })).find(({ action }) => action === "ecs:TagResource");
    expect(await tagged("CreateService", { cluster: "test", serviceName: "web" })).toEqual({
      action: "ecs:TagResource",
      resource: ecs("service/test/web"),
      context: { "ecs:CreateAction": "CreateService", "aws:RequestTag/team": "web", "aws:TagKeys": ["team"] },
    });
    expect(await tagged("RunTask", { cluster: "test", taskDefinition: "web:1" })).toMatchObject({
      resource: ecs("task/test/*"),
      context: { "ecs:CreateAction": "RunTask" },
    });
    const untagged = await json("ecs", "CreateService", { serviceName: "web", tags: [] });
    expect(untagged.map(({ action }) => action)).toEqual(["ecs:CreateService"]);
  });
});

describe("other services", () => {
  const elb = (resource: string) => `arn:aws:elasticloadbalancing:us-east-1:${account}:${resource}`;
  const listener = elb("listener/app/web/1/2");
  const group = elb("targetgroup/blue/1");

  test("authorize load balancing on listeners, rules and target groups, and descriptions on everything", async () => {
    const rule = elb("listener-rule/app/web/1/2/3");
    expect(
      await short(query("elasticloadbalancing", { Action: "DescribeRules", ListenerArn: listener })),
    ).toEqual(["elasticloadbalancing:DescribeRules *"]);
    const forward = { "Actions.member.1.Type": "forward", "Actions.member.1.TargetGroupArn": group };
    expect(
      await short(query("elasticloadbalancing", { Action: "ModifyRule", RuleArn: rule, ...forward })),
    ).toEqual([`elasticloadbalancing:ModifyRule ${rule}`]);
    const tag = { "Tags.member.1.Key": "a", "Tags.member.1.Value": "b" };
    const made = { Action: "CreateRule", ListenerArn: listener, Priority: "1", ...forward, ...tag };
    const asks = await query("elasticloadbalancing", made);
    expect(asks.map(({ action, resource }) => `${action} ${resource}`)).toEqual([
      `elasticloadbalancing:CreateRule ${listener}`,
      `elasticloadbalancing:AddTags ${elb("listener-rule/app/web/1/2/*")}`,
    ]);
    expect(asks[1]?.context).toMatchObject({ "elasticloadbalancing:CreateAction": "CreateRule" });
    expect(
      await short(
        query("elasticloadbalancing", {
          Action: "SetRulePriorities",
          "RulePriorities.member.1.RuleArn": rule,
          "RulePriorities.member.1.Priority": "5",
        }),
      ),
    ).toEqual([`elasticloadbalancing:SetRulePriorities ${rule}`]);
    expect(await short(query("elasticloadbalancing", { Action: "CreateTargetGroup", Name: "blue" }))).toEqual(
      [`elasticloadbalancing:CreateTargetGroup ${elb("targetgroup/blue/*")}`],
    );
    expect(
      await short(
        query("elasticloadbalancing", { Action: "AddTags", "ResourceArns.member.1": group, ...tag }),
      ),
    ).toEqual([`elasticloadbalancing:AddTags ${group}`]);
  });

  test.each([
    [
      "ssm",
      "GetParameters",
      { Names: ["/a/b", "c", "/d:3"] },
      ["/a/b", "/c", "/d"].map(
        (name) => `ssm:GetParameters arn:aws:ssm:us-east-1:${account}:parameter${name}`,
      ),
    ],
    [
      "ssm",
      "GetParametersByPath",
      { Path: "/a/" },
      [`ssm:GetParametersByPath arn:aws:ssm:us-east-1:${account}:parameter/a/`],
    ],
    ["ssm", "DescribeParameters", {}, ["ssm:DescribeParameters *"]],
    [
      "codedeploy",
      "CreateDeployment",
      {
        applicationName: "web",
        deploymentGroupName: "live",
        deploymentConfigName: "CodeDeployDefault.ECSAllAtOnce",
        revision: {},
      },
      [
        "CreateDeployment deploymentgroup:web/live",
        "RegisterApplicationRevision application:web",
        "GetDeploymentConfig deploymentconfig:CodeDeployDefault.ECSAllAtOnce",
      ].map((text) => {
        const [action = "", resource = ""] = text.split(" ");
        return `codedeploy:${action} arn:aws:codedeploy:us-east-1:${account}:${resource}`;
      }),
    ],
    ["codedeploy", "StopDeployment", { deploymentId: "d-1" }, ["codedeploy:StopDeployment *"]],
    [
      "dynamodb",
      "PutItem",
      { TableName: "lock", Item: {} },
      [`dynamodb:PutItem arn:aws:dynamodb:us-east-1:${account}:table/lock`],
    ],
    [
      "ecr",
      "DescribeRepositories",
      {},
      [`ecr:DescribeRepositories arn:aws:ecr:us-east-1:${account}:repository/*`],
    ],
    [
      "logs",
      "PutLogEvents",
      { logGroupName: "/ecs/a", logStreamName: "s" },
      [`logs:PutLogEvents arn:aws:logs:us-east-1:${account}:log-group:/ecs/a:log-stream:s`],
    ],
    [
      "logs",
      "PutRetentionPolicy",
      { logGroupName: "/ecs/a" },
      [`logs:PutRetentionPolicy arn:aws:logs:us-east-1:${account}:log-group:/ecs/a:log-stream:`],
    ],
    [
      "application-autoscaling",
      "PutScalingPolicy",
      { ResourceId: "service/test/web" },
      [
        `application-autoscaling:PutScalingPolicy arn:aws:application-autoscaling:us-east-1:${account}:scalable-target/*`,
      ],
    ],
    ["nosuchservice", "DoThing", {}, ["nosuchservice:DoThing *"]],
  ])("authorize %s %s %j", async (service, operation, input, expected) => {
    expect(await short(json(service, operation, input))).toEqual(expected);
  });

  test("authorize EC2 on ids and on what is yet to be made, and descriptions on everything", async () => {
    const ec2 = (resource: string) => `arn:aws:ec2:us-east-1:${account}:${resource}`;
    expect(await short(query("ec2", { Action: "DescribeSubnets" }))).toEqual(["ec2:DescribeSubnets *"]);
    expect(await short(query("ec2", { Action: "DeleteVpc", VpcId: "vpc-12345678" }))).toEqual([
      `ec2:DeleteVpc ${ec2("vpc/vpc-12345678")}`,
    ]);
    const subnet = {
      Action: "CreateSubnet",
      VpcId: "vpc-12345678",
      "TagSpecification.1.ResourceType": "subnet",
      "TagSpecification.1.Tag.1.Key": "Name",
      "TagSpecification.1.Tag.1.Value": "a",
    };
    const asks = await query("ec2", subnet);
    expect(asks.map(({ action, resource }) => `${action} ${resource}`).toSorted()).toEqual([
      `ec2:CreateSubnet ${ec2("subnet/*")}`,
      `ec2:CreateSubnet ${ec2("vpc/vpc-12345678")}`,
      `ec2:CreateTags ${ec2("subnet/*")}`,
    ]);
    expect(asks.at(-1)?.context).toMatchObject({
      "ec2:CreateAction": "CreateSubnet",
      "aws:RequestTag/Name": "a",
    });
  });

  test.each([
    ["GET", "/", ["s3:ListAllMyBuckets *"]],
    ["GET", "/state?list-type=2&prefix=a/", ["s3:ListBucket arn:aws:s3:::state"]],
    ["HEAD", "/state", ["s3:ListBucket arn:aws:s3:::state"]],
    ["PUT", "/state", ["s3:CreateBucket arn:aws:s3:::state"]],
    ["PUT", "/state?versioning", ["s3:PutBucketVersioning arn:aws:s3:::state"]],
    ["DELETE", "/state?lifecycle", ["s3:PutLifecycleConfiguration arn:aws:s3:::state"]],
    ["DELETE", "/state?policy", ["s3:DeleteBucketPolicy arn:aws:s3:::state"]],
    ["GET", "/state/env/a%20b.tfstate", ["s3:GetObject arn:aws:s3:::state/env/a b.tfstate"]],
    ["GET", "/state/key?versionId=1", ["s3:GetObjectVersion arn:aws:s3:::state/key"]],
    ["PUT", "/state/key", ["s3:PutObject arn:aws:s3:::state/key"]],
    ["POST", "/state/key?uploads", ["s3:PutObject arn:aws:s3:::state/key"]],
    ["DELETE", "/state/key?uploadId=1", ["s3:AbortMultipartUpload arn:aws:s3:::state/key"]],
  ])("authorize S3's %s %s", async (method, url, expected) => {
    expect(await short(ask({ service: "s3", method, url }))).toEqual(expected);
  });

  test("tell Lambda's and Route 53's operations from their paths", async () => {
    const functions = "/2015-03-31/functions";
    expect(await short(ask({ service: "lambda", url: `${functions}/check/invocations` }))).toEqual([
      `lambda:InvokeFunction arn:aws:lambda:us-east-1:${account}:function:check`,
    ]);
    expect(await short(ask({ service: "route53", url: "/2013-04-01/hostedzone/Z1/rrset/" }))).toEqual([
      "route53:ChangeResourceRecordSets arn:aws:route53:::hostedzone/Z1",
    ]);
  });

  test("take a REST service whose paths are not known for one of which only everything can be allowed", async () => {
    expect(await short(ask({ service: "eks", method: "GET", url: "/clusters" }))).toEqual(["eks:* *"]);
  });

  test("read CBOR, which the SDK speaks with CloudWatch", async () => {
    const text = (value: string) => Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)]);
    // {"AlarmNames": ["high"]}, once with lengths and once without.
    const fixed = Buffer.concat([Buffer.from([0xa1]), text("AlarmNames"), Buffer.from([0x81]), text("high")]);
    const open = Buffer.concat([
      Buffer.from([0xbf]),
      text("AlarmNames"),
      Buffer.from([0x9f]),
      text("high"),
      Buffer.from([0xff, 0xff]),
    ]);
    for (const body of [fixed, open]) {
      const headers = { "content-type": "application/cbor" };
      const call = { service: "monitoring", operation: "DescribeAlarms", headers, body };
      expect(await short(ask(call))).toEqual([
        `cloudwatch:DescribeAlarms arn:aws:cloudwatch:us-east-1:${account}:alarm:high`,
      ]);
    }
  });

  test("need nothing for GetCallerIdentity", async () => {
    expect(await query("sts", { Action: "GetCallerIdentity" })).toEqual([]);
  });
});
