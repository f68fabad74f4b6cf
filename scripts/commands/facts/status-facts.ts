import type { Task } from "@aws-sdk/client-ecs";

import type { CodeDeployStatus } from "../../core/code-deploy/status.ts";
import { AwsCallError } from "../../core/errors.ts";
import { lockName } from "../../core/lock/name.ts";
import { parseEntry } from "../../core/lock/record.ts";
import type { LockHolder } from "../../core/lock/holder.ts";
import { revisionsOf } from "../../core/logs/places.ts";
import type { ScalableTarget } from "../../core/ports/auto-scaling.ts";
import type { ScalingPlan } from "../../core/ports/scaling-plans.ts";
import { targetGroupsOf, type StatusFacts } from "../../core/status/assemble.ts";
import type { AddressedService } from "../addresses.ts";
import type { RunContext } from "../run-context.ts";

/** What the facts of one service are read through. */
type Ports = Awaited<ReturnType<typeof connectPorts>>;

/** Reads all that `./deploy status` tells. What may not be read is named in the facts, and no reason to fail. */
export async function gatherFacts(
  services: readonly AddressedService[],
  context: RunContext,
): Promise<readonly StatusFacts[]> {
  const ports = await connectPorts(context);
  const [scaling, locks] = await Promise.all([autoscalingOf(services, ports), locksOf(services, context)]);
  return Promise.all(services.map((service) => factsOf(service, context, ports, scaling, locks)));
}

async function connectPorts({ connect }: RunContext) {
  const [tasks, deployments, targets, scaling, plans] = await Promise.all([
    import("../../aws/ecs-running-tasks.ts"),
    import("../../aws/service-deployments.ts"),
    import("../../aws/target-health.ts"),
    import("../../aws/auto-scaling.ts"),
    import("../../aws/scaling-plans.ts"),
  ]);
  return {
    tasks: connect(tasks.ecsRunningTasksPort),
    deployments: connect(deployments.serviceDeploymentsPort),
    targets: connect(targets.targetHealthPort),
    scaling: connect(scaling.autoScalingPort),
    plans: connect(plans.scalingPlansPort),
  };
}

const noPlan: ScalingPlan = { policies: [], scheduledActions: [] };

/** What autoscaling has of each cluster's services, asked for together, or why that is not known. */
type Scaling = ReadonlyMap<string, ReadonlyMap<string, ScalableTarget> | AwsCallError>;

async function autoscalingOf(services: readonly AddressedService[], { scaling }: Ports): Promise<Scaling> {
  const clusters = [...new Set(services.map(({ cluster }) => cluster))];
  return new Map(
    await Promise.all(
      clusters.map(async (cluster): Promise<[string, ReadonlyMap<string, ScalableTarget> | AwsCallError]> => {
        const names = services.filter((one) => one.cluster === cluster).map(({ serviceName }) => serviceName);
        try {
          return [cluster, await scaling.describeTargets(cluster, names)];
        } catch (error) {
          if (error instanceof AwsCallError) return [cluster, error];
          throw error;
        }
      }),
    ),
  );
}

/** Locks by the name of their parameter, or why they are not known. */
type Locks = ReadonlyMap<string, LockHolder> | AwsCallError;

async function locksOf(
  services: readonly AddressedService[],
  { environment, parameters }: RunContext,
): Promise<Locks> {
  const names = services.map((service) => lockOf(service, environment.name));
  try {
    const values = await parameters.read([...new Set(names)]);
    return new Map(
      [...values].flatMap(([name, value]): [string, LockHolder][] => {
        const entry = value.kind === "plain" ? parseEntry(value.value) : undefined;
        if (entry === undefined || entry.endedBy !== undefined) return [];
        const { run, owner, purpose, since } = entry;
        return [[name, { run, owner, purpose, since }]];
      }),
    );
  } catch (error) {
    if (error instanceof AwsCallError) return error;
    throw error;
  }
}

/** Runs lock an application as a whole. */
function lockOf({ cluster, serviceName, staged }: AddressedService, environment: string): string {
  return lockName(environment, cluster, staged?.application ?? serviceName);
}

async function factsOf(
  addressed: AddressedService,
  context: RunContext,
  { tasks, deployments, targets, plans }: Ports,
  scaling: Scaling,
  locks: Locks,
): Promise<StatusFacts> {
  const { service, serviceName, cluster, staged } = addressed;
  const { ecs, environment } = context;
  const unread: string[] = [];
  const notRead = (what: string, error: AwsCallError): void => {
    unread.push(`${what} could not be read (${error.message})`);
  };
  const read = async <Value>(what: string, ask: () => Promise<Value>, otherwise: Value): Promise<Value> => {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof AwsCallError)) throw error;
      notRead(what, error);
      return otherwise;
    }
  };
  const gone = service.status === "INACTIVE";
  const byCodeDeploy = service.deploymentController?.type === "CODE_DEPLOY";
  const noTasks = (): Promise<readonly Task[]> => Promise.resolve([]);

  const [revisions, serviceDeployment, codeDeploy, running, stopped, health] = await Promise.all([
    read(
      "Its task definition",
      () => Promise.all(revisionsOf(service).map((arn) => ecs.describeTaskDefinition(arn))),
      [],
    ),
    read(
      "ECS's record of its deployments",
      async () => {
        const arn = service.currentServiceDeployment;
        return arn === undefined ? undefined : (await deployments.describe([arn]))[0];
      },
      undefined,
    ),
    read(
      "What CodeDeploy deploys",
      async () => (byCodeDeploy && !gone ? codeDeployNow({ serviceName, cluster }, context) : undefined),
      undefined,
    ),
    read("Its tasks", gone ? noTasks : () => tasks.ofService(cluster, serviceName, "RUNNING"), []),
    read("Its stopped tasks", gone ? noTasks : () => tasks.ofService(cluster, serviceName, "STOPPED"), []),
    Promise.all(
      targetGroupsOf(service.loadBalancers, service.taskSets).map((arn) =>
        read(
          `Target group ${arn.split("/").at(-2) ?? arn}`,
          async () => [[arn, await targets.targetHealth(arn)] as const],
          [],
        ),
      ),
    ),
  ]);
  const hostArns = [...new Set(running.flatMap(({ containerInstanceArn }) => containerInstanceArn ?? []))];
  const hosts =
    hostArns.length === 0 ? [] : await read("Its hosts", () => tasks.hosts(cluster, hostArns), []);
  const scaled = scaling.get(cluster);
  if (scaled instanceof AwsCallError) notRead("Its autoscaling", scaled);
  const target = scaled instanceof AwsCallError ? undefined : scaled?.get(serviceName);
  const { policies, scheduledActions } =
    target === undefined
      ? noPlan
      : await read("Its scaling policies", () => plans.plan(cluster, serviceName), noPlan);
  const autoscaling = target && {
    ...target,
    policies: policies.flatMap(({ PolicyName }) => PolicyName ?? []),
    scheduledActions: scheduledActions.flatMap(({ ScheduledActionName }) => ScheduledActionName ?? []),
  };
  if (locks instanceof AwsCallError) notRead("Its lock", locks);
  const lock = locks instanceof AwsCallError ? undefined : locks.get(lockOf(addressed, environment.name));
  return {
    service,
    cluster,
    ...(staged === undefined ? {} : { staged }),
    revisions: revisions.flatMap((revision) => revision ?? []),
    tasks: running,
    stopped,
    hosts,
    targets: new Map(health.flat()),
    unread,
    ...(serviceDeployment === undefined ? {} : { serviceDeployment }),
    ...(codeDeploy === undefined ? {} : { codeDeploy }),
    ...(autoscaling === undefined ? {} : { autoscaling }),
    ...(lock === undefined ? {} : { lock }),
  };
}

async function codeDeployNow(
  service: { readonly serviceName: string; readonly cluster: string },
  context: RunContext,
): Promise<CodeDeployStatus | undefined> {
  const { statusByCodeDeploy } = await import("../code-deploy/status.ts");
  return statusByCodeDeploy(service, context);
}
