import type { Construct } from "constructs";
import type { Environment, UserSettings } from "../scripts/core/environments.ts";
import { ClusterStack } from "./cluster.ts";
import { LoadBalancerStack } from "./load-balancer.ts";
import { NetworkStack } from "./network.ts";
import { RolesStack } from "./roles.ts";
import { UsersStack } from "./users.ts";

/** What makes the whole app. */
export interface SlipwaySettings {
  readonly environments: ReadonlyMap<string, Environment>;
  readonly users: UserSettings;
  /** Folder of the Terraform state files. */
  readonly stateDirectory: string;
}

/** Adds every stack to an app: five an environment, and one for the account. */
export function addStacks(app: Construct, settings: SlipwaySettings): void {
  const environments = [...settings.environments.values()];
  for (const environment of environments) {
    addEnvironment(app, environment, settings.stateDirectory);
  }
  const [first] = environments;
  if (first !== undefined) {
    const { users, stateDirectory } = settings;
    new UsersStack(app, { environments, users, region: first.region, stateDirectory });
  }
}

/** References between stacks go one way, from the network on, so load balancers and cluster come up side by side. */
function addEnvironment(app: Construct, environment: Environment, stateDirectory: string): void {
  const common = { environment, stateDirectory };
  const network = new NetworkStack(app, common);
  for (const variant of ["external", "internal"] as const) {
    const loadBalancer = environment.loadBalancers[variant];
    if (loadBalancer !== undefined) {
      new LoadBalancerStack(app, { ...common, network, variant, loadBalancer });
    }
  }
  new RolesStack(app, common);
  new ClusterStack(app, { ...common, network });
}
