import type { Action } from "@aws-sdk/client-elastic-load-balancing-v2";

/** Where a container can be reached in the modelled network: a host's instance id or an address, and a port. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** What the pure core asks the outside to do. */
export type Effect =
  | {
      readonly type: "start-container";
      readonly taskId: string;
      readonly container: string;
      readonly image: string;
      readonly family: string;
      readonly revision: number;
      /** Every (host, port) at which this container's server is to be found, by container port. */
      readonly endpoints: readonly Endpoint[];
    }
  | { readonly type: "stop-containers"; readonly taskId: string; readonly kill: boolean }
  | {
      /** Writes a rule's actions, or those of a listener's default rule, to moto. */
      readonly type: "shift-traffic";
      readonly ruleOrListenerArn: string;
      readonly actions: readonly Action[];
    }
  | { readonly type: "log"; readonly message: string };
