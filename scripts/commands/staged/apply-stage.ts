import type { Tag } from "@aws-sdk/client-ecs";

import { isAwsError } from "../../aws/call.ts";
import { registeredRevisionMarker } from "../../core/deployment/registered-revision.ts";
import { revisionName, type RegisteredRevision } from "../../core/deployment/task-definition.ts";
import { stagedRulePriorities } from "../../core/environments/rule-priorities.ts";
import { RefusedError } from "../../core/errors.ts";
import type { DeploymentEventBody } from "../../core/events.ts";
import type { TrafficPort } from "../../core/ports/traffic.ts";
import { resourceLabel } from "../../core/scaling/request-count.ts";
import { filledIn, resourceLabelMarker, targetGroupMarker } from "../../core/staged/markers.ts";
import { stagedTags } from "../../core/staged/model.ts";
import { stagedServiceName } from "../../core/staged/names.ts";
import type { StageStep } from "../../core/staged/plan-stage.ts";
import { choosePriority } from "../../core/staged/priority.ts";
import { groupsOf, hostsOf, prioritiesOf } from "../../core/staged/rules.ts";
import { taskPolicyName } from "../../core/staged/task-role.ts";
import { withTrail } from "../../core/trail.ts";
import type { RunContext, RunEdge } from "../run-context.ts";
import { registerOnce } from "../rollout/once.ts";
import { applyScaling } from "../scaling/apply.ts";

/** What the steps of a staging have made so far, or found. */
export interface Staged {
  readonly revisionArn?: string;
  readonly targetGroupArn?: string;
  readonly listenerArn?: string;
  /** Id of the ECS deployment of the service that this run has created. */
  readonly deploymentId?: string;
  readonly createdAt?: Date;
}

/** What the steps need of the run. */
export interface StageEdge {
  readonly id: string;
  readonly application: string;
  readonly environment: string;
  readonly cluster: string;
  readonly loadBalancerArn: string;
  readonly context: RunContext;
  readonly edge: RunEdge;
  readonly traffic: TrafficPort;
  readonly trail: readonly Tag[];
  /** The newest revision of the family, as it was seen before the first write. */
  readonly latestRevision: RegisteredRevision | undefined;
  readonly emit: (event: DeploymentEventBody) => void;
  /** Called before each write; throws when this run may write no more. */
  readonly mayWrite: () => void;
}

type Write = Exclude<StageStep, { kind: "waitForDeployment" | "waitForTargets" | "markStaged" }>;

/**
 * Does one writing step of a staging. Each may be done again: what it made before is found, or made the same again.
 *
 * @throws AwsCallError
 */
export async function applyStageStep(step: Write, done: Staged, run: StageEdge): Promise<Staged> {
  const { context, edge, traffic, application, emit } = run;
  const note = (message: string): void => {
    emit({ type: "note", message: `${application}: ${message}` });
  };
  switch (step.kind) {
    case "createTaskRole": {
      const { applicationRolesPort } = await import("../../aws/application-roles.ts");
      const roles = context.connect(applicationRolesPort);
      const { role, policy } = step.role;
      await roles.create(role);
      await roles.putPolicy(role.name, taskPolicyName, policy);
      note(`role ${role.path}${role.name} is there for its tasks`);
      return done;
    }
    case "registerTaskDefinition": {
      const { tags } = withTrail(step.input.tags, run.trail);
      const { ecs } = context;
      const input = { ...step.input, tags: [...tags] };
      const { taskDefinitionArn = "" } = await registerOnce(input, run.latestRevision, {
        ecs,
        clock: edge.clock,
      });
      emit({
        type: "revisionRegistered",
        service: application,
        revision: revisionName(taskDefinitionArn),
      });
      return { ...done, revisionArn: taskDefinitionArn };
    }
    case "createTargetGroup": {
      const revision = { [stagedTags.revision]: revisionName(given(done.revisionArn)) };
      const group = { ...step.group, tags: { ...step.group.tags, ...revision } };
      const targetGroupArn = await createTargetGroup(group, traffic);
      note(`target group ${group.name} is there`);
      return { ...done, targetGroupArn };
    }
    case "setDrainDelay":
      await traffic.setDrainDelay(given(done.targetGroupArn), step.seconds);
      return done;
    case "createListener": {
      const { loadBalancerArn, port } = step.listener;
      const listenerArn =
        (await traffic.createListener(step.listener)) ??
        (await traffic.listeners(loadBalancerArn)).find(({ Port }) => Port === port)?.ListenerArn;
      note(`listener on port ${port} is there`);
      return listenerArn === undefined ? done : { ...done, listenerArn };
    }
    case "createStageRule": {
      const targetGroupArn = given(done.targetGroupArn);
      await createRule(step, given(done.listenerArn), targetGroupArn, run);
      note(`requests for ${step.host} go to it`);
      return done;
    }
    case "putRecord": {
      const { recordsPort } = await import("../../aws/records.ts");
      await context.connect(recordsPort).put(step.hostedZoneId, step.record);
      note(`DNS has ${step.record.host}`);
      return done;
    }
    case "createService": {
      const { tags } = withTrail(step.input.tags, run.trail);
      const input = filledIn(
        { ...step.input, tags: [...tags] },
        {
          [registeredRevisionMarker]: given(done.revisionArn),
          [targetGroupMarker]: given(done.targetGroupArn),
        },
      );
      const service = await onceKnown(() => context.ecs.createService(input), edge);
      const primary = service.deployments?.find(({ status }) => status === "PRIMARY");
      if (primary?.id === undefined) return done;
      emit({
        type: "deploymentStarted",
        service: application,
        deploymentId: primary.id,
        revision: revisionName(given(done.revisionArn)),
      });
      return {
        ...done,
        deploymentId: primary.id,
        ...(primary.createdAt === undefined ? {} : { createdAt: primary.createdAt }),
      };
    }
    case "tagAutoscaling":
      await traffic.tag(given(done.targetGroupArn), { [stagedTags.ownAutoscaling]: step.value });
      return done;
    case "setAutoscaling":
    case "removeAutoscaling": {
      const label = resourceLabel(run.loadBalancerArn, given(done.targetGroupArn)) ?? "";
      const filled = filledIn(step, { [resourceLabelMarker]: label });
      const serviceName = stagedServiceName(run, run.id);
      const named = { cluster: run.cluster, serviceName };
      await onceKnown(() => applyScaling(filled, named, context, run.mayWrite), edge);
      note(
        step.kind === "setAutoscaling"
          ? `${serviceName} scales as its template says once it has the traffic`
          : `nothing scales ${serviceName}`,
      );
      return done;
    }
  }
}

/** One of its name with the same deployment's tags was made by a call whose answer got lost. */
async function createTargetGroup(
  group: Parameters<TrafficPort["createTargetGroup"]>[0],
  traffic: TrafficPort,
): Promise<string> {
  try {
    return await traffic.createTargetGroup(group);
  } catch (error) {
    if (!isAwsError(error, "DuplicateTargetGroupNameException")) throw error;
    const [found] = await traffic.targetGroups(group.name);
    const arn = found?.TargetGroupArn;
    if (arn === undefined) throw error;
    const tags = (await traffic.tags([arn])).get(arn);
    if (tags?.[stagedTags.deployment] !== group.tags[stagedTags.deployment]) throw error;
    return arn;
  }
}

const mostTries = 20;

/** Others make rules at the same moment, and a call whose answer got lost has made ours: both show in the rules. */
async function createRule(
  { host, tags }: Extract<StageStep, { kind: "createStageRule" }>,
  listenerArn: string,
  targetGroupArn: string,
  { traffic, id }: StageEdge,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const rules = await traffic.rules(listenerArn);
    const own = rules.find(
      (rule) =>
        hostsOf(rule).includes(host) &&
        groupsOf(rule).some((group) => group.targetGroupArn === targetGroupArn),
    );
    if (own !== undefined) return;
    const priority = choosePriority(prioritiesOf(rules), stagedRulePriorities, `${id} ${attempt}`);
    if (priority === undefined || attempt > mostTries) {
      throw new RefusedError(
        `No rule priority from ${stagedRulePriorities.first} to ${stagedRulePriorities.last} was free for ${host}. ./deploy teardown makes room.`,
      );
    }
    const groups = [{ targetGroupArn, weight: 1 }];
    if ((await traffic.createRule({ listenerArn, priority, host, groups, tags })) !== undefined) return;
  }
}

/**
 * What has just been made takes a moment to be known elsewhere: a target group's load balancer to ECS, a service to
 * Application Auto Scaling.
 */
const notYet = /does not have an associated load balancer|ECS service doesn't exist/;
const triesAgainAfterMs = 2_000;
const triesUntilKnown = 8;

async function onceKnown<Result>(work: () => Promise<Result>, { clock, signal }: RunEdge): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Error) || !notYet.test(error.message) || attempt === triesUntilKnown)
        throw error;
      await clock.sleep(triesAgainAfterMs, signal);
    }
  }
}

function given<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("The plan uses what none of its steps makes.");
  return value;
}
