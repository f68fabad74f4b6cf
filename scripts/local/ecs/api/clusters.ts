import type {
  Cluster,
  CreateClusterCommandInput,
  DeleteClusterCommandInput,
  DescribeClustersCommandInput,
  Failure,
  ListClustersCommandInput,
  PutClusterCapacityProvidersCommandInput,
  UpdateClusterCommandInput,
  UpdateClusterSettingsCommandInput,
} from "@aws-sdk/client-ecs";

import { isFargate } from "../capacity.ts";
import { hostsOf, isRegistered, isStarting } from "../queries.ts";
import type { ClusterRecord } from "../state.ts";
import { findCluster, nameOf, page, type Call } from "./call.ts";
import { AwsError, clientException, invalidParameter } from "./errors.ts";

interface ClusterAnswer {
  cluster: Cluster;
}

/** Creates a cluster; one that is there already is answered as it is. */
export function createCluster(call: Call, input: CreateClusterCommandInput): ClusterAnswer {
  const { state } = call;
  const name = input.clusterName ?? "default";
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) throw invalidParameter(`Invalid cluster name: ${name}.`);
  const known = state.ecs.clusters[name];
  if (known?.status === "ACTIVE") return { cluster: describe(call, known) };
  checkProviders(call, input.capacityProviders ?? []);
  const cluster: ClusterRecord = {
    arn: `arn:aws:ecs:${state.region}:${state.account}:cluster/${name}`,
    name,
    status: "ACTIVE",
    settings: input.settings ?? [{ name: "containerInsights", value: "disabled" }],
    configuration: input.configuration,
    serviceConnectDefaults: input.serviceConnectDefaults,
    capacityProviders: input.capacityProviders ?? [],
    defaultCapacityProviderStrategy: input.defaultCapacityProviderStrategy ?? [],
  };
  state.ecs.clusters[name] = cluster;
  if (input.tags && input.tags.length > 0) state.ecs.tags[cluster.arn] = input.tags;
  return { cluster: describe(call, cluster) };
}

function checkProviders({ state }: Call, names: readonly string[]): void {
  const unknown = names.find(
    (name) => !isFargate(name) && state.ecs.capacityProviders[name]?.status !== "ACTIVE",
  );
  if (unknown !== undefined) {
    throw invalidParameter(
      `The specified capacity provider '${unknown}' is not in an ACTIVE state. ` +
        "Specify a valid capacity provider and try again.",
    );
  }
}

function describe({ state }: Call, cluster: ClusterRecord): Cluster {
  const tasks = Object.values(state.ecs.tasks).filter(({ clusterName }) => clusterName === cluster.name);
  const services = Object.values(state.ecs.services).filter(
    ({ clusterName, status }) => clusterName === cluster.name && status === "ACTIVE",
  );
  const active = cluster.status === "ACTIVE";
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: cluster.status,
    registeredContainerInstancesCount: active ? hostsOf(state, cluster.name).filter(isRegistered).length : 0,
    runningTasksCount: tasks.filter(({ lastStatus }) => lastStatus === "RUNNING").length,
    pendingTasksCount: tasks.filter(isStarting).length,
    activeServicesCount: services.length,
    statistics: [],
    tags: state.ecs.tags[cluster.arn] ?? [],
    settings: cluster.settings,
    configuration: cluster.configuration,
    serviceConnectDefaults: cluster.serviceConnectDefaults,
    capacityProviders: cluster.capacityProviders,
    defaultCapacityProviderStrategy: cluster.defaultCapacityProviderStrategy,
  };
}

/** Describes clusters; one that is not there is a failure with reason MISSING. */
export function describeClusters(
  call: Call,
  input: DescribeClustersCommandInput,
): { clusters: Cluster[]; failures: Failure[] } {
  const { state } = call;
  const names = (input.clusters ?? ["default"]).map(nameOf);
  const found = names.map((name) => state.ecs.clusters[name]).filter((cluster) => cluster !== undefined);
  const include = new Set(input.include);
  return {
    clusters: found.map((record) => {
      const cluster = describe(call, record);
      return {
        ...cluster,
        tags: include.has("TAGS") ? cluster.tags : [],
        settings: include.has("SETTINGS") ? cluster.settings : [],
        configuration: include.has("CONFIGURATIONS") ? cluster.configuration : undefined,
      };
    }),
    failures: names
      .filter((name) => !state.ecs.clusters[name])
      .map((name) => ({
        arn: `arn:aws:ecs:${state.region}:${state.account}:cluster/${name}`,
        reason: "MISSING",
      })),
  };
}

/** Lists the ARNs of the clusters that are ACTIVE. */
export function listClusters(
  { state }: Call,
  input: ListClustersCommandInput,
): { clusterArns: string[]; nextToken: string | undefined } {
  const active = Object.values(state.ecs.clusters).filter(({ status }) => status === "ACTIVE");
  const { items, nextToken } = page(active, {
    maxResults: input.maxResults,
    nextToken: input.nextToken,
    standard: 100,
  });
  return { clusterArns: items.map(({ arn }) => arn), nextToken };
}

/** Changes settings, configuration or Service Connect defaults. */
export function updateCluster(
  call: Call,
  input: UpdateClusterCommandInput | UpdateClusterSettingsCommandInput,
): ClusterAnswer {
  const cluster = findCluster(call, input.cluster);
  if (input.settings) cluster.settings = input.settings;
  if ("configuration" in input && input.configuration) cluster.configuration = input.configuration;
  if ("serviceConnectDefaults" in input && input.serviceConnectDefaults) {
    cluster.serviceConnectDefaults = input.serviceConnectDefaults;
  }
  return { cluster: describe(call, cluster) };
}

/** Sets the cluster's capacity providers and default strategy, both as a whole. */
export function putClusterCapacityProviders(
  call: Call,
  input: PutClusterCapacityProvidersCommandInput,
): ClusterAnswer {
  const cluster = findCluster(call, input.cluster);
  const providers = input.capacityProviders ?? [];
  checkProviders(call, providers);
  const strategy = input.defaultCapacityProviderStrategy ?? [];
  const foreign = strategy.find(({ capacityProvider }) => !providers.includes(capacityProvider ?? ""));
  if (foreign) {
    throw invalidParameter(
      "The specified capacity provider strategy cannot contain a capacity provider that is not associated " +
        "with the cluster. Associate the capacity provider with the cluster and try again.",
    );
  }
  checkNotInUse(call, cluster, providers);
  cluster.capacityProviders = providers;
  cluster.defaultCapacityProviderStrategy = strategy;
  return { cluster: describe(call, cluster) };
}

function checkNotInUse({ state }: Call, cluster: ClusterRecord, kept: readonly string[]): void {
  const used = Object.values(state.ecs.tasks).some(
    (task) =>
      task.clusterName === cluster.name &&
      task.lastStatus !== "STOPPED" &&
      task.capacityProvider !== null &&
      !kept.includes(task.capacityProvider),
  );
  if (used) {
    throw new AwsError(
      "ResourceInUseException",
      "The specified capacity provider is in use and cannot be removed.",
    );
  }
}

/** Deletes a cluster that has no services, tasks or container instances; it stays describable as INACTIVE. */
export function deleteCluster(call: Call, input: DeleteClusterCommandInput): ClusterAnswer {
  const { state } = call;
  if (input.cluster === undefined) throw clientException("Cluster can not be blank.");
  const cluster = findCluster(call, input.cluster);
  const inUse = (what: string, type: string, states = "active") =>
    new AwsError(type, `The Cluster cannot be deleted while ${what} are ${states}.`);
  const services = Object.values(state.ecs.services).filter(
    ({ clusterName }) => clusterName === cluster.name,
  );
  if (hostsOf(state, cluster.name).length > 0) {
    throw inUse("Container Instances", "ClusterContainsContainerInstancesException", "active or draining");
  }
  if (services.some(({ status }) => status !== "INACTIVE")) {
    throw inUse("Services", "ClusterContainsServicesException");
  }
  const tasks = Object.values(state.ecs.tasks).filter(({ clusterName }) => clusterName === cluster.name);
  if (tasks.some(({ lastStatus }) => lastStatus !== "STOPPED")) {
    throw inUse("Tasks", "ClusterContainsTasksException");
  }
  cluster.status = "INACTIVE";
  return { cluster: describe(call, cluster) };
}
