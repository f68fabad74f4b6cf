import type { Construct } from "constructs";
import type { Environment, UserSettings } from "../scripts/core/environments.ts";
import { ClusterStack } from "./cluster.ts";
import { addDomain } from "./domain.ts";
import type { DomainEntry } from "./domain.ts";
import type { EnvironmentStackSettings } from "./environment-stack.ts";
import { LoadBalancerStack } from "./load-balancer.ts";
import { NetworkStack } from "./network.ts";
import type { EnvironmentNetwork } from "./network.ts";
import { RegistryStack, SharedRegistryStack } from "./registry.ts";
import { RolesStack } from "./roles.ts";
import { SharedLoadBalancerStack } from "./shared-load-balancer.ts";
import { SharedNetworkStack } from "./shared-network.ts";
import { addDashboard, addSurroundings } from "./surroundings.ts";
import { UsersStack } from "./users.ts";

const variants = ["external", "internal"] as const;

/** What makes the whole app. */
export interface SlipwaySettings {
  readonly environments: ReadonlyMap<string, Environment>;
  readonly users: UserSettings;
  /** Folder of the Terraform state files. */
  readonly stateDirectory: string;
}

/**
 * Adds every stack to an app: five an environment, and one for the account. An environment that shares another's
 * network has the same ones, without a VPC and load balancers of its own.
 */
export function addStacks(app: Construct, settings: SlipwaySettings): void {
  const environments = [...settings.environments.values()];
  const { users, stateDirectory } = settings;
  const domains = new Map<string, DomainEntry>();
  for (const environment of environments.filter(({ sharesNetworkOf }) => sharesNetworkOf === undefined)) {
    const { name } = environment;
    const sharers = environments.filter(({ sharesNetworkOf }) => sharesNetworkOf === name);
    addEnvironment(app, { environment, sharers, stateDirectory, domains });
  }
  addRegistries(app, environments, stateDirectory);
  const [first] = environments;
  if (first !== undefined) {
    const zoned = environments.map((environment) => withZone(environment, domains.get(environment.name)));
    new UsersStack(app, { environments: zoned, users, region: first.region, stateDirectory });
  }
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
  readonly sharers: readonly Environment[];
  /** Filled with the domain of each. */
  readonly domains: Map<string, DomainEntry>;
}

/**
 * References between stacks go one way: from the key and the topic to the network, from there to load balancers and
 * cluster, which come up side by side, and from the load balancers to the dashboard.
 */
function addEnvironment(app: Construct, { sharers, domains, ...settings }: EnvironmentParts): void {
  const { environment, stateDirectory } = settings;
  const common = addSurroundings(app, settings);
  const network = new NetworkStack(app, common);
  const domain = addDomain(app, { ...common, vpcId: network.vpcId });
  domains.set(environment.name, domain);
  const entries = variants.flatMap((variant) => {
    const loadBalancer = environment.loadBalancers[variant];
    if (loadBalancer === undefined) return [];
    return [new LoadBalancerStack(app, { ...common, network, domain, variant, loadBalancer, sharers })];
  });
  addRolesAndCluster(app, common, network);
  addDashboard(app, common, entries);
  for (const sharer of sharers) {
    const own = addSurroundings(app, { environment: sharer, stateDirectory });
    const shared = new SharedNetworkStack(app, { ...own, owner: network });
    const sharerDomain = addDomain(app, { ...own, vpcId: network.vpcId });
    domains.set(sharer.name, sharerDomain);
    const parts = entries.map(
      ({ variant, entry }) =>
        new SharedLoadBalancerStack(app, { ...own, network: shared, domain: sharerDomain, variant, entry }),
    );
    addRolesAndCluster(app, own, shared);
    addDashboard(app, own, parts);
  }
}

/** Repositories where the file asks for them, and what an environment that uses another's publishes of them. */
function addRegistries(app: Construct, environments: readonly Environment[], stateDirectory: string): void {
  const owned = new Map<string, RegistryStack>();
  for (const environment of environments) {
    const { name, registry } = environment;
    if (registry?.owner === name)
      owned.set(name, new RegistryStack(app, { environment, stateDirectory, registry }));
  }
  for (const environment of environments) {
    const { name, registry } = environment;
    const owner = registry === undefined || registry.owner === name ? undefined : owned.get(registry.owner);
    if (owner !== undefined) new SharedRegistryStack(app, { environment, stateDirectory, owner });
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
