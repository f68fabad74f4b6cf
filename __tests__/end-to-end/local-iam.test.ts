import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeVpcsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  DescribeClustersCommand,
  ListServicesCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  TagResourceCommand,
} from "@aws-sdk/client-ecs";
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  CreatePolicyCommand,
  type IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutUserPermissionsBoundaryCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import type { LocalForTests } from "../helpers/local-for-tests.ts";
import {
  account,
  allow,
  assumed,
  cli,
  policyOf,
  roleWith,
  root,
  servicesOf,
  settings,
  startWithIam,
  trusting,
  userWith,
  type Keys,
} from "../helpers/local-iam.ts";

jest.setTimeout(60_000);

const clusterArn = (name: string) => `arn:aws:ecs:us-east-1:${account}:cluster/${name}`;

let world: Awaited<ReturnType<typeof startWithIam>>;
let local: LocalForTests;
let iam: IAMClient;

beforeAll(async () => {
  world = await startWithIam();
  ({ local, iam } = world);
});

afterAll(async () => {
  await world.stop();
});

const describeIn = (keys: Keys, cluster: string) => world.describeIn(keys, cluster);

function refusal(keys: Keys & { readonly name: string }, action: string, on = ""): string {
  return (
    `User: arn:aws:iam::${account}:user/${keys.name} is not authorized to perform: ${action}${on} ` +
    `because no identity-based policy allows the ${action} action`
  );
}

describe("a user", () => {
  test("may do what the policy says and nothing else, in the words of AWS", async () => {
    const user = await userWith(local, allow("ecs:DescribeServices", servicesOf("test")));
    await expect(describeIn(user, "test")).resolves.toMatchObject({ failures: [{ reason: "MISSING" }] });
    await expect(describeIn(user, "prod")).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: refusal(
        user,
        "ecs:DescribeServices",
        ` on resource: ${servicesOf("prod").replace("*", "web")}`,
      ),
      $metadata: { httpStatusCode: 400 },
    });
  });

  test("is refused before anything happened", async () => {
    const user = await userWith(local);
    const register = new RegisterTaskDefinitionCommand({
      family: "refused",
      containerDefinitions: [{ name: "app", image: "nginx", memory: 64 }],
    });
    await expect(world.ecsOf(user).send(register)).rejects.toMatchObject({ name: "AccessDeniedException" });
    const { taskDefinitionArns } = await world
      .ecsOf(root)
      .send(new ListTaskDefinitionsCommand({ familyPrefix: "refused" }));
    expect(taskDefinitionArns).toEqual([]);
  });

  test("is refused by each protocol in its own way", async () => {
    const user = await userWith(local);
    await expect(
      new ElasticLoadBalancingV2Client(settings(local, user)).send(new DescribeLoadBalancersCommand({})),
    ).rejects.toMatchObject({
      name: "AccessDenied",
      message: refusal(user, "elasticloadbalancing:DescribeLoadBalancers"),
      $metadata: { httpStatusCode: 403 },
    });
    await expect(
      new EC2Client(settings(local, user)).send(new DescribeVpcsCommand({})),
    ).rejects.toMatchObject({
      name: "UnauthorizedOperation",
      message: `You are not authorized to perform this operation. ${refusal(user, "ec2:DescribeVpcs")}`,
      $metadata: { httpStatusCode: 403 },
    });
    await expect(
      new CloudWatchClient(settings(local, user)).send(new DescribeAlarmsCommand({ AlarmNames: ["high"] })),
    ).rejects.toThrow(
      refusal(
        user,
        "cloudwatch:DescribeAlarms",
        ` on resource: arn:aws:cloudwatch:us-east-1:${account}:alarm:high`,
      ),
    );
    const bucket = await cli(local, user, "s3api", "list-objects-v2", "--bucket", "records");
    expect(bucket.stderr).toContain(
      `(AccessDenied) when calling the ListObjectsV2 operation: ${refusal(user, "s3:ListBucket", " on resource: arn:aws:s3:::records")}`,
    );
  });

  test("is known by the AWS CLI too, which is refused with the same words", async () => {
    const user = await userWith(local, allow("ecs:DescribeServices", servicesOf("test")));
    const identity = await cli(local, user, "sts", "get-caller-identity");
    expect(JSON.parse(identity.stdout)).toMatchObject({ Arn: `arn:aws:iam::${account}:user/${user.name}` });
    const describing = ["ecs", "describe-services", "--services", "web", "--cluster"];
    expect((await cli(local, user, ...describing, "test")).exitCode).toBe(0);
    const refused = await cli(local, user, ...describing, "prod");
    expect(refused.failed).toBe(true);
    expect(refused.stderr).toContain("(AccessDeniedException) when calling the DescribeServices operation");
  });

  test("is held to a cluster by a condition where the action takes no resource", async () => {
    const condition = { ArnEquals: { "ecs:cluster": clusterArn("test") } };
    const user = await userWith(local, allow(["ecs:ListTasks", "ecs:ListServices"], "*", condition));
    await expect(world.ecsOf(user).send(new ListTasksCommand({ cluster: "test" }))).resolves.toMatchObject({
      taskArns: [],
    });
    await expect(
      world.ecsOf(user).send(new ListServicesCommand({ cluster: clusterArn("test") })),
    ).resolves.toBeDefined();
    for (const list of [new ListTasksCommand({ cluster: "prod" }), new ListTasksCommand({})]) {
      await expect(world.ecsOf(user).send(list)).rejects.toMatchObject({ name: "AccessDeniedException" });
    }
  });

  test("is stopped by an explicit deny whatever else allows", async () => {
    const deny = { Effect: "Deny", Action: "ecs:*", Resource: servicesOf("prod") };
    const user = await userWith(local, allow("*", "*"), deny);
    await expect(describeIn(user, "test")).resolves.toBeDefined();
    await expect(describeIn(user, "prod")).rejects.toThrow(
      `is not authorized to perform: ecs:DescribeServices on resource: ${servicesOf("prod").replace("*", "web")} ` +
        "with an explicit deny in an identity-based policy",
    );
  });

  test("may pass only the roles that a policy lets it pass, and only to the service it names", async () => {
    const passing = (service: string) =>
      allow("iam:PassRole", `arn:aws:iam::${account}:role/ecs/*`, {
        StringEquals: { "iam:PassedToService": service },
      });
    const register = (role: string) =>
      new RegisterTaskDefinitionCommand({
        family: "passing",
        taskRoleArn: `arn:aws:iam::${account}:role/${role}`,
        containerDefinitions: [{ name: "app", image: "nginx", memory: 64 }],
      });
    const registering = allow("ecs:RegisterTaskDefinition", "*");
    const passer = await userWith(local, registering, passing("ecs-tasks.amazonaws.com"));
    await expect(world.ecsOf(passer).send(register("ecs/task"))).resolves.toBeDefined();
    await expect(world.ecsOf(passer).send(register("administrator"))).rejects.toThrow(
      refusal(passer, "iam:PassRole", ` on resource: arn:aws:iam::${account}:role/administrator`),
    );
    for (const other of [
      await userWith(local, registering),
      await userWith(local, registering, passing("ec2.amazonaws.com")),
    ]) {
      await expect(world.ecsOf(other).send(register("ecs/task"))).rejects.toThrow("iam:PassRole");
    }
  });

  test("is let in or kept out by the tags of what it asks about", async () => {
    const tagged = { StringEquals: { "aws:ResourceTag/team": "web" } };
    const user = await userWith(local, allow("ecs:DescribeClusters", "*", tagged));
    const describeTest = () => world.ecsOf(user).send(new DescribeClustersCommand({ clusters: ["test"] }));
    await expect(describeTest()).rejects.toMatchObject({ name: "AccessDeniedException" });
    const tags = [{ key: "team", value: "web" }];
    await world.ecsOf(root).send(new TagResourceCommand({ resourceArn: clusterArn("test"), tags }));
    await expect(describeTest()).resolves.toMatchObject({ clusters: [{ clusterName: "test" }] });
  });

  test("feels a change of policy at once", async () => {
    const user = await userWith(local);
    await expect(describeIn(user, "test")).rejects.toMatchObject({ name: "AccessDeniedException" });
    const put = (...statements: object[]) =>
      iam.send(
        new PutUserPolicyCommand({
          UserName: user.name,
          PolicyName: "inline",
          PolicyDocument: policyOf(...statements),
        }),
      );
    await put(allow("ecs:*", "*"));
    await expect(describeIn(user, "test")).resolves.toBeDefined();
    await put(allow("s3:*", "*"));
    await expect(describeIn(user, "test")).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  test("cannot do more than its permissions boundary, nor can a role", async () => {
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: "only-s3", PolicyDocument: policyOf(allow("s3:*", "*")) }),
    );
    const PermissionsBoundary = Policy?.Arn;
    const user = await userWith(local, allow("*", "*"));
    await expect(describeIn(user, "test")).resolves.toBeDefined();
    await iam.send(new PutUserPermissionsBoundaryCommand({ UserName: user.name, PermissionsBoundary }));
    await expect(describeIn(user, "test")).rejects.toThrow(
      "because no permissions boundary allows the ecs:DescribeServices action",
    );
    const shown = await cli(local, root, "iam", "get-user", "--user-name", user.name);
    expect(shown.stdout).toContain("only-s3");

    const role = await roleWith(local, trusting({ AWS: account }), allow("*", "*"));
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName: role.name, PermissionsBoundary }));
    await expect(describeIn(await assumed(local, root, role.arn), "test")).rejects.toThrow(
      "no permissions boundary allows",
    );
  });
});
