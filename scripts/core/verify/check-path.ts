/**
 * Whether security groups let the load balancer reach the tasks.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshoot-service-load-balancers.html
 */
import type { LoadBalancer as ServiceLoadBalancer } from "@aws-sdk/client-ecs";
import type { TargetGroup } from "@aws-sdk/client-elastic-load-balancing-v2";

import type { Check } from "../check.ts";
import { hostOf } from "../capacity/hosts.ts";
import { serviceToBe, type RolloutSubject } from "../capacity/rollout.ts";
import { loadBalancerName, targetGroupName } from "./check-target-groups.ts";
import { failed, ok, skipped, type Facts } from "./facts.ts";
import { allows, type PortRange } from "./security-rules.ts";

/** Linux gives dynamic ports out of these. */
const dynamicPorts: PortRange = { from: 32_768, to: 60_999 };

/** One check for each load balancer that forwards to a target group of the service. */
export async function checkPaths(subject: RolloutSubject, facts: Facts): Promise<readonly Check[]> {
  const checks = await Promise.all(
    (serviceToBe(subject).loadBalancers ?? []).map((one) => checkPath(one, subject, facts)),
  );
  return checks.flat();
}

async function checkPath(
  loadBalancer: ServiceLoadBalancer,
  subject: RolloutSubject,
  facts: Facts,
): Promise<readonly Check[]> {
  const group = await facts.targetGroup(loadBalancer.targetGroupArn ?? "");
  // What is wrong with the group itself is said by its own checks.
  if (group.kind !== "found") return [];
  const ranges = portsOf(loadBalancer, group.value, subject);
  const balancers = group.value.LoadBalancerArns ?? [];
  return Promise.all(
    balancers.map(async (arn) => {
      const name = `path from ${loadBalancerName(arn)} to target group ${targetGroupName(group.value.TargetGroupArn ?? "")}`;
      const answer = await facts.loadBalancer(arn);
      if (answer.kind === "unread") return skipped(name, answer.why);
      const from = answer.kind === "found" ? (answer.value.SecurityGroups ?? []) : [];
      if (from.length === 0) return skipped(name, "the load balancer has no security group to go by.");
      const to = await groupsOfTasks(subject, facts);
      if ("why" in to) return skipped(name, to.why);
      return checkRules(name, from, to.groups, ranges, facts);
    }),
  );
}

/** The ports that the load balancer asks: those of the targets, and of health checks where they have their own. */
function portsOf(
  { containerName, containerPort }: ServiceLoadBalancer,
  { HealthCheckPort: checked }: TargetGroup,
  { taskDefinition }: RolloutSubject,
): readonly PortRange[] {
  const mapping = taskDefinition.containerDefinitions
    ?.find(({ name }) => name === containerName)
    ?.portMappings?.find((candidate) => candidate.containerPort === containerPort);
  const mode = taskDefinition.networkMode ?? "bridge";
  const port = mode === "bridge" ? (mapping?.hostPort ?? 0) : (containerPort ?? 0);
  const traffic = port === 0 ? dynamicPorts : { from: port, to: port };
  const own = /^\d+$/.test(checked ?? "") ? Number(checked) : undefined;
  return own === undefined ? [traffic] : [traffic, { from: own, to: own }];
}

/** The security groups that guard the tasks: their own, or those of the hosts. */
async function groupsOfTasks(
  subject: RolloutSubject,
  facts: Facts,
): Promise<{ readonly groups: readonly string[] } | { readonly why: string }> {
  if (subject.taskDefinition.networkMode === "awsvpc") {
    const groups = serviceToBe(subject).networkConfiguration?.awsvpcConfiguration?.securityGroups ?? [];
    return groups.length > 0
      ? { groups }
      : { why: "the tasks get the VPC's default security group, which is not looked at." };
  }
  const hosts = await facts.hosts(subject.cluster);
  if (hosts.kind !== "found") return { why: hosts.kind === "unread" ? hosts.why : "there are no hosts." };
  const ids = hosts.value
    .filter((host) => hostOf(host).takesTasks)
    .flatMap(({ ec2InstanceId }) => ec2InstanceId ?? []);
  if (ids.length === 0) return { why: "there is no host yet whose security groups could be looked at." };
  const instances = await Promise.all(ids.map((id) => facts.instance(id)));
  const unread = instances.find((one) => one.kind === "unread");
  if (unread !== undefined) return { why: unread.why };
  const groups = instances.flatMap((one) =>
    one.kind === "found" ? (one.value.SecurityGroups ?? []).flatMap(({ GroupId }) => GroupId ?? []) : [],
  );
  return groups.length > 0
    ? { groups: [...new Set(groups)] }
    : { why: "the hosts have no security group to go by." };
}

async function checkRules(
  name: string,
  from: readonly string[],
  to: readonly string[],
  ranges: readonly PortRange[],
  facts: Facts,
): Promise<Check> {
  const answers = await Promise.all([...to, ...from].map((id) => facts.securityGroup(id)));
  const unread = answers.find((one) => one.kind === "unread");
  if (unread !== undefined) return skipped(name, unread.why);
  const found = answers.map((one) => (one.kind === "found" ? one.value : {}));
  const ingress = found.slice(0, to.length).flatMap(({ IpPermissions = [] }) => IpPermissions);
  const egress = found.slice(to.length).flatMap(({ IpPermissionsEgress = [] }) => IpPermissionsEgress);
  for (const range of ranges) {
    const ports = range.from === range.to ? `port ${range.from}` : `ports ${range.from} to ${range.to}`;
    const lets = allows(ingress, from, range);
    if (lets === "no") {
      return failed(
        name,
        `no rule of ${to.join(", ")} lets ${ports} in from the load balancer (${from.join(", ")}), so no target would get healthy.`,
        `Add an inbound rule to ${to.join(" or ")}: TCP ${ports} from ${from[0] ?? "its security group"}.`,
      );
    }
    const sends = allows(egress, to, range);
    if (sends === "no") {
      return failed(
        name,
        `no outbound rule of the load balancer's ${from.join(", ")} lets ${ports} out to ${to.join(", ")}.`,
        `Add an outbound rule to ${from.join(" or ")}: TCP ${ports} to ${to[0] ?? "the tasks"}.`,
      );
    }
    if (lets === "perhaps" || sends === "perhaps") {
      return skipped(
        name,
        `rules by address or prefix list may let ${ports} through; only rules by security group and for any address are read.`,
      );
    }
  }
  const listed = ranges.map(({ from: first, to: last }) =>
    first === last ? `${first}` : `${first} to ${last}`,
  );
  return ok(name, `the security groups let ${listed.join(" and ")} through.`);
}
