import {
  CreateCapacityProviderCommand,
  DeleteAttributesCommand,
  DeleteCapacityProviderCommand,
  DeregisterContainerInstanceCommand,
  DescribeContainerInstancesCommand,
  ListAttributesCommand,
  ListContainerInstancesCommand,
  PutAccountSettingDefaultCommand,
  PutAttributesCommand,
  UpdateCapacityProviderCommand,
  UpdateClusterCommand,
  UpdateContainerInstancesStateCommand,
} from "@aws-sdk/client-ecs";
import { DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { expect } from "@jest/globals";

import { given } from "../suite/clients.ts";
import { contractCase, refusal, type ContractCase } from "../suite/contract-case.ts";
import { groupOf, makeHosts } from "../suite/hosts.ts";
import { ecsApi, ecsGuide } from "../suite/sources.ts";
import { hostArns, hostsOfOthers } from "./task-steps.ts";

export const hostCases: readonly ContractCase[] = [
  contractCase({
    id: "host.described",
    title: "A container instance tells what it has and what is left of it",
    source: ecsApi("ContainerInstance"),
    needs: ["hosts"],
    run: async (context) => {
      const cluster = await context.cluster();
      const { containerInstances } = await context.ecs.send(
        new DescribeContainerInstancesCommand({ cluster, containerInstances: await hostArns(context) }),
      );
      for (const host of containerInstances ?? []) {
        expect(host).toMatchObject({ status: "ACTIVE", agentConnected: true });
        const cpu = (resources = host.registeredResources) =>
          resources?.find(({ name }) => name === "CPU")?.integerValue ?? NaN;
        expect(cpu(host.remainingResources)).toBeLessThanOrEqual(cpu());
      }
    },
  }),
  contractCase({
    id: "host.attributes",
    title: "An attribute that was put on a host is listed until it is deleted",
    source: ecsApi("PutAttributes"),
    needs: ["hosts"],
    localOnly: hostsOfOthers,
    run: async (context) => {
      const [targetId = ""] = await hostArns(context);
      const cluster = await context.cluster();
      const attribute = { name: "stack", value: context.name(), targetId };
      await context.ecs.send(new PutAttributesCommand({ cluster, attributes: [attribute] }));
      const list = async () =>
        (
          await context.ecs.send(
            new ListAttributesCommand({
              cluster,
              targetType: "container-instance",
              attributeName: "stack",
              attributeValue: attribute.value,
            }),
          )
        ).attributes;
      expect((await list())?.map(({ value }) => value)).toEqual([attribute.value]);
      await context.ecs.send(new DeleteAttributesCommand({ cluster, attributes: [attribute] }));
      expect(await list()).toEqual([]);
    },
  }),
  contractCase({
    id: "host.deregister",
    title: "A deregistered host is INACTIVE and no container instance of its cluster any more",
    source: ecsApi("DeregisterContainerInstance"),
    localOnly: hostsOfOthers,
    run: async (context) => {
      const cluster = await context.ownCluster();
      const { subnetIds } = await context.network();
      const afterwards = (cleanUp: () => Promise<unknown>): void => context.afterwards(cleanUp);
      await makeHosts(context.clients, { cluster, count: 1, subnetIds, afterwards });
      const list = async () =>
        (await context.ecs.send(new ListContainerInstancesCommand({ cluster }))).containerInstanceArns ?? [];
      const [host] = await list();
      const { containerInstance } = await context.ecs.send(
        new DeregisterContainerInstanceCommand({ cluster, containerInstance: host }),
      );
      expect(containerInstance?.status).toBe("INACTIVE");
      expect(await list()).toEqual([]);
    },
  }),
  refusal({
    id: "host.deregister-missing",
    title: "DeregisterContainerInstance of a host that is not there is refused",
    source: ecsApi("DeregisterContainerInstance"),
    type: "InvalidParameterException",
    call: async (context) =>
      context.ecs.send(
        new DeregisterContainerInstanceCommand({
          cluster: await context.ownCluster(),
          containerInstance: "0123456789abcdef0123456789abcdef",
        }),
      ),
  }),
  contractCase({
    id: "host.state",
    title: "UpdateContainerInstancesState names a host that is not there as a failure with reason MISSING",
    source: ecsGuide("api_failures_messages"),
    run: async (context) => {
      const { failures } = await context.ecs.send(
        new UpdateContainerInstancesStateCommand({
          cluster: await context.ownCluster(),
          status: "DRAINING",
          containerInstances: ["0123456789abcdef0123456789abcdef"],
        }),
      );
      expect(failures?.map(({ reason }) => reason)).toEqual(["MISSING"]);
    },
  }),
  contractCase({
    id: "capacity-provider.life",
    title: "A capacity provider of an Auto Scaling group is made, changed and deleted",
    source: ecsApi("CreateCapacityProvider"),
    needs: ["hosts"],
    localOnly: "it takes an Auto Scaling group of the suite's own",
    run: async (context) => {
      const group = groupOf(await context.cluster(), 0);
      const { AutoScalingGroups } = await context.clients.autoScaling.send(
        new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] }),
      );
      const autoScalingGroupArn = given(AutoScalingGroups?.[0]?.AutoScalingGroupARN);
      const name = context.name();
      const created = await context.ecs.send(
        new CreateCapacityProviderCommand({ name, autoScalingGroupProvider: { autoScalingGroupArn } }),
      );
      expect(created.capacityProvider).toMatchObject({
        name,
        status: "ACTIVE",
        autoScalingGroupProvider: { autoScalingGroupArn },
      });
      const changed = await context.ecs.send(
        new UpdateCapacityProviderCommand({
          name,
          autoScalingGroupProvider: { managedScaling: { status: "ENABLED", targetCapacity: 80 } },
        }),
      );
      expect(changed.capacityProvider?.autoScalingGroupProvider?.managedScaling).toMatchObject({
        status: "ENABLED",
        targetCapacity: 80,
      });
      const deleted = await context.ecs.send(new DeleteCapacityProviderCommand({ capacityProvider: name }));
      expect(deleted.capacityProvider?.name).toBe(name);
    },
  }),
  contractCase({
    id: "cluster.service-connect-default",
    title: "UpdateCluster sets the namespace of Service Connect",
    source: ecsApi("UpdateCluster"),
    localOnly: "it takes a namespace of Cloud Map",
    run: async (context) => {
      const { cluster } = await context.ecs.send(
        new UpdateClusterCommand({
          cluster: await context.ownCluster(),
          serviceConnectDefaults: { namespace: "web" },
        }),
      );
      expect(cluster?.serviceConnectDefaults?.namespace).toMatch(/web/);
    },
  }),
  contractCase({
    id: "setting.default",
    title: "PutAccountSettingDefault answers with the setting as it is now",
    source: ecsApi("PutAccountSettingDefault"),
    localOnly: "on AWS it would change an account's settings",
    run: async (context) => {
      const { setting } = await context.ecs.send(
        new PutAccountSettingDefaultCommand({ name: "fargateTaskRetirementWaitPeriod", value: "14" }),
      );
      expect(setting).toMatchObject({ name: "fargateTaskRetirementWaitPeriod", value: "14" });
    },
  }),
];
