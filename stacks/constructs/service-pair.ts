import { AlbListenerRule } from "@cdktf/provider-aws/lib/alb-listener-rule/index.js";
import type { AlbListenerRuleAction } from "@cdktf/provider-aws/lib/alb-listener-rule/index.js";
import type { AlbTargetGroup } from "@cdktf/provider-aws/lib/alb-target-group/index.js";
import { Construct } from "constructs";
import type { Environment } from "../../scripts/core/environments.ts";
import { liveHost } from "../../scripts/core/environments/live-host.ts";
import { targetGroupName } from "../../scripts/core/staged/names.ts";
import type { TargetSeries } from "../dashboard/traffic.ts";
import type { OutputValue } from "../environment-stack.ts";
import { addTargetGroup } from "./target-group.ts";
import { addTrafficAlarms } from "./traffic-alarms.ts";

type ServiceSettings = Environment["services"][string];

/** How a service that has two target groups gets its traffic. */
type PairSettings = Extract<NonNullable<ServiceSettings["blueGreen"]>, { by: "codeDeploy" } | { by: "ecs" }>;

/** Where a service's requests come from. */
interface TrafficEntry {
  readonly vpcId: string;
  readonly listenerArn: string;
  readonly testListenerArn: string | undefined;
  /** Last part of the load balancer's ARN, as CloudWatch has it. */
  readonly loadBalancerSuffix: string;
}

/** What makes the pair of a service. */
export interface ServicePairProps {
  readonly environment: Environment;
  readonly serviceName: string;
  readonly networkMode: ServiceSettings["networkMode"];
  readonly settings: PairSettings;
  readonly entry: TrafficEntry;
  /** The SNS topic that the alarms tell. */
  readonly eventTopicArn: string | undefined;
}

const colours = ["blue", "green"] as const;

/**
 * Two target groups that a service's deployments take in turn, the rules that CodeDeploy or ECS moves between them on
 * the production and on the test listener, and the alarms that turn a deployment back.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/alb-resources-for-blue-green.html
 */
export class ServicePair extends Construct {
  /** By the names that deployments read. */
  readonly outputs: Readonly<Record<string, OutputValue>>;
  /** Both target groups, as a dashboard has them. */
  readonly groups: readonly TargetSeries[];
  readonly #props: ServicePairProps;
  readonly #tags: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, props: ServicePairProps) {
    super(scope, id);
    this.#props = props;
    const { environment, serviceName, settings, entry } = props;
    this.#tags = { "slipway:environment": environment.name, "slipway:application": serviceName };
    const groups = { blue: this.#addGroup("blue"), green: this.#addGroup("green") };
    const production = this.#addRule("production-rule", entry.listenerArn, groups);
    const test =
      entry.testListenerArn === undefined
        ? undefined
        : this.#addRule("test-rule", entry.testListenerArn, groups);
    this.groups = colours.map((colour) => ({ label: colour, suffix: groups[colour].arnSuffix }));
    const alarmNames = colours.flatMap((colour) =>
      addTrafficAlarms(this, `${colour}-alarm`, {
        ...settings.alarms,
        environment: environment.name,
        service: serviceName,
        colour,
        targetGroupSuffix: groups[colour].arnSuffix,
        loadBalancerSuffix: entry.loadBalancerSuffix,
        tags: this.#tags,
        topicArn: props.eventTopicArn,
      }),
    );
    const prefix = `service-${serviceName}`;
    this.outputs = {
      [`${prefix}-blue-target-group-arn`]: groups.blue.arn,
      [`${prefix}-blue-target-group-name`]: groups.blue.name,
      [`${prefix}-green-target-group-arn`]: groups.green.arn,
      [`${prefix}-green-target-group-name`]: groups.green.name,
      [`${prefix}-production-rule-arn`]: production.arn,
      ...(test === undefined ? {} : { [`${prefix}-test-rule-arn`]: test.arn }),
      [`${prefix}-alarm-names`]: alarmNames,
    };
  }

  #addGroup(colour: "blue" | "green"): AlbTargetGroup {
    const { environment, serviceName, networkMode, settings, entry } = this.#props;
    const application = { environment: environment.name, application: serviceName };
    return addTargetGroup(this, `${colour}-target-group`, {
      name: targetGroupName(application, colour),
      targetType: networkMode === "awsvpc" ? "ip" : "instance",
      vpcId: entry.vpcId,
      settings: settings.targetGroup,
      tags: this.#tags,
    });
  }

  #addRule(
    id: string,
    listenerArn: string,
    groups: { readonly blue: AlbTargetGroup; readonly green: AlbTargetGroup },
  ): AlbListenerRule {
    const { environment, serviceName, settings } = this.#props;
    const host = liveHost(serviceName, settings, environment.domain);
    return new AlbListenerRule(this, id, {
      listenerArn,
      priority: settings.priority,
      condition: [
        ...(host === undefined ? [] : [{ hostHeader: { values: [host] } }]),
        ...(settings.paths === undefined ? [] : [{ pathPattern: { values: [...settings.paths] } }]),
      ],
      action: [firstAction(settings, groups)],
      tags: { ...this.#tags },
      // Deployments move it; Terraform must not move it back.
      lifecycle: { ignoreChanges: ["action"] },
    });
  }
}

/** ECS takes only target groups that a rule of the load balancer names, the second one too; CodeDeploy adds it itself. */
function firstAction(
  { by }: PairSettings,
  { blue, green }: { readonly blue: AlbTargetGroup; readonly green: AlbTargetGroup },
): AlbListenerRuleAction {
  return by === "codeDeploy"
    ? { type: "forward", targetGroupArn: blue.arn }
    : {
        type: "forward",
        forward: {
          targetGroup: [
            { arn: blue.arn, weight: 1 },
            { arn: green.arn, weight: 0 },
          ],
        },
      };
}
