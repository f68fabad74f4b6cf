/**
 * The local AWS replaces the hosts of an auto-scaling group. No other test shares the group: with the managed draining
 * that a refresh is to wait for, hosts stay while their tasks have no other place to go.
 */
import {
  CancelInstanceRefreshCommand,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  StartInstanceRefreshCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CreateLaunchTemplateVersionCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
} from "@aws-sdk/client-ec2";
import {
  CreateCapacityProviderCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  PutClusterCapacityProvidersCommand,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";

import { startLocalForTests, type LocalForTests } from "../helpers/local-for-tests.ts";
import {
  clientsFor,
  createInfrastructure,
  isCompleted,
  serviceUntil,
  type Clients,
} from "../helpers/local-infrastructure.ts";

jest.setTimeout(60_000);

let local: LocalForTests;
let clients: Clients;

beforeAll(async () => {
  local = await startLocalForTests({ speed: 200 });
  clients = clientsFor(local);
  await createInfrastructure(clients);
});

afterAll(async () => {
  clients.destroy();
  await local.stop();
});

describe("an instance refresh", () => {
  const group = { AutoScalingGroupName: "hosts" };
  const newFirst = {
    MinHealthyPercentage: 100,
    MaxHealthyPercentage: 110,
    SkipMatching: true,
    ScaleInProtectedInstances: "Refresh",
  } as const;
  const newest = async () => {
    const { InstanceRefreshes = [] } = await clients.autoScaling.send(
      new DescribeInstanceRefreshesCommand(group),
    );
    return InstanceRefreshes[0];
  };
  const ec2Ids = async () => {
    const { AutoScalingGroups = [] } = await clients.autoScaling.send(
      new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: ["hosts"] }),
    );
    return (AutoScalingGroups[0]?.Instances ?? []).map(({ InstanceId }) => InstanceId);
  };

  test("replaces the hosts of a new version of their launch template, and the service has all its tasks", async () => {
    const { autoScaling, ec2, ecs } = clients;
    await ecs.send(
      new CreateCapacityProviderCommand({
        name: "hosts",
        autoScalingGroupProvider: { autoScalingGroupArn: "hosts", managedDraining: "ENABLED" },
      }),
    );
    await ecs.send(
      new PutClusterCapacityProvidersCommand({
        cluster: "test",
        capacityProviders: ["hosts"],
        defaultCapacityProviderStrategy: [],
      }),
    );
    const containerDefinitions = [{ name: "web", image: "nginx:1", memory: 64 }];
    await ecs.send(new RegisterTaskDefinitionCommand({ family: "staying", containerDefinitions }));
    await ecs.send(
      new CreateServiceCommand({
        cluster: "test",
        serviceName: "staying",
        launchType: "EC2",
        desiredCount: 3,
        taskDefinition: "staying",
      }),
    );
    await serviceUntil(clients, "staying", isCompleted);
    const before = await ec2Ids();
    const [LaunchTemplate] =
      (await ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: ["hosts"] })))
        .LaunchTemplates ?? [];
    const { LaunchTemplateId } = LaunchTemplate ?? {};
    const { LaunchTemplateVersions } = await ec2.send(
      new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateId, Versions: ["1"] }),
    );
    const { ImageId, UserData } = LaunchTemplateVersions?.[0]?.LaunchTemplateData ?? {};
    await ec2.send(
      new CreateLaunchTemplateVersionCommand({
        LaunchTemplateId,
        LaunchTemplateData: { ImageId, UserData, InstanceType: "t3.medium" },
      }),
    );
    await autoScaling.send(new StartInstanceRefreshCommand({ ...group, Preferences: newFirst }));
    await expect(autoScaling.send(new StartInstanceRefreshCommand(group))).rejects.toMatchObject({
      name: "InstanceRefreshInProgressFault",
    });
    let fewest = Infinity;
    for (const end = Date.now() + 40_000; (await newest())?.EndTime === undefined && Date.now() < end;) {
      const { services = [] } = await ecs.send(
        new DescribeServicesCommand({ cluster: "test", services: ["staying"] }),
      );
      fewest = Math.min(fewest, services[0]?.runningCount ?? 0);
    }
    expect(await newest()).toMatchObject({
      Status: "Successful",
      PercentageComplete: 100,
      InstancesToUpdate: 0,
      Preferences: newFirst,
    });
    expect(fewest).toBe(3);
    const after = await ec2Ids();
    expect(after).toHaveLength(2);
    expect(after.filter((id) => before.includes(id))).toEqual([]);
    await serviceUntil(clients, "staying", isCompleted);
  });

  test("that is not there can't be cancelled, and one with percentages that are none is refused", async () => {
    const { autoScaling } = clients;
    await expect(autoScaling.send(new CancelInstanceRefreshCommand(group))).rejects.toMatchObject({
      name: "ActiveInstanceRefreshNotFoundFault",
    });
    await expect(
      autoScaling.send(
        new StartInstanceRefreshCommand({
          ...group,
          Preferences: { MinHealthyPercentage: 90, MaxHealthyPercentage: 200 },
        }),
      ),
    ).rejects.toThrow("can't exceed 100");
    await expect(
      autoScaling.send(
        new StartInstanceRefreshCommand({ ...group, Preferences: { CheckpointPercentages: [50] } }),
      ),
    ).rejects.toThrow("does not know these preferences of an instance refresh: CheckpointPercentages");
  });
});
