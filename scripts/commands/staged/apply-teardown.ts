import { isAwsError } from "../../aws/call.ts";
import { revisionName } from "../../core/deployment/task-definition.ts";
import { revisionsOf } from "../../core/logs/places.ts";
import type { TrafficPort } from "../../core/ports/traffic.ts";
import { stagedTags, type ObservedApplication } from "../../core/staged/model.ts";
import type { TeardownStep } from "../../core/staged/plan-teardown.ts";
import { groupsOf } from "../../core/staged/rules.ts";
import type { RunContext, RunEdge } from "../run-context.ts";

/** What the steps need of the run. */
interface TeardownEdge {
  readonly traffic: TrafficPort;
  readonly context: RunContext;
  readonly edge: RunEdge;
}

type Write = Exclude<TeardownStep, { kind: "waitUntilDrained" }>;

/**
 * Does one writing step of a teardown; what is gone already is fine.
 *
 * @throws AwsCallError
 */
export async function applyTeardownStep(
  step: Write,
  { application, cluster }: ObservedApplication,
  { traffic, context, edge }: TeardownEdge,
): Promise<void> {
  const { connect, emit } = context;
  const note = (message: string): void => {
    emit({ type: "note", message: `${application}: ${message}` });
  };
  switch (step.kind) {
    case "markLeaving":
      return traffic.tag(step.targetGroupArn, {
        [stagedTags.leavingAt]: new Date(edge.wallClock.now()).toISOString(),
      });
    case "removeScaling": {
      const { scalingPlansPort } = await import("../../aws/scaling-plans.ts");
      return connect(scalingPlansPort).deregister(cluster, step.service);
    }
    case "deleteService": {
      const { ecsServicesPort } = await import("../../aws/ecs-services.ts");
      await connect(ecsServicesPort).delete(cluster, step.service);
      note(`service ${step.service} is being deleted`);
      return;
    }
    case "deregisterRevision": {
      const { taskDefinitionsPort } = await import("../../aws/task-definitions.ts");
      const user = await userOf(step.revision, cluster, context);
      if (user === undefined) {
        await connect(taskDefinitionsPort).deregister(step.revision);
        note(`revision ${step.revision} is deregistered`);
      } else {
        note(`revision ${step.revision} stays: service ${user} uses it`);
      }
      return;
    }
    case "deleteRule":
      return traffic.deleteRule(step.ruleArn);
    case "deleteRecord": {
      const { recordsPort } = await import("../../aws/records.ts");
      return connect(recordsPort).delete(step.hostedZoneId, step.record);
    }
    case "leaveLiveRule": {
      // Seen anew: it was minutes ago that the plan was made.
      const rule = (await traffic.rules(step.listenerArn)).find(({ RuleArn }) => RuleArn === step.ruleArn);
      const groups = rule === undefined ? [] : groupsOf(rule);
      const others = groups.filter(({ targetGroupArn }) => targetGroupArn !== step.targetGroupArn);
      if (others.length === groups.length) return;
      if (others.length === 0) return traffic.deleteRule(step.ruleArn);
      return traffic.modifyRule(step.ruleArn, others);
    }
    case "deleteTargetGroup":
      await deleteTargetGroup(step.targetGroupArn, traffic, edge);
      return;
  }
}

/** A service of the cluster that still needs a revision. */
async function userOf(
  revision: string,
  cluster: string,
  { connect, ecs }: RunContext,
): Promise<string | undefined> {
  const { ecsServicesPort } = await import("../../aws/ecs-services.ts");
  const names = await connect(ecsServicesPort).list(cluster);
  const services = await ecs.describeServices(cluster, names);
  return services.find((service) => revisionsOf(service).some((arn) => revisionName(arn) === revision))
    ?.serviceName;
}

/** A rule that has just been deleted takes a moment to let its target group go. */
const triesAgainAfterMs = 2_000;
const mostTries = 10;

async function deleteTargetGroup(
  arn: string,
  traffic: TrafficPort,
  { clock, signal }: RunEdge,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await traffic.deleteTargetGroup(arn);
      return;
    } catch (error) {
      if (!isAwsError(error, "ResourceInUseException") || attempt === mostTries || signal.aborted)
        throw error;
      await clock.sleep(triesAgainAfterMs, signal);
    }
  }
}
