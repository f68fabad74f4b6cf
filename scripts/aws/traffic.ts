import {
  AddTagsCommand,
  CreateListenerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeleteRuleCommand,
  DeleteTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  ModifyRuleCommand,
  ModifyTargetGroupAttributesCommand,
  RemoveTagsCommand,
  type Action,
  type RuleCondition,
  type Tag,
} from "@aws-sdk/client-elastic-load-balancing-v2";

import { AwsCallError } from "../core/errors.ts";
import type { TrafficPort, TrafficTags } from "../core/ports/traffic.ts";
import type { WeightedGroup } from "../core/staged/model.ts";
import { call, isAwsError, type CallObserver } from "./call.ts";
import type { ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";
import { trafficReader } from "./traffic-reader.ts";

/** What no rule of a listener takes. */
const notFound: Action[] = [
  {
    Type: "fixed-response",
    FixedResponseConfig: { StatusCode: "404", ContentType: "text/plain", MessageBody: "Not found" },
  },
];

/** Elastic Load Balancing's rules and target groups through the AWS SDK. */
export function trafficPort(settings: ClientSettings, observe: CallObserver): TrafficPort {
  const client = paced(new ElasticLoadBalancingV2Client(settings));

  /** Runs a call; undefined where AWS answers with one of these errors. */
  const unless = async <Answer>(
    operation: string,
    errors: readonly string[],
    send: () => Promise<Answer>,
  ): Promise<Answer | undefined> => {
    try {
      return await call(`elasticloadbalancing:${operation}`, observe, send);
    } catch (error) {
      if (errors.some((name) => isAwsError(error, name))) return undefined;
      throw error;
    }
  };

  return {
    ...trafficReader(client, observe),

    async createTargetGroup({ name, targetType, vpcId, healthCheck, tags }) {
      const { TargetGroups: [group] = [] } = await call(
        "elasticloadbalancing:CreateTargetGroup",
        observe,
        () =>
          client.send(
            new CreateTargetGroupCommand({
              Name: name,
              TargetType: targetType,
              VpcId: vpcId,
              Protocol: "HTTP",
              // Each target registers with a port of its own.
              Port: 80,
              HealthCheckProtocol: "HTTP",
              HealthCheckPath: healthCheck.path,
              HealthCheckIntervalSeconds: healthCheck.intervalSeconds,
              HealthCheckTimeoutSeconds: healthCheck.timeoutSeconds,
              HealthyThresholdCount: healthCheck.healthyThreshold,
              UnhealthyThresholdCount: healthCheck.unhealthyThreshold,
              Matcher: { HttpCode: healthCheck.matcher },
              Tags: tagList(tags),
            }),
          ),
      );
      return arnOf(group?.TargetGroupArn, "CreateTargetGroup");
    },

    async setDrainDelay(TargetGroupArn, seconds) {
      await call("elasticloadbalancing:ModifyTargetGroupAttributes", observe, () =>
        client.send(
          new ModifyTargetGroupAttributesCommand({
            TargetGroupArn,
            Attributes: [{ Key: "deregistration_delay.timeout_seconds", Value: String(seconds) }],
          }),
        ),
      );
    },

    async createListener({ loadBalancerArn, port, protocol, certificateArn, tags }) {
      const answer = await unless("CreateListener", ["DuplicateListenerException"], () =>
        client.send(
          new CreateListenerCommand({
            LoadBalancerArn: loadBalancerArn,
            Port: port,
            Protocol: protocol,
            ...(certificateArn === undefined
              ? {}
              : { Certificates: [{ CertificateArn: certificateArn }], SslPolicy: tlsPolicy }),
            DefaultActions: notFound,
            Tags: tagList(tags),
          }),
        ),
      );
      return answer && arnOf(answer.Listeners?.[0]?.ListenerArn, "CreateListener");
    },

    async createRule({ listenerArn, priority, host, groups, tags }) {
      const answer = await unless("CreateRule", ["PriorityInUseException"], () =>
        client.send(
          new CreateRuleCommand({
            ListenerArn: listenerArn,
            Priority: priority,
            Conditions: forHost(host),
            Actions: forwardTo(groups),
            Tags: tagList(tags),
          }),
        ),
      );
      return answer && arnOf(answer.Rules?.[0]?.RuleArn, "CreateRule");
    },

    async modifyRule(RuleArn, groups, host) {
      await call("elasticloadbalancing:ModifyRule", observe, () =>
        client.send(
          new ModifyRuleCommand({
            RuleArn,
            Actions: forwardTo(groups),
            ...(host === undefined ? {} : { Conditions: forHost(host) }),
          }),
        ),
      );
    },

    async deleteRule(RuleArn) {
      await unless("DeleteRule", ["RuleNotFoundException"], () =>
        client.send(new DeleteRuleCommand({ RuleArn })),
      );
    },

    async deleteTargetGroup(TargetGroupArn) {
      await unless("DeleteTargetGroup", ["TargetGroupNotFoundException"], () =>
        client.send(new DeleteTargetGroupCommand({ TargetGroupArn })),
      );
    },

    async tag(arn, tags) {
      await call("elasticloadbalancing:AddTags", observe, () =>
        client.send(new AddTagsCommand({ ResourceArns: [arn], Tags: tagList(tags) })),
      );
    },

    async untag(arn, keys) {
      await call("elasticloadbalancing:RemoveTags", observe, () =>
        client.send(new RemoveTagsCommand({ ResourceArns: [arn], TagKeys: [...keys] })),
      );
    },
  };
}

/**
 * TLS 1.2 and 1.3; without it the API takes a policy of 2016, with TLS 1.0.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
 */
const tlsPolicy = "ELBSecurityPolicy-TLS13-1-2-2021-06";

function tagList(tags: TrafficTags): Tag[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function forHost(host: string): RuleCondition[] {
  return [{ Field: "host-header", HostHeaderConfig: { Values: [host] } }];
}

function forwardTo(groups: readonly WeightedGroup[]): Action[] {
  const TargetGroups = groups.map(({ targetGroupArn, weight }) => ({
    TargetGroupArn: targetGroupArn,
    Weight: weight,
  }));
  return [{ Type: "forward", ForwardConfig: { TargetGroups } }];
}

function arnOf(arn: string | undefined, operation: string): string {
  if (arn !== undefined) return arn;
  throw new AwsCallError("EmptyAnswer", `elasticloadbalancing:${operation}: AWS answered without an ARN.`);
}
