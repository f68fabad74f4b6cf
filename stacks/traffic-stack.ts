import type { Construct } from "constructs";
import { ServicePair } from "./constructs/service-pair.ts";
import type { TargetSeries } from "./dashboard/traffic.ts";
import { EnvironmentStack } from "./environment-stack.ts";
import type { EnvironmentStackSettings } from "./environment-stack.ts";

/** Internet-facing in the public subnets, or inside the VPC in the private ones. */
export type LoadBalancerVariant = "external" | "internal";

/** A load balancer as those refer to it whose requests it takes. */
export interface LoadBalancerEntry {
  readonly arn: string;
  /** Last part of the ARN, as CloudWatch has it. */
  readonly arnSuffix: string;
  readonly dnsName: string;
  readonly zoneId: string;
  readonly securityGroupId: string;
  readonly listenerArn: string;
  readonly testListenerArn: string | undefined;
}

/** What an environment has of a load balancer, its own or a shared one. Its id is `<environment>-load-balancer-<variant>`. */
export abstract class TrafficStack extends EnvironmentStack {
  readonly variant: LoadBalancerVariant;
  abstract readonly entry: LoadBalancerEntry;
  /** Target groups of services that have none of their own, where they are this environment's. */
  readonly commonGroups: readonly TargetSeries[] = [];
  /** Target groups of the environment's services, by service. */
  readonly pairGroups: ReadonlyMap<string, readonly TargetSeries[]>;
  readonly #pairGroups = new Map<string, readonly TargetSeries[]>();

  constructor(scope: Construct, variant: LoadBalancerVariant, settings: EnvironmentStackSettings) {
    super(scope, `load-balancer-${variant}`, settings);
    this.variant = variant;
    this.pairGroups = this.#pairGroups;
  }

  /** Publishes what deployments need to send requests to their tasks. */
  protected publishEntry(entry: LoadBalancerEntry): void {
    const prefix = `alb-${this.variant}`;
    this.publish({
      [`${prefix}-arn`]: entry.arn,
      [`${prefix}-dns-name`]: entry.dnsName,
      [`${prefix}-zone-id`]: entry.zoneId,
      [`${prefix}-security-group-id`]: entry.securityGroupId,
      [`${prefix}-listener-arn`]: entry.listenerArn,
      ...(entry.testListenerArn === undefined
        ? {}
        : { [`${prefix}-test-listener-arn`]: entry.testListenerArn }),
    });
  }

  /** Adds what the environment's blue/green services have on this load balancer, and publishes it. */
  protected addPairs(vpcId: string, entry: LoadBalancerEntry): void {
    for (const [serviceName, { networkMode, blueGreen }] of Object.entries(this.environment.services)) {
      if (blueGreen !== undefined && blueGreen.by !== "stage" && blueGreen.loadBalancer === this.variant) {
        const pair = new ServicePair(this, `service-${serviceName}`, {
          environment: this.environment,
          serviceName,
          networkMode,
          settings: blueGreen,
          entry: { ...entry, vpcId, loadBalancerSuffix: entry.arnSuffix },
          eventTopicArn: this.eventTopicArn,
        });
        this.#pairGroups.set(serviceName, pair.groups);
        this.publish(pair.outputs);
      }
    }
  }
}
