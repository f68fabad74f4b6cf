import type { Resource } from "../references.ts";
import { nameOf, numberIn, plainText, plainTexts, records } from "../values.ts";
import { boxId } from "./drawing.ts";
import type { Box } from "./drawing.ts";
import type { Scene } from "./scene.ts";

/** A load balancer with what the environment has on it. */
export interface DrawnBalancer {
  readonly box: Box;
  readonly facing: boolean;
}

/** The load balancers whose requests the environment takes, its own and another's: listeners, rules and target groups. */
export function loadBalancerPart(scene: Scene): readonly DrawnBalancer[] {
  const rules = scene.draw("aws_lb_listener_rule");
  const groups = scene.draw("aws_lb_target_group");
  scene.draw("aws_lb", "aws_lb_listener", "aws_lb_listener_certificate", "aws_lb_trust_store");
  return scene.graph.ofType("aws_lb").flatMap((balancer) => {
    const listeners = scene.graph.pointingAt(balancer, "load_balancer_arn", "aws_lb_listener");
    const keys = new Set(listeners.map(({ key }) => key));
    const itsRules = rules.filter((rule) => keys.has(scene.graph.target(rule, "listener_arn")?.key ?? ""));
    if (!scene.isOwn(balancer) && itsRules.length === 0) return [];
    const targets = groups.filter((group) => belongsTo(scene, group, balancer, [...listeners, ...itsRules]));
    const facing = balancer.attributes.internal !== true;
    const box: Box = {
      id: boxId(balancer.key),
      title: `Load balancer ${nameOf(balancer)}${scene.isOwn(balancer) ? "" : ", another environment's"}`,
      kind: "traffic",
      lines: [facing ? "internet-facing, in the public subnets" : "inside the VPC, in the private subnets"],
      children: [
        ...listeners
          .filter(
            (listener) => scene.isOwn(listener) || itsRules.some((rule) => isRuleOf(scene, rule, listener)),
          )
          .map((listener) => listenerBox(scene, listener, itsRules)),
        ...(targets.length === 0 ? [] : [targetsBox(balancer, targets)]),
      ],
    };
    return [{ box, facing }];
  });
}

function belongsTo(scene: Scene, group: Resource, balancer: Resource, users: readonly Resource[]): boolean {
  const isUsed = users.some((user) => scene.graph.referredBy(user.stack, user.attributes).includes(group));
  return isUsed || group.stack === balancer.stack;
}

function isRuleOf(scene: Scene, rule: Resource, listener: Resource): boolean {
  return scene.graph.target(rule, "listener_arn")?.key === listener.key;
}

function listenerBox(scene: Scene, listener: Resource, rules: readonly Resource[]): Box {
  const { attributes } = listener;
  const own = rules
    .filter((rule) => isRuleOf(scene, rule, listener))
    .toSorted((left, right) => priorityOf(left) - priorityOf(right));
  const secured = plainText(attributes.ssl_policy);
  return {
    id: boxId(listener.key),
    title: `${plainText(attributes.protocol) ?? "Listener"} :${plainText(attributes.port) ?? "?"}${listener.id.includes("test") ? "  (test)" : ""}`,
    kind: "public",
    lines: [
      ...(secured === undefined ? [] : [secured]),
      ...own.map(
        (rule) => `${priorityOf(rule)}  ${conditionText(rule)} → ${actionText(scene, rule, "action")}`,
      ),
      ...(scene.isOwn(listener) ? [`else → ${actionText(scene, listener, "default_action")}`] : []),
    ],
    children: [],
  };
}

function priorityOf({ attributes }: Resource): number {
  return numberIn(attributes.priority) ?? 0;
}

function conditionText({ attributes }: Resource): string {
  const parts = records(attributes.condition).flatMap((condition) => [
    ...records(condition.host_header).flatMap(({ values }) => plainTexts(values)),
    ...records(condition.path_pattern).flatMap(({ values }) => plainTexts(values)),
    ...records(condition.http_header).map(({ http_header_name: name }) => `header ${plainText(name) ?? "?"}`),
    ...records(condition.source_ip).flatMap(({ values }) => plainTexts(values)),
  ]);
  return parts.length === 0 ? "requests" : parts.join(" ");
}

function actionText(scene: Scene, { stack, attributes }: Resource, attribute: string): string {
  const [action] = records(attributes[attribute]);
  const groups = scene.graph.referredBy(stack, action).map(nameOf);
  const [redirect] = records(action?.redirect);
  if (redirect !== undefined)
    return `redirect to ${plainText(redirect.protocol) ?? ""} :${plainText(redirect.port) ?? ""}`;
  const [fixed] = records(action?.fixed_response);
  if (fixed !== undefined) return `answer ${plainText(fixed.status_code) ?? ""}`;
  return groups.length === 0 ? (plainText(action?.type) ?? "?") : groups.join(", ");
}

function targetsBox(balancer: Resource, groups: readonly Resource[]): Box {
  return {
    id: boxId(`${balancer.key}-targets`),
    title: groups.length === 1 ? "Target group" : "Target groups",
    kind: "private",
    lines: groups.map((group) => {
      const { attributes } = group;
      const [check] = records(attributes.health_check);
      const path = plainText(check?.path);
      return `${nameOf(group)}: ${plainText(attributes.target_type) ?? "instance"}${path === undefined ? "" : `, healthy at ${path}`}`;
    }),
    children: [],
  };
}
