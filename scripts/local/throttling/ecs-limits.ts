/**
 * The rate limits of the ECS API, and those of Fargate on RunTask.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/throttling.html
 */
import * as z from "zod";

import { byOperation } from "./operation-names.ts";
import type { Charge } from "./token-buckets.ts";

/** The capacity providers of a cluster's default strategy, by the cluster's name. */
export type DefaultProviders = (cluster: string) => readonly string[];

/** Name of the bucket, burst, refill a second, and the operations that share it. */
const limits: ReadonlyMap<string, Charge> = byOperation(
  [
    [
      "cluster modify",
      20,
      1,
      "CreateCluster DeleteCluster PutClusterCapacityProviders UpdateCluster UpdateClusterSettings",
    ],
    ["cluster read", 50, 20, "DescribeClusters ListClusters"],
    ["task definition modify", 20, 1, "DeregisterTaskDefinition RegisterTaskDefinition"],
    ["task definition read", 50, 20, "DescribeTaskDefinition ListTaskDefinitions ListTaskDefinitionFamilies"],
    ["task definition deletion", 5, 1, "DeleteTaskDefinitions"],
    [
      "capacity provider modify",
      10,
      1,
      "CreateCapacityProvider DeleteCapacityProvider UpdateCapacityProvider",
    ],
    ["capacity provider read", 50, 20, "DescribeCapacityProviders"],
    ["tag modify", 20, 10, "TagResource UntagResource"],
    ["tag read", 50, 20, "ListTagsForResource"],
    ["setting modify", 10, 1, "DeleteAccountSetting PutAccountSetting PutAccountSettingDefault"],
    ["setting read", 50, 20, "ListAccountSettings"],
    [
      "cluster resource modify",
      100,
      40,
      `DeleteAttributes DeregisterContainerInstance ExecuteCommand PutAttributes RunTask StartTask StopTask
      UpdateContainerAgent UpdateContainerInstancesState`,
    ],
    [
      "cluster resource read",
      100,
      20,
      "DescribeContainerInstances DescribeTasks ListAttributes ListContainerInstances ListTasks",
    ],
    ["service modify", 50, 5, "CreateService DeleteService UpdateService"],
    ["service read", 100, 20, "DescribeServices ListServices"],
    ["service deployment", 50, 20, "DescribeServiceDeployments ListServiceDeployments"],
    ["service revision", 50, 20, "DescribeServiceRevisions"],
    ["task protection", 200, 80, "GetTaskProtection UpdateTaskProtection"],
    ["cluster service resource read", 10, 1, "ListServicesByNamespace"],
  ],
  (_operation, bucket: string, burst: number, perSecond: number) => ({ bucket, burst, perSecond }),
);

/** What an ECS call takes; RunTask on Fargate takes of Fargate's buckets besides. */
export function ecsCharges(
  operation: string,
  body: Buffer,
  defaultProviders: DefaultProviders,
): readonly Charge[] {
  const own = limits.get(operation);
  if (!own) return [];
  return operation === "RunTask" ? [own, ...fargateCharges(body, defaultProviders)] : [own];
}

/** The members that decide where tasks run; what is wrong with them is for the operation to say. */
const runTask = z.object({
  count: z.int().min(1).max(10).catch(1),
  cluster: z.string().catch("default"),
  launchType: z.string().optional().catch(undefined),
  capacityProviderStrategy: z
    .array(z.object({ capacityProvider: z.string() }))
    .optional()
    .catch(undefined),
});

function fargateCharges(body: Buffer, defaultProviders: DefaultProviders): readonly Charge[] {
  const parsed = runTask.safeParse(contentOf(body));
  if (!parsed.success) return [];
  const { count, cluster, launchType, capacityProviderStrategy } = parsed.data;
  const providers =
    launchType === undefined
      ? (capacityProviderStrategy?.map(({ capacityProvider }) => capacityProvider) ??
        defaultProviders(cluster.slice(cluster.lastIndexOf("/") + 1)))
      : [launchType];
  const spotOnly = !providers.includes("FARGATE");
  if (spotOnly && !providers.includes("FARGATE_SPOT")) return [];
  return [
    { bucket: "Fargate RunTask", burst: 20, perSecond: 20 },
    { bucket: spotOnly ? "Fargate Spot tasks" : "Fargate tasks", burst: 100, perSecond: 20, tokens: count },
  ];
}

function contentOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
