import type { Construct } from "constructs";
import type { Environment, UserSettings } from "../scripts/core/environments.ts";
import { ClusterStack } from "./cluster.ts";
import type { EnvironmentStackSettings } from "./environment-stack.ts";
import { LoadBalancerStack } from "./load-balancer.ts";
import { NetworkStack } from "./network.ts";
import type { EnvironmentNetwork } from "./network.ts";
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
  for (const environment of environments.filter(({ sharesNetworkOf }) => sharesNetworkOf === undefined)) {
    const { name } = environment;
    const sharers = environments.filter(({ sharesNetworkOf }) => sharesNetworkOf === name);
    addEnvironment(app, environment, sharers, stateDirectory);
  }
  const [first] = environments;
  if (first !== undefined) {
    new UsersStack(app, { environments, users, region: first.region, stateDirectory });
  }
}

/**
 * References between stacks go one way: from the key and the topic to the network, from there to load balancers and
 * cluster, which come up side by side, and from the load balancers to the dashboard.
 */
function addEnvironment(
  app: Construct,
  environment: Environment,
  sharers: readonly Environment[],
  stateDirectory: string,
): void {
  const common = addSurroundings(app, { environment, stateDirectory });
  const network = new NetworkStack(app, common);
  const entries = variants.flatMap((variant) => {
    const loadBalancer = environment.loadBalancers[variant];
    if (loadBalancer === undefined) return [];
    const stack = new LoadBalancerStack(app, { ...common, network, variant, loadBalancer, sharers });
    return [stack];
  });
  addRolesAndCluster(app, common, network);
  addDashboard(app, common, entries);
  for (const sharer of sharers) {
    const own = addSurroundings(app, { environment: sharer, stateDirectory });
    const shared = new SharedNetworkStack(app, { ...own, owner: network });
    const parts = entries.map(
      ({ variant, entry }) => new SharedLoadBalancerStack(app, { ...own, network: shared, variant, entry }),
    );
    addRolesAndCluster(app, own, shared);
    addDashboard(app, own, parts);
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
