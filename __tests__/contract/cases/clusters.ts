import {
  CreateCapacityProviderCommand,
  CreateClusterCommand,
  DeleteClusterCommand,
  DescribeCapacityProvidersCommand,
  DescribeClustersCommand,
  ListClustersCommand,
  PutClusterCapacityProvidersCommand,
  UpdateClusterSettingsCommand,
} from "@aws-sdk/client-ecs";
import { expect } from "@jest/globals";

import { contractCase, refusal, type ContractCase } from "../suite/contract-case.ts";
import { ecsApi, ecsGuide } from "../suite/sources.ts";

export const clusterCases: readonly ContractCase[] = [
  contractCase({
    id: "cluster.create",
    title: "CreateCluster gives an ACTIVE cluster without tasks, services or container instances",
    source: ecsApi("CreateCluster"),
    run: async (context) => {
      const clusterName = context.name();
      context.afterwards(() => context.ecs.send(new DeleteClusterCommand({ cluster: clusterName })));
      const { cluster } = await context.ecs.send(new CreateClusterCommand({ clusterName }));
      expect(cluster).toMatchObject({
        clusterName,
        status: "ACTIVE",
        runningTasksCount: 0,
        pendingTasksCount: 0,
        activeServicesCount: 0,
        registeredContainerInstancesCount: 0,
      });
      expect(cluster?.clusterArn).toMatch(new RegExp(`:cluster/${clusterName}$`));
    },
  }),
  contractCase({
    id: "cluster.create-again",
    title: "CreateCluster with the name of an ACTIVE cluster answers with that cluster",
    source: ecsApi("CreateCluster"),
    run: async (context) => {
      const clusterName = await context.ownCluster();
      const { cluster } = await context.ecs.send(new CreateClusterCommand({ clusterName }));
      expect(cluster).toMatchObject({ clusterName, status: "ACTIVE" });
    },
  }),
  contractCase({
    id: "cluster.delete",
    title: "DeleteCluster leaves the cluster describable as INACTIVE",
    source: ecsApi("DeleteCluster"),
    run: async (context) => {
      const name = await context.ownCluster();
      const { cluster } = await context.ecs.send(new DeleteClusterCommand({ cluster: name }));
      expect(cluster?.status).toBe("INACTIVE");
      const { clusters } = await context.ecs.send(new DescribeClustersCommand({ clusters: [name] }));
      expect(clusters?.[0]?.status).toBe("INACTIVE");
    },
  }),
  contractCase({
    id: "cluster.deleted-not-listed",
    title: "ListClusters leaves out a deleted cluster",
    source: ecsApi("ListClusters"),
    run: async (context) => {
      const [kept, deleted] = [await context.ownCluster(), await context.ownCluster()];
      await context.ecs.send(new DeleteClusterCommand({ cluster: deleted }));
      const names = (await listed(context)).map((arn) => arn.split("/")[1]);
      expect(names).toContain(kept);
      expect(names).not.toContain(deleted);
    },
  }),
  contractCase({
    id: "cluster.describe-missing",
    title: "DescribeClusters names a cluster that is not there as a failure with reason MISSING",
    source: ecsGuide("api_failures_messages"),
    wording: "documented",
    run: async (context) => {
      const { clusters, failures } = await context.ecs.send(
        new DescribeClustersCommand({ clusters: [context.name()] }),
      );
      expect(clusters).toEqual([]);
      expect(failures?.map(({ reason }) => reason)).toEqual(["MISSING"]);
    },
  }),
  contractCase({
    id: "cluster.describe-include",
    title: "DescribeClusters gives settings and tags only where they are included",
    source: ecsApi("DescribeClusters"),
    run: async (context) => {
      const clusterName = context.name();
      context.afterwards(() => context.ecs.send(new DeleteClusterCommand({ cluster: clusterName })));
      const tags = [{ key: "team", value: "web" }];
      await context.ecs.send(new CreateClusterCommand({ clusterName, tags }));
      const describe = async (include: ("TAGS" | "SETTINGS")[]) =>
        (await context.ecs.send(new DescribeClustersCommand({ clusters: [clusterName], include })))
          .clusters?.[0];
      expect(await describe([])).toMatchObject({ settings: [], tags: [] });
      expect((await describe(["TAGS"]))?.tags).toEqual(tags);
      expect((await describe(["SETTINGS"]))?.settings?.map(({ name }) => name)).toEqual([
        "containerInsights",
      ]);
    },
  }),
  contractCase({
    id: "cluster.settings",
    title: "UpdateClusterSettings changes containerInsights",
    source: ecsApi("UpdateClusterSettings"),
    run: async (context) => {
      const { cluster } = await context.ecs.send(
        new UpdateClusterSettingsCommand({
          cluster: await context.ownCluster(),
          settings: [{ name: "containerInsights", value: "enabled" }],
        }),
      );
      expect(cluster?.settings).toEqual([{ name: "containerInsights", value: "enabled" }]);
    },
  }),
  refusal({
    id: "cluster.name-characters",
    title: "A cluster's name has letters, numbers, hyphens and underscores only",
    source: ecsApi("CreateCluster"),
    type: "InvalidParameterException",
    call: (context) => context.ecs.send(new CreateClusterCommand({ clusterName: `${context.name()}!` })),
  }),
  refusal({
    id: "cluster.delete-missing",
    title: "DeleteCluster of a cluster that is not there is ClusterNotFoundException",
    source: ecsApi("DeleteCluster"),
    wording: "observed",
    type: "ClusterNotFoundException",
    message: "Cluster not found.",
    call: (context) => context.ecs.send(new DeleteClusterCommand({ cluster: context.name() })),
  }),
  refusal({
    id: "cluster.delete-with-services",
    title: "DeleteCluster is refused while there are services",
    source: ecsApi("DeleteCluster"),
    type: "ClusterContainsServicesException",
    message: "The Cluster cannot be deleted while Services are active.",
    call: async (context) => {
      const cluster = await context.ownCluster();
      await context.create({ cluster });
      return context.ecs.send(new DeleteClusterCommand({ cluster }));
    },
  }),
  refusal({
    id: "cluster.delete-with-hosts",
    title: "DeleteCluster is refused while there are container instances",
    source: ecsApi("DeleteCluster"),
    needs: ["hosts"],
    localOnly: "on AWS it would be tried on a cluster that belongs to somebody",
    type: "ClusterContainsContainerInstancesException",
    message: "The Cluster cannot be deleted while Container Instances are active or draining.",
    call: async (context) => context.ecs.send(new DeleteClusterCommand({ cluster: await context.cluster() })),
  }),
  contractCase({
    id: "cluster.capacity-providers",
    title: "PutClusterCapacityProviders replaces providers and default strategy as a whole",
    source: ecsApi("PutClusterCapacityProviders"),
    run: async (context) => {
      const cluster = await context.ownCluster();
      const strategy = [{ capacityProvider: "FARGATE_SPOT", weight: 1, base: 0 }];
      await context.ecs.send(
        new PutClusterCapacityProvidersCommand({
          cluster,
          capacityProviders: ["FARGATE", "FARGATE_SPOT"],
          defaultCapacityProviderStrategy: strategy,
        }),
      );
      const first = await context.until(
        () => context.ecs.send(new DescribeClustersCommand({ clusters: [cluster] })),
        ({ clusters }) => clusters?.[0]?.capacityProviders?.length === 2,
      );
      expect(first.clusters?.[0]?.defaultCapacityProviderStrategy).toEqual(strategy);
      const second = await context.ecs.send(
        new PutClusterCapacityProvidersCommand({
          cluster,
          capacityProviders: ["FARGATE"],
          defaultCapacityProviderStrategy: [],
        }),
      );
      expect(second.cluster).toMatchObject({
        capacityProviders: ["FARGATE"],
        defaultCapacityProviderStrategy: [],
      });
    },
  }),
  refusal({
    id: "cluster.strategy-of-foreign-provider",
    title: "A default strategy names only providers of the cluster",
    source: ecsApi("PutClusterCapacityProviders"),
    wording: "observed",
    type: "InvalidParameterException",
    message:
      /^The specified capacity provider strategy cannot contain a capacity provider that is not associated/,
    call: async (context) =>
      context.ecs.send(
        new PutClusterCapacityProvidersCommand({
          cluster: await context.ownCluster(),
          capacityProviders: ["FARGATE"],
          defaultCapacityProviderStrategy: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }],
        }),
      ),
  }),
  contractCase({
    id: "capacity-provider.fargate",
    title: "FARGATE and FARGATE_SPOT are there without having been made",
    source: ecsGuide("fargate-capacity-providers"),
    run: async (context) => {
      const { capacityProviders } = await context.ecs.send(
        new DescribeCapacityProvidersCommand({ capacityProviders: ["FARGATE", "FARGATE_SPOT"] }),
      );
      const found = capacityProviders?.map(({ name, status }) => `${name} ${status}`).toSorted();
      expect(found).toEqual(["FARGATE ACTIVE", "FARGATE_SPOT ACTIVE"]);
    },
  }),
  refusal({
    id: "capacity-provider.name",
    title: "A capacity provider's name may not begin with aws, ecs or fargate",
    source: ecsApi("CreateCapacityProvider"),
    wording: "observed",
    type: "InvalidParameterException",
    message:
      /^The specified capacity provider name is invalid\. .*cannot be prefixed with "aws", "ecs", or "fargate"/,
    call: (context) =>
      context.ecs.send(
        new CreateCapacityProviderCommand({
          name: `fargate-${context.name()}`,
          autoScalingGroupProvider: {
            autoScalingGroupArn:
              "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:1:autoScalingGroupName/none",
          },
        }),
      ),
  }),
];

async function listed(context: Parameters<ContractCase["run"]>[0]): Promise<string[]> {
  const found: string[] = [];
  let nextToken: string | undefined;
  do {
    const answer = await context.ecs.send(new ListClustersCommand({ ...(nextToken && { nextToken }) }));
    found.push(...(answer.clusterArns ?? []));
    nextToken = answer.nextToken;
  } while (nextToken !== undefined);
  return found;
}
