import type { ContractCase } from "../suite/contract-case.ts";
import { ecsApi, ecsGuide } from "../suite/sources.ts";
import { refused, onFargate, strategy, fargateCluster } from "./refused-service.ts";

export const serviceCapacityRefusals: readonly ContractCase[] = [
  refused(
    "launch-type-and-strategy",
    "A launch type and a capacity provider strategy exclude each other",
    /^Specifying both a launch type and capacity provider strategy is not supported\./,
    { launchType: "EC2", capacityProviderStrategy: strategy(1) },
    { wording: "observed" },
  ),
  refused(
    "launch-type-enum",
    "A launch type is one of the API's",
    /^launch type should be one of \[.*EC2.*\]$/,
    { launchType: "LAMBDA" as never },
  ),
  refused(
    "scheduling-enum",
    "A scheduling strategy is one of the API's",
    /^Scheduling strategy should be one of \[.*\]$/,
    { schedulingStrategy: "CRON" as never },
  ),
  refused(
    "unknown-provider",
    "A strategy names capacity providers that exist",
    /capacity provider/,
    { capacityProviderStrategy: [{ capacityProvider: "there-is-no-such-provider", weight: 1 }] },
    { wording: "reported" },
  ),
  refused(
    "foreign-provider",
    "A strategy names capacity providers of the cluster",
    /^The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster/,
    { capacityProviderStrategy: strategy(1) },
  ),
  refused(
    "weights",
    "A strategy has a provider with a weight above 0",
    /^There are no capacity providers in the capacity provider strategy with a weight value greater than zero/,
    async (context) => ({ cluster: await fargateCluster(context), capacityProviderStrategy: strategy(0, 0) }),
    { source: ecsApi("CapacityProviderStrategyItem") },
  ),
  refused(
    "bases",
    "One provider of a strategy at most has a base",
    /^There are multiple capacity providers in the specified capacity provider strategy with a base value defined/,
    async (context) => ({
      cluster: await fargateCluster(context),
      capacityProviderStrategy: strategy(1, 1).map((item) => ({ ...item, base: 1 })),
    }),
    { source: ecsApi("CapacityProviderStrategyItem") },
  ),
  refused(
    "not-for-fargate",
    "FARGATE wants a definition that Fargate can run",
    "Task definition does not support launch_type FARGATE.",
    { launchType: "FARGATE" },
  ),
  refused(
    "platform-version-on-hosts",
    "A platform version is for Fargate only",
    /^The platform version must be null when specifying an EC2 launch type\.?$/,
    { launchType: "EC2", platformVersion: "LATEST" },
  ),
  refused(
    "platform-version-unknown",
    "A platform version that there is not is PlatformUnknownException",
    /platform version does(n't| not) exist/,
    async (context) => ({ ...(await onFargate(context)), platformVersion: "9.9.9" }),
    { needs: ["network"], type: "PlatformUnknownException", wording: "inferred" },
  ),
  refused(
    "strategies-on-fargate",
    "Fargate has no placement strategies",
    "Placement strategies are not supported with FARGATE launch type.",
    async (context) => ({ ...(await onFargate(context)), placementStrategy: [{ type: "random" }] }),
    { needs: ["network"] },
  ),
  refused(
    "constraints-on-fargate",
    "A service on Fargate has no placement constraints",
    /^Placement constraints are not supported with FARGATE launch type/,
    async (context) => ({
      ...(await onFargate(context)),
      placementConstraints: [{ type: "distinctInstance" }],
    }),
    { needs: ["network"] },
  ),
  refused(
    "six-strategies",
    "A service has 5 placement strategies at most",
    /^Maximum number of strategies is 5/,
    {
      placementStrategy: Array.from({ length: 6 }, () => ({ type: "spread" as const, field: "instanceId" })),
    },
    { source: ecsApi("PlacementStrategy") },
  ),
  refused(
    "binpack-field",
    "binpack goes by cpu or memory",
    /^binpack field 'disk' is invalid/,
    { placementStrategy: [{ type: "binpack", field: "disk" }] },
    { source: ecsApi("PlacementStrategy") },
  ),
  refused(
    "distinct-expression",
    "distinctInstance takes no expression",
    /^distinctInstance expression should not be specified/,
    { placementConstraints: [{ type: "distinctInstance", expression: "attribute:x == y" }] },
    { source: ecsApi("PlacementConstraint") },
  ),
  refused(
    "daemon-count",
    "A DAEMON service takes no desired count",
    /^The daemon scheduling strategy does not support a desired count for services/,
    { schedulingStrategy: "DAEMON", desiredCount: 1 },
  ),
  refused(
    "daemon-strategies",
    "A DAEMON service takes no placement strategies",
    /^The daemon scheduling strategy does not support placement strategies/,
    { schedulingStrategy: "DAEMON", desiredCount: undefined, placementStrategy: [{ type: "random" }] },
  ),
  refused(
    "daemon-maximum",
    "A DAEMON service's maximumPercent is 100 at most",
    /^The daemon scheduling strategy does not support values above 100 for maximumPercent/,
    {
      schedulingStrategy: "DAEMON",
      desiredCount: undefined,
      deploymentConfiguration: { maximumPercent: 200 },
    },
    { source: ecsApi("DeploymentConfiguration") },
  ),
  refused(
    "rebalancing-maximum",
    "Zone rebalancing wants room above 100 per cent",
    /^Availability Zone Rebalancing does not support maximumPercent <= 100/,
    {
      availabilityZoneRebalancing: "ENABLED",
      deploymentConfiguration: { maximumPercent: 100, minimumHealthyPercent: 0 },
    },
    { source: ecsGuide("service-rebalancing") },
  ),
];
