import type { Construct } from "constructs";
import type { Environment, Pipeline, StateSettings, UserSettings } from "../scripts/core/environments.ts";
import { ClusterStack } from "./cluster.ts";
import { DashboardStack } from "./dashboard.ts";
import { addDomain } from "./domain.ts";
import type { DomainEntry } from "./domain.ts";
import type { EnvironmentStackSettings } from "./environment-stack.ts";
import { addKeyAndTopic } from "./key-and-topic.ts";
import { LoadBalancerStack } from "./load-balancer.ts";
import { NetworkStack } from "./network.ts";
import type { EnvironmentNetwork } from "./network.ts";
import { RegistryStack, SharedRegistryStack } from "./registry.ts";
import { RolesStack } from "./roles.ts";
import { SharedLoadBalancerStack } from "./shared-load-balancer.ts";
import { SharedNetworkStack } from "./shared-network.ts";
import type { TrafficStack } from "./traffic-stack.ts";
import { UsersStack } from "./users.ts";

const variants = ["external", "internal"] as const;

/** What makes the whole app. */
export interface SlipwaySettings {
  readonly environments: ReadonlyMap<string, Environment>;
  readonly users: UserSettings;
  readonly state: StateSettings;
  /** By name. */
  readonly pipelines: ReadonlyMap<string, Pipeline>;
  /** Identity providers that IAM has already, by ARN or by host. */
  readonly existingIdentityProviders: readonly string[];
  /** Folder of the Terraform state files, where the state is local. */
  readonly stateDirectory: string;
}

/**
 * Adds every stack to an app: those of each environment, as far as its file asks for them, and one for each account. An
 * environment that shares another's network has no VPC and no load balancers of its own.
 */
export function addStacks(app: Construct, settings: SlipwaySettings): void {
  const environments = [...settings.environments.values()];
  const { users, existingIdentityProviders, state, stateDirectory } = settings;
  const where = { state, stateDirectory };
  const domains = new Map<string, DomainEntry>();
  const prepared = environments.map((environment) => addKeyAndTopic(app, { environment, ...where }));
  for (const common of prepared) {
    const { name, sharesNetworkOf } = common.environment;
    const sharers = prepared.filter(({ environment }) => environment.sharesNetworkOf === name);
    if (sharesNetworkOf === undefined) addEnvironment(app, { ...common, sharers, domains });
  }
  addRegistries(app, prepared);
  for (const [index, inAccount] of byAccount(environments).entries()) {
    // The first account's stack keeps the id that it had when there was one account.
    const id = index === 0 ? "users" : `users-${String(inAccount[0]?.account)}`;
    const zoned = inAccount.map((environment) => withZone(environment, domains.get(environment.name)));
    const pipelines = pipelinesOf(settings.pipelines, inAccount);
    new UsersStack(app, { id, environments: zoned, users, pipelines, existingIdentityProviders, ...where });
  }
}

/** The environments of each account, in the order of the file; all of them together where it names none. */
function byAccount(environments: readonly Environment[]): Environment[][] {
  const accounts = new Set(environments.map(({ account }) => account));
  return [...accounts].map((account) => environments.filter((one) => one.account === account));
}

/** The pipelines that deploy to environments of an account, each with those alone. */
function pipelinesOf(
  pipelines: ReadonlyMap<string, Pipeline>,
  inAccount: readonly Environment[],
): ReadonlyMap<string, Pipeline> {
  const names = new Set(inAccount.map(({ name }) => name));
  const own = [...pipelines].map(([name, pipeline]): [string, Pipeline] => [
    name,
    { ...pipeline, environments: pipeline.environments.filter((environment) => names.has(environment)) },
  ]);
  return new Map(own.filter(([, { environments }]) => environments.length > 0));
}

/** The environment as deployments know it: with the id of its public zone, also where the zone is made here. */
function withZone(environment: Environment, entry: DomainEntry | undefined): Environment {
  const { domain } = environment;
  return domain === undefined || entry?.publicZoneId === undefined
    ? environment
    : { ...environment, domain: { ...domain, hostedZoneId: entry.publicZoneId } };
}

/** What makes the stacks of an environment and of those that share its network. */
interface EnvironmentParts extends EnvironmentStackSettings {
  readonly sharers: readonly EnvironmentStackSettings[];
  /** Filled with the domain of each. */
  readonly domains: Map<string, DomainEntry>;
}

/**
 * References between stacks go one way: from the key and the topic to the network, from there to load balancers and
 * cluster, which come up side by side, and from the load balancers to the dashboard.
 */
function addEnvironment(app: Construct, { sharers, domains, ...common }: EnvironmentParts): void {
  const network = new NetworkStack(app, common);
  const domain = addDomain(app, { ...common, vpcId: network.vpcId });
  domains.set(common.environment.name, domain);
  const sharing = sharers.map(({ environment }) => environment);
  const entries = variants.flatMap((variant) => {
    const loadBalancer = common.environment.loadBalancers[variant];
    if (loadBalancer === undefined) return [];
    return [
      new LoadBalancerStack(app, { ...common, network, domain, variant, loadBalancer, sharers: sharing }),
    ];
  });
  addRolesAndCluster(app, common, network);
  addDashboard(app, common, entries);
  for (const own of sharers) {
    const shared = new SharedNetworkStack(app, { ...own, owner: network });
    const sharerDomain = addDomain(app, { ...own, vpcId: network.vpcId });
    domains.set(own.environment.name, sharerDomain);
    const parts = entries.map(
      ({ variant, entry }) =>
        new SharedLoadBalancerStack(app, { ...own, network: shared, domain: sharerDomain, variant, entry }),
    );
    addRolesAndCluster(app, own, shared);
    addDashboard(app, own, parts);
  }
}

/** Repositories where the file asks for them, and what an environment that uses another's publishes of them. */
function addRegistries(app: Construct, prepared: readonly EnvironmentStackSettings[]): void {
  const owned = new Map<string, RegistryStack>();
  for (const common of prepared) {
    const { name, registry } = common.environment;
    if (registry?.owner === name) owned.set(name, new RegistryStack(app, { ...common, registry }));
  }
  for (const common of prepared) {
    const { name, registry } = common.environment;
    const owner = registry === undefined || registry.owner === name ? undefined : owned.get(registry.owner);
    if (owner !== undefined) new SharedRegistryStack(app, { ...common, owner });
  }
}

function addRolesAndCluster(
  app: Construct,
  common: EnvironmentStackSettings,
  network: EnvironmentNetwork,
): void {
  new RolesStack(app, common);
  new ClusterStack(app, { ...common, network });
}

/** Adds the dashboard of an environment that wants one. */
function addDashboard(
  app: Construct,
  settings: EnvironmentStackSettings,
  traffic: readonly TrafficStack[],
): void {
  if (settings.environment.monitoring?.dashboard === true) new DashboardStack(app, { ...settings, traffic });
}
