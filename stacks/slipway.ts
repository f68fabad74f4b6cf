import type { Construct } from "constructs";
import type { Environment, StateSettings, UserSettings } from "../scripts/core/environments.ts";
import type { StateLocation } from "./backend.ts";
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
  readonly state: StateSettings;
  /** Folder of the Terraform state files, where the state is local. */
  readonly stateDirectory: string;
}

/**
 * Adds every stack to an app: five an environment, and one for each account. An environment that shares another's
 * network has the same ones, without a VPC and load balancers of its own.
 */
export function addStacks(app: Construct, settings: SlipwaySettings): void {
  const environments = [...settings.environments.values()];
  const { users, state, stateDirectory } = settings;
  const where = { state, stateDirectory };
  for (const environment of environments.filter(({ sharesNetworkOf }) => sharesNetworkOf === undefined)) {
    const { name } = environment;
    const sharers = environments.filter(({ sharesNetworkOf }) => sharesNetworkOf === name);
    addEnvironment(app, environment, sharers, where);
  }
  for (const [index, inAccount] of byAccount(environments).entries()) {
    // The first account's stack keeps the id that it had when there was one account.
    const id = index === 0 ? "users" : `users-${String(inAccount[0]?.account)}`;
    new UsersStack(app, { id, environments: inAccount, users, ...where });
  }
}

/** The environments of each account, in the order of the file; all of them together where it names none. */
function byAccount(environments: readonly Environment[]): Environment[][] {
  const accounts = new Set(environments.map(({ account }) => account));
  return [...accounts].map((account) => environments.filter((one) => one.account === account));
}

/** References between stacks go one way, from the network on, so load balancers and cluster come up side by side. */
function addEnvironment(
  app: Construct,
  environment: Environment,
  sharers: readonly Environment[],
  where: StateLocation,
): void {
  const common = { environment, ...where };
  const network = new NetworkStack(app, common);
  const entries = variants.flatMap((variant) => {
    const loadBalancer = environment.loadBalancers[variant];
    if (loadBalancer === undefined) return [];
    const stack = new LoadBalancerStack(app, { ...common, network, variant, loadBalancer, sharers });
    return [{ variant, entry: stack.entry }];
  });
  addRolesAndCluster(app, common, network);
  for (const sharer of sharers) {
    const own = { environment: sharer, ...where };
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
