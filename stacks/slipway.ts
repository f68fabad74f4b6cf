import type { Construct } from "constructs";
import type { Environment, Pipeline, UserSettings } from "../scripts/core/environments.ts";
import { ClusterStack } from "./cluster.ts";
import type { EnvironmentStackSettings } from "./environment-stack.ts";
import { LoadBalancerStack } from "./load-balancer.ts";
import { NetworkStack } from "./network.ts";
import type { EnvironmentNetwork } from "./network.ts";
import { RolesStack } from "./roles.ts";
import { SharedLoadBalancerStack } from "./shared-load-balancer.ts";
import { SharedNetworkStack } from "./shared-network.ts";
import { UsersStack } from "./users.ts";

const variants = ["external", "internal"] as const;

/** What makes the whole app. */
export interface SlipwaySettings {
  readonly environments: ReadonlyMap<string, Environment>;
  readonly users: UserSettings;
  /** By name. */
  readonly pipelines: ReadonlyMap<string, Pipeline>;
  readonly existingIdentityProviders: readonly string[];
  /** Folder of the Terraform state files. */
  readonly stateDirectory: string;
}

/**
 * Adds every stack to an app: five an environment, and one for the account. An environment that shares another's
 * network has the same ones, without a VPC and load balancers of its own.
 */
export function addStacks(app: Construct, settings: SlipwaySettings): void {
  const environments = [...settings.environments.values()];
  const { stateDirectory } = settings;
  for (const environment of environments.filter(({ sharesNetworkOf }) => sharesNetworkOf === undefined)) {
    const { name } = environment;
    const sharers = environments.filter(({ sharesNetworkOf }) => sharesNetworkOf === name);
    addEnvironment(app, environment, sharers, stateDirectory);
  }
  const [first] = environments;
  if (first !== undefined) {
    new UsersStack(app, { ...settings, environments, region: first.region });
  }
}

/** References between stacks go one way, from the network on, so load balancers and cluster come up side by side. */
function addEnvironment(
  app: Construct,
  environment: Environment,
  sharers: readonly Environment[],
  stateDirectory: string,
): void {
  const common = { environment, stateDirectory };
  const network = new NetworkStack(app, common);
  const entries = variants.flatMap((variant) => {
    const loadBalancer = environment.loadBalancers[variant];
    if (loadBalancer === undefined) return [];
    const stack = new LoadBalancerStack(app, { ...common, network, variant, loadBalancer, sharers });
    return [{ variant, entry: stack.entry }];
  });
  addRolesAndCluster(app, common, network);
  for (const sharer of sharers) {
    const own = { environment: sharer, stateDirectory };
    const shared = new SharedNetworkStack(app, { ...own, owner: network });
    for (const { variant, entry } of entries) {
      new SharedLoadBalancerStack(app, { ...own, network: shared, variant, entry });
    }
    addRolesAndCluster(app, own, shared);
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
