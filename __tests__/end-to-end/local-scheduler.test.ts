import {
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from "@aws-sdk/client-cloudwatch";
import { DescribeLaunchTemplatesCommand } from "@aws-sdk/client-ec2";
import {
  CreateCapacityProviderCommand,
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeClustersCommand,
  DescribeContainerInstancesCommand,
  ListContainerInstancesCommand,
  PutClusterCapacityProvidersCommand,
  RegisterTaskDefinitionCommand,
  UpdateContainerInstancesStateCommand,
  UpdateServiceCommand,
  type CreateServiceCommandInput,
} from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { execa } from "execa";

import { startLocalForTests, type LocalForTests } from "../helpers/local-for-tests.ts";
import {
  clientsFor,
  createInfrastructure,
  isCompleted,
  serviceUntil,
  type Clients,
  type Infrastructure,
} from "../helpers/local-infrastructure.ts";

jest.setTimeout(60_000);

let local: LocalForTests;
let clients: Clients;
let infrastructure: Infrastructure;
let cloudWatch: CloudWatchClient;

beforeAll(async () => {
  local = await startLocalForTests({ speed: 200 });
  clients = clientsFor(local);
  infrastructure = await createInfrastructure(clients);
  cloudWatch = new CloudWatchClient({
    endpoint: local.endpoint,
    region: local.region,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
  });
});

afterAll(async () => {
  cloudWatch.destroy();
  clients.destroy();
  await local.stop();
});

async function register(family: string, image: string, memory = 64): Promise<string> {
  const { taskDefinition } = await clients.ecs.send(
    new RegisterTaskDefinitionCommand({ family, containerDefinitions: [{ name: "web", image, memory }] }),
  );
  return taskDefinition?.taskDefinitionArn ?? "";
}

async function create(name: string, input: Partial<CreateServiceCommandInput> = {}): Promise<void> {
  const taskDefinition = input.taskDefinition ?? (await register(name, "nginx:1"));
  await clients.ecs.send(
    new CreateServiceCommand({
      cluster: "test",
      serviceName: name,
      launchType: "EC2",
      desiredCount: 1,
      ...input,
      taskDefinition,
    }),
  );
  await serviceUntil(clients, name, isCompleted);
}

describe("deployment alarms", () => {
  const alarm = {
    AlarmName: "errors",
    Namespace: "test",
    MetricName: "errors",
    Statistic: "Sum",
    Period: 60,
    EvaluationPeriods: 2,
    Threshold: 1,
    ComparisonOperator: "GreaterThanThreshold",
  } as const;

  /** Has the AWS CLI set an alarm's state, in the protocol of its choice. */
  const setByCli = (state: string) =>
    execa(
      "aws",
      [
        "cloudwatch",
        "set-alarm-state",
        "--alarm-name",
        "errors",
        "--state-reason",
        "test",
        "--state-value",
        state,
      ],
      {
        env: {
          AWS_ENDPOINT_URL: local.endpoint,
          AWS_DEFAULT_REGION: local.region,
          AWS_ACCESS_KEY_ID: "test",
          AWS_SECRET_ACCESS_KEY: "test",
        },
      },
    );

  const time = (action: string) =>
    fetch(`${local.endpoint}/_slipway/time`, { method: "POST", body: JSON.stringify({ action }) });

  test.each(["the SDK", "the AWS CLI"])("roll a deployment back when %s sets one to ALARM", async (who) => {
    await cloudWatch.send(new PutMetricAlarmCommand(alarm));
    const name = who === "the SDK" ? "by-sdk" : "by-cli";
    await create(name, {
      deploymentConfiguration: { alarms: { alarmNames: ["errors"], enable: true, rollback: true } },
    });
    const taskDefinition = await register(name, "nginx:2");
    const { service } = await clients.ecs.send(
      new UpdateServiceCommand({ cluster: "test", service: name, taskDefinition }),
    );
    const [bad] = service?.deployments ?? [];
    await serviceUntil(clients, name, ({ deployments = [] }) => (deployments[0]?.runningCount ?? 0) > 0);
    // The command line takes seconds, which is minutes here: the deployment is not to complete meanwhile.
    await time("hold");
    if (who === "the SDK") {
      const change = { AlarmName: "errors", StateValue: "ALARM", StateReason: "test" } as const;
      await cloudWatch.send(new SetAlarmStateCommand(change));
    } else await setByCli("ALARM");
    await time("resume");
    const settled = await serviceUntil(clients, name, isCompleted);
    expect(settled.taskDefinition).toMatch(/:1$/);
    expect(settled.events?.map(({ message }) => message)).toContain(
      `(service ${name}) (deployment ${bad?.id}) deployment failed: alarm detected.`,
    );
    await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: ["errors"] }));
  });
});

describe("managed scaling", () => {
  test("adds instances to the auto-scaling group for tasks that wait, and gives them back when idle", async () => {
    const { autoScaling, ec2, ecs } = clients;
    const { LaunchTemplates = [] } = await ec2.send(new DescribeLaunchTemplatesCommand({}));
    await autoScaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: "pool",
        LaunchTemplate: { LaunchTemplateId: LaunchTemplates[0]?.LaunchTemplateId, Version: "$Latest" },
        MinSize: 0,
        MaxSize: 3,
        DesiredCapacity: 0,
        VPCZoneIdentifier: infrastructure.subnetIds.join(","),
      }),
    );
    const describeGroup = async () => {
      const { AutoScalingGroups = [] } = await autoScaling.send(
        new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ["pool"] }),
      );
      return AutoScalingGroups[0];
    };
    const group = await describeGroup();
    await ecs.send(
      new CreateCapacityProviderCommand({
        name: "pool",
        autoScalingGroupProvider: {
          autoScalingGroupArn: group?.AutoScalingGroupARN,
          managedScaling: { status: "ENABLED" },
        },
      }),
    );
    await ecs.send(
      new PutClusterCapacityProvidersCommand({
        cluster: "test",
        capacityProviders: ["pool"],
        defaultCapacityProviderStrategy: [],
      }),
    );
    const taskDefinition = await register("large", "nginx:1", 1200);
    await ecs.send(
      new CreateServiceCommand({
        cluster: "test",
        serviceName: "large",
        taskDefinition,
        desiredCount: 2,
        capacityProviderStrategy: [{ capacityProvider: "pool", weight: 1 }],
      }),
    );
    const waiting = await serviceUntil(clients, "large", ({ pendingCount = 0 }) => pendingCount === 2);
    expect(waiting.events?.some(({ message }) => message?.includes("unable to place"))).toBe(false);
    await serviceUntil(clients, "large", isCompleted);
    expect((await describeGroup())?.Instances).toHaveLength(2);

    await ecs.send(new DeleteServiceCommand({ cluster: "test", service: "large", force: true }));
    expect(await until(async () => (await describeGroup())?.Instances?.length ?? 0, 0)).toBe(0);
    expect(await until(hostCount, 2)).toBe(2);
  });
});

async function hostCount(): Promise<number | undefined> {
  const { clusters } = await clients.ecs.send(new DescribeClustersCommand({ clusters: ["test"] }));
  return clusters?.[0]?.registeredContainerInstancesCount;
}

/** Asks for a number until it is the one that is waited for; a bounded number of times. */
async function until(ask: () => Promise<number | undefined>, wanted: number): Promise<number | undefined> {
  for (const end = Date.now() + 30_000; ;) {
    const found = await ask();
    if (found === wanted || Date.now() > end) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe("a host", () => {
  test("that is set DRAINING gives up its tasks, and its group's size decides how many there are", async () => {
    const { ecs } = clients;
    await create("moving", { desiredCount: 2 });
    const { containerInstanceArns = [] } = await ecs.send(
      new ListContainerInstancesCommand({ cluster: "test" }),
    );
    const [first = ""] = containerInstanceArns;
    const { containerInstances } = await ecs.send(
      new UpdateContainerInstancesStateCommand({
        cluster: "test",
        containerInstances: [first],
        status: "DRAINING",
      }),
    );
    expect(containerInstances?.[0]).toMatchObject({ status: "DRAINING", agentConnected: true });
    const drained = async () => {
      const described = await ecs.send(
        new DescribeContainerInstancesCommand({ cluster: "test", containerInstances: [first] }),
      );
      return described.containerInstances?.[0]?.runningTasksCount;
    };
    await serviceUntil(clients, "moving", ({ runningCount = 0 }) => runningCount > 2);
    await serviceUntil(clients, "moving", isCompleted);
    expect(await drained()).toBe(0);

    await clients.autoScaling.send(
      new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: "hosts", MinSize: 0, DesiredCapacity: 0 }),
    );
    expect(await until(hostCount, 0)).toBe(0);
    await clients.autoScaling.send(
      new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: "hosts", MinSize: 2, DesiredCapacity: 2 }),
    );
    expect(await until(hostCount, 2)).toBe(2);
    await serviceUntil(clients, "moving", isCompleted);
  });
});
