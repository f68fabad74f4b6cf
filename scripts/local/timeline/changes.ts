/**
 * What happened, told from a state and the one after it: whatever made the change, it cannot be forgotten here.
 */
import { forwardTargets } from "../elb/rules.ts";
import type { ListenerRecord, RuleRecord } from "../elb/state.ts";
import type { State } from "../world/state.ts";

/** A thing that happened; its fields are those of its type. */
export interface Change {
  readonly type: ChangeType;
  readonly [field: string]: unknown;
}

/** What kinds of things happen in the world. */
export const changeTypes = [
  "task",
  "service",
  "deployment",
  "service-event",
  "service-deployment",
  "task-set",
  "codedeploy",
  "target",
  "traffic",
  "alarm",
  "host",
] as const;

type ChangeType = (typeof changeTypes)[number];

type Tell = (before: State, after: State) => Change[];

/** Everything that is different between two states, in the order of cause and effect. */
export function changesBetween(before: State, after: State): Change[] {
  return tellers.flatMap((tell) => tell(before, after));
}

/** For each record that is not the same, what it is told as; states share what did not change. */
function compare<Value>(
  before: Readonly<Record<string, Value>>,
  after: Readonly<Record<string, Value>>,
  tell: (
    after: Value | undefined,
    before: Value | undefined,
    key: string,
  ) => Change | readonly Change[] | undefined,
): Change[] {
  if (before === after) return [];
  const gone = Object.keys(before).filter((key) => !(key in after));
  return [...Object.keys(after), ...gone].flatMap((key) => {
    const [was, is] = [before[key], after[key]];
    return was === is ? [] : (tell(is, was, key) ?? []);
  });
}

/** Whether two records differ in what a line tells. */
function differ(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) !== JSON.stringify(other);
}

const lastPart = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

const alarms: Tell = (before, after) =>
  compare(before.alarms, after.alarms, (state, _, name) => ({
    type: "alarm",
    name,
    state: state ?? "deleted",
  }));

const hosts: Tell = (before, after) =>
  compare(before.ecs.hosts, after.ecs.hosts, (is, was) => {
    const host = is ?? was;
    if (!host || is?.status === was?.status) return undefined;
    return {
      type: "host",
      cluster: host.clusterName,
      instance: host.ec2InstanceId,
      status: is ? is.status : "gone",
    };
  });

const tasks: Tell = (before, after) =>
  compare(before.ecs.tasks, after.ecs.tasks, (is, was) => {
    if (!is) return undefined;
    const tell = (task: typeof is) => ({
      status: task.lastStatus,
      desired: task.desiredStatus,
      ...(task.stoppedReason !== null && { stopCode: task.stopCode, reason: task.stoppedReason }),
    });
    if (was && !differ(tell(is), tell(was))) return undefined;
    return {
      type: "task",
      task: is.id,
      cluster: is.clusterName,
      group: is.group,
      definition: lastPart(is.taskDefinition),
      ...tell(is),
    };
  });

const services: Tell = (before, after) =>
  compare(before.ecs.services, after.ecs.services, (is, was) => {
    if (!is) return undefined;
    const about = { cluster: is.clusterName, service: is.name };
    const told: Change[] = [];
    const settings = (service: typeof is) => ({ status: service.status, desired: service.desiredCount });
    if (!was || differ(settings(is), settings(was)))
      told.push({ type: "service", ...about, ...settings(is) });
    const known = new Map(was?.deployments.map((deployment) => [deployment.id, deployment]));
    const told_ = ({ status, rolloutState, rolloutStateReason }: (typeof is.deployments)[number]) => ({
      status,
      rollout: rolloutState,
      reason: rolloutStateReason,
    });
    for (const deployment of is.deployments) {
      const earlier = known.get(deployment.id);
      if (earlier && !differ(told_(earlier), told_(deployment))) continue;
      const definition = lastPart(deployment.revision.taskDefinition);
      told.push({
        type: "deployment",
        ...about,
        deployment: deployment.id,
        definition,
        ...told_(deployment),
      });
    }
    const sets = new Map(was?.taskSets.map((set) => [set.id, set]));
    for (const { id, status, scalePercent, stability } of is.taskSets) {
      const set = sets.get(id);
      if (set?.status === status && set.scalePercent === scalePercent && set.stability === stability)
        continue;
      told.push({ type: "task-set", ...about, taskSet: id, status, scalePercent, stability });
    }
    const said = new Set(was?.events.map(({ id }) => id));
    for (const event of is.events.filter(({ id }) => !said.has(id)).toReversed()) {
      told.push({ type: "service-event", ...about, message: event.message });
    }
    return told;
  });

const serviceDeployments: Tell = (before, after) =>
  compare(before.ecs.serviceDeployments, after.ecs.serviceDeployments, (is, was) => {
    if (!is) return undefined;
    const tell = ({ status, statusReason, course }: typeof is) => ({
      status,
      ...(course && { stage: course.stage }),
      ...(statusReason !== null && { reason: statusReason }),
    });
    if (was && !differ(tell(is), tell(was))) return undefined;
    const service = lastPart(is.serviceArn);
    return { type: "service-deployment", service, serviceDeployment: lastPart(is.arn), ...tell(is) };
  });

const codeDeploy: Tell = (before, after) =>
  compare(before.codedeploy.deployments, after.codedeploy.deployments, (is, was) => {
    if (!is) return undefined;
    const about = { deployment: is.id, application: is.applicationName, group: is.groupName };
    const told: Change[] = [];
    const statuses = new Map(was?.events.map(({ name, status }) => [name, status]));
    for (const { name, status } of is.events) {
      if (status === "Pending" || statuses.get(name) === status) continue;
      told.push({ type: "codedeploy", ...about, event: name, status });
    }
    if (is.status !== was?.status) {
      const reason = is.error?.message;
      told.push({ type: "codedeploy", ...about, status: is.status, ...(reason !== undefined && { reason }) });
    }
    return told;
  });

const targets: Tell = (before, after) =>
  compare(before.elb.targets, after.elb.targets, (is = {}, was = {}, groupArn) =>
    compare(was, is, (target, earlier) => {
      const about = target ?? earlier;
      if (!about || target?.state === earlier?.state) return undefined;
      const targetGroup = after.elb.targetGroups[groupArn]?.name ?? groupArn;
      const reason = target?.reason ?? null;
      return {
        type: "target",
        targetGroup,
        target: `${about.id}:${about.port}`,
        state: target?.state ?? "gone",
        ...(reason !== null && { reason }),
      };
    }),
  );

const traffic: Tell = (before, after) =>
  compare(before.elb.listeners, after.elb.listeners, (is, was) => {
    const listener = is ?? was;
    if (!listener) return undefined;
    const rules = (record: ListenerRecord | undefined) =>
      Object.fromEntries((record?.rules ?? []).map((rule) => [rule.arn, rule]));
    return compare(rules(was), rules(is), (rule, earlier) => {
      if (rule && earlier && !differ(rule.actions, earlier.actions)) return undefined;
      const about = rule ?? earlier;
      if (!about) return undefined;
      return {
        type: "traffic",
        loadBalancer: after.elb.loadBalancers[listener.loadBalancerArn]?.name ?? listener.loadBalancerArn,
        port: listener.port,
        rule: about.isDefault ? "default" : about.priority,
        weights: rule ? weights(after, rule) : "gone",
      };
    });
  });

/** Weights by the name of the target group; nothing for a rule that does not forward. */
function weights({ elb }: State, rule: RuleRecord): Record<string, number> {
  const forwarded = rule.actions.flatMap(forwardTargets);
  return Object.fromEntries(forwarded.map(({ arn, weight }) => [elb.targetGroups[arn]?.name ?? arn, weight]));
}

const tellers: readonly Tell[] = [
  alarms,
  hosts,
  services,
  tasks,
  targets,
  traffic,
  serviceDeployments,
  codeDeploy,
];
