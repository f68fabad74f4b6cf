import { CloudwatchEventRule } from "@cdktf/provider-aws/lib/cloudwatch-event-rule/index.js";
import { CloudwatchEventTarget } from "@cdktf/provider-aws/lib/cloudwatch-event-target/index.js";
import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity/index.js";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition/index.js";
import { SnsTopicPolicy } from "@cdktf/provider-aws/lib/sns-topic-policy/index.js";
import { SnsTopicSubscription } from "@cdktf/provider-aws/lib/sns-topic-subscription/index.js";
import { SnsTopic } from "@cdktf/provider-aws/lib/sns-topic/index.js";
import type { Construct } from "constructs";
import { createHash } from "node:crypto";
import { eventTopicName } from "../scripts/core/naming.ts";
import { arnIn } from "./constructs/arns.ts";
import { eventRules, ruleName } from "./constructs/event-rules.ts";
import type { EventRule } from "./constructs/event-rules.ts";
import { allowService, resourcePolicy } from "./constructs/resource-policy.ts";
import { EnvironmentStack } from "./environment-stack.ts";
import type { EnvironmentStackSettings } from "./environment-stack.ts";

/** What makes the monitoring of an environment. */
export interface MonitoringStackSettings extends EnvironmentStackSettings {
  /** Email addresses and https endpoints. */
  readonly subscriptions: readonly string[];
}

/**
 * Who is told when something goes wrong: a topic, the rules that tell it of failed tasks and deployments, and those
 * who listen. The alarms of the services refer to the topic, so this comes before the load balancers.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 */
export class MonitoringStack extends EnvironmentStack {
  readonly topicArn: string;

  constructor(scope: Construct, settings: MonitoringStackSettings) {
    super(scope, "monitoring", settings);
    const { name, region } = this.environment;
    const account = {
      partition: new DataAwsPartition(this, "partition").partition,
      id: new DataAwsCallerIdentity(this, "account").accountId,
    };
    const topic = new SnsTopic(this, "topic", {
      name: eventTopicName(name),
      displayName: `ECS ${name}`,
      ...(this.encryptionKeyArn === undefined ? {} : { kmsMasterKeyId: this.encryptionKeyArn }),
    });
    this.topicArn = topic.arn;
    const ruleArns = eventRules(this.environment, account).map((rule) => this.addRule(rule));
    new SnsTopicPolicy(this, "topic-policy", {
      arn: topic.arn,
      policy: resourcePolicy([
        allowService("TellOfEvents", "events.amazonaws.com", ["sns:Publish"], topic.arn, {
          ArnEquals: { "aws:SourceArn": ruleArns },
        }),
        allowService("TellOfAlarms", "cloudwatch.amazonaws.com", ["sns:Publish"], topic.arn, {
          StringEquals: { "aws:SourceAccount": account.id },
          ArnLike: { "aws:SourceArn": arnIn(account, "cloudwatch", region, `alarm:${name}/*`) },
        }),
      ]),
    });
    for (const endpoint of settings.subscriptions) this.addSubscription(endpoint);
    this.publish({ "event-topic-arn": topic.arn });
  }

  /** @returns the rule's ARN */
  private addRule({ id, description, pattern, paths, message }: EventRule): string {
    const rule = new CloudwatchEventRule(this, id, {
      name: ruleName(this.environment.name, id),
      description,
      eventPattern: JSON.stringify(pattern),
    });
    new CloudwatchEventTarget(this, `${id}-target`, {
      rule: rule.name,
      targetId: "topic",
      arn: this.topicArn,
      inputTransformer: { inputPaths: { ...paths }, inputTemplate: JSON.stringify(message) },
    });
    return rule.arn;
  }

  /** Named by what it is, so that another one added before it replaces nothing. */
  private addSubscription(endpoint: string): void {
    const id = createHash("sha256").update(endpoint).digest("hex").slice(0, 8);
    new SnsTopicSubscription(this, `subscription-${id}`, {
      topicArn: this.topicArn,
      protocol: endpoint.startsWith("https://") ? "https" : "email",
      endpoint,
    });
  }
}
