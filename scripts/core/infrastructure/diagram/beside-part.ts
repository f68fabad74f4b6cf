import type { Resource } from "../references.ts";
import { nameOf, plainText, plainTexts, records } from "../values.ts";
import { boxId } from "./drawing.ts";
import type { Box, BoxKind } from "./drawing.ts";
import type { Scene } from "./scene.ts";

/** Beside what requests pass through: who may what, what is seen, what is kept, and anything else, counted. */
export function besidePart(scene: Scene): readonly Box[] {
  const boxes = [rolesBox(scene), firewallBox(scene), ...listBoxes(scene), alarmsBox(scene)];
  const known = boxes.filter(({ lines }) => lines.length > 0);
  return [...known, ...othersBox(scene)];
}

const lists: readonly {
  readonly title: string;
  readonly kind: BoxKind;
  readonly types: readonly string[];
}[] = [
  { title: "Log groups", kind: "data", types: ["aws_cloudwatch_log_group"] },
  { title: "Buckets", kind: "data", types: ["aws_s3_bucket"] },
  { title: "Image repositories", kind: "data", types: ["aws_ecr_repository"] },
  { title: "Keys", kind: "data", types: ["aws_kms_key"] },
  { title: "Secrets", kind: "data", types: ["aws_secretsmanager_secret"] },
  { title: "Names", kind: "network", types: ["aws_route53_zone", "aws_route53_record"] },
  { title: "Certificates", kind: "access", types: ["aws_acm_certificate"] },
  {
    title: "Web application firewall",
    kind: "access",
    types: ["aws_wafv2_web_acl", "aws_wafv2_web_acl_association"],
  },
  { title: "Topics", kind: "other", types: ["aws_sns_topic"] },
  { title: "Events", kind: "other", types: ["aws_cloudwatch_event_rule"] },
  { title: "Dashboards", kind: "other", types: ["aws_cloudwatch_dashboard"] },
  { title: "CodeDeploy", kind: "compute", types: ["aws_codedeploy_app", "aws_codedeploy_deployment_group"] },
];

function listBoxes(scene: Scene): Box[] {
  return lists.map(({ title, kind, types }) => ({
    id: boxId(title),
    title,
    kind,
    lines: scene.draw(...types).map(lineOf),
    children: [],
  }));
}

function lineOf(resource: Resource): string {
  const { type, attributes } = resource;
  const days = plainText(attributes.retention_in_days);
  const remarks = [
    ...(days === undefined ? [] : [`${days} days`]),
    ...(attributes.kms_key_id === undefined && attributes.kms_master_key_id === undefined
      ? []
      : ["encrypted by key"]),
    ...(type === "aws_route53_record" ? plainTexts(attributes.type) : []),
  ];
  const name =
    type === "aws_kms_key" ? (plainText(attributes.description) ?? nameOf(resource)) : ownName(resource);
  return remarks.length === 0 ? name : `${name}: ${remarks.join(", ")}`;
}

function ownName(resource: Resource): string {
  const { attributes } = resource;
  return plainText(attributes.dashboard_name) ?? nameOf(resource);
}

/** Roles with who may assume them; what they may do is counted with the rest. */
function rolesBox(scene: Scene): Box {
  const lines = scene
    .draw("aws_iam_role")
    .map((role) => `${nameOf(role)}: assumed by ${assumedBy(role.attributes.assume_role_policy)}`);
  scene.draw("aws_iam_role_policy", "aws_iam_role_policy_attachment", "aws_iam_instance_profile");
  return { id: "roles", title: "Roles", kind: "access", lines, children: [] };
}

function assumedBy(policy: unknown): string {
  const principals = statementsIn(policy).flatMap(({ Principal: principal }) =>
    records(principal).flatMap((one) => Object.values(one).flatMap(plainTexts)),
  );
  const names = principals.map((principal) => principal.replace(/\.amazonaws\.com$/, ""));
  return names.length === 0 ? "another account or provider" : [...new Set(names)].join(", ");
}

function statementsIn(policy: unknown): readonly Readonly<Record<string, unknown>>[] {
  try {
    const parsed: unknown = typeof policy === "string" ? JSON.parse(policy) : undefined;
    return records(parsed).flatMap(({ Statement: statements }) => records(statements));
  } catch {
    // A policy that Terraform puts together has no text here.
    return [];
  }
}

/** What each security group lets in. */
function firewallBox(scene: Scene): Box {
  const groups = scene.draw("aws_security_group");
  const rules = scene.draw("aws_vpc_security_group_ingress_rule");
  scene.draw("aws_vpc_security_group_egress_rule", "aws_default_security_group");
  const lines = [...groups.map((group) => group), ...foreignGroups(scene, rules, groups)].flatMap((group) => {
    const own = rules.filter((rule) => scene.graph.target(rule, "security_group_id")?.key === group.key);
    return own.length === 0
      ? [`${nameOf(group)} lets nothing in`]
      : own.map((rule) => `${nameOf(group)} lets in ${rangeText(rule)} from ${sourceText(scene, rule)}`);
  });
  return { id: "firewall", title: "Security groups", kind: "access", lines, children: [] };
}

/** Rules may open another stack's group, and another environment's. */
function foreignGroups(scene: Scene, rules: readonly Resource[], own: readonly Resource[]): Resource[] {
  const groups = rules.flatMap((rule) => scene.graph.target(rule, "security_group_id") ?? []);
  return [...new Set(groups)].filter((group) => !own.includes(group));
}

function rangeText({ attributes }: Resource): string {
  const protocol = plainText(attributes.ip_protocol) ?? "";
  if (protocol === "-1") return "everything";
  const [from, to] = [plainText(attributes.from_port) ?? "", plainText(attributes.to_port) ?? ""];
  return `${protocol} ${from === to ? from : `${from}–${to}`}`;
}

function sourceText(scene: Scene, rule: Resource): string {
  const { attributes } = rule;
  const group = scene.graph.target(rule, "referenced_security_group_id");
  return (
    plainText(attributes.cidr_ipv4) ??
    plainText(attributes.cidr_ipv6) ??
    (group === undefined ? "?" : nameOf(group))
  );
}

function alarmsBox(scene: Scene): Box {
  const names = scene
    .draw("aws_cloudwatch_metric_alarm")
    .map(({ attributes, id }) => plainText(attributes.alarm_name) ?? id);
  const lines = names.length > longestList ? [`${names.length} alarms, as ${names[0] ?? ""}`] : names;
  return { id: "alarms", title: "Alarms", kind: "other", lines, children: [] };
}

const longestList = 8;

function othersBox(scene: Scene): Box[] {
  const counts = new Map<string, number>();
  for (const { type } of scene.left) counts.set(type, (counts.get(type) ?? 0) + 1);
  const lines = [...counts]
    .toSorted(([left], [right]) => left.localeCompare(right))
    .map(([type, count]) => `${count} × ${type}`);
  return lines.length === 0
    ? []
    : [{ id: "others", title: "Also there", kind: "other", lines, children: [] }];
}
