import { CloudwatchDashboard } from "@cdktf/provider-aws/lib/cloudwatch-dashboard/index.js";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity/index.js";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition/index.js";
import type { Construct } from "constructs";
import { clusterName, eventTopicName, logGroupName } from "../scripts/core/naming.ts";
import { targetGroupPrefix } from "../scripts/core/staged/names.ts";
import { arnIn } from "./constructs/arns.ts";
import type { Account } from "./constructs/arns.ts";
import { eventRules, ruleName } from "./constructs/event-rules.ts";
import { pairAlarmNames } from "./constructs/traffic-alarms.ts";
import { dashboardBody } from "./dashboard/body.ts";
import type { DashboardService } from "./dashboard/body.ts";
import { EnvironmentStack } from "./environment-stack.ts";
import type { EnvironmentStackSettings } from "./environment-stack.ts";
import type { LoadBalancerVariant, TrafficStack } from "./traffic-stack.ts";

/** What makes the dashboard of an environment. */
export interface DashboardStackSettings extends EnvironmentStackSettings {
  /** The environment's part of each load balancer that it uses. */
  readonly traffic: readonly TrafficStack[];
}

/**
 * The CloudWatch dashboard of an environment. It refers to the load balancers, whose metrics go by ids that AWS gives,
 * and so comes last.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Dashboards.html
 */
export class DashboardStack extends EnvironmentStack {
  readonly #traffic: readonly TrafficStack[];

  constructor(scope: Construct, settings: DashboardStackSettings) {
    super(scope, "dashboard", settings);
    this.#traffic = settings.traffic;
    const { name, region, cluster, services } = this.environment;
    const account = {
      partition: new DataAwsPartition(this, "partition").partition,
      id: new DataAwsCallerIdentity(this, "account").accountId,
    };
    const dashboard = new CloudwatchDashboard(this, "dashboard", {
      dashboardName: `${name}-ecs`,
      dashboardBody: dashboardBody({
        environment: name,
        region,
        cluster: clusterName(name),
        hasHosts: cluster.ec2 !== null || Object.keys(cluster.extraInstanceGroups).length > 0,
        containerInsights: cluster.containerInsights !== "disabled",
        logGroup: logGroupName(name),
        ruleNames: eventRules(this.environment, account).map(({ id }) => ruleName(name, id)),
        topicName: eventTopicName(name),
        alarmArns: this.#alarmArns(account),
        balancers: this.#traffic.map(({ variant, entry, commonGroups }) => ({
          variant,
          suffix: entry.arnSuffix,
          groups: commonGroups,
        })),
        services: Object.keys(services).map((service) => this.#service(service)),
      }),
    });
    this.publish({ "dashboard-name": dashboard.dashboardName });
  }

  /** By their names, so that not each of them is a reference to another stack. */
  #alarmArns(account: Account): string[] {
    const { name, region, services } = this.environment;
    return Object.entries(services).flatMap(([service, { blueGreen }]) =>
      blueGreen === undefined || blueGreen.by === "stage" || this.#of(blueGreen.loadBalancer) === undefined
        ? []
        : pairAlarmNames(name, service).map((alarm) =>
            arnIn(account, "cloudwatch", region, `alarm:${alarm}`),
          ),
    );
  }

  #service(service: string): DashboardService {
    const { name: environment, services } = this.environment;
    const blueGreen = services[service]?.blueGreen;
    const staged = blueGreen?.by === "stage";
    const balancer = blueGreen === undefined ? undefined : this.#of(blueGreen.loadBalancer);
    if (balancer === undefined) return { name: service, staged };
    const words = targetGroupPrefix({ environment, application: service }).split("-").filter(Boolean);
    const groups = staged ? { words } : (balancer.pairGroups.get(service) ?? []);
    return { name: service, staged, traffic: { balancerSuffix: balancer.entry.arnSuffix, groups } };
  }

  #of(variant: LoadBalancerVariant): TrafficStack | undefined {
    return this.#traffic.find((stack) => stack.variant === variant);
  }
}
