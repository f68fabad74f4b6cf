import type { Evidence, FailedRollout, Unreadable } from "../../core/diagnosis/evidence.ts";
import {
  targetGroupsOf,
  wantedLogs,
  wantsHosts,
  wantsServiceDeployment,
  type WantedLog,
} from "../../core/diagnosis/further-evidence.ts";
import { SlipwayError } from "../../core/errors.ts";
import type { EcsPort, LogLine, LogsPort } from "../../core/ports.ts";
import type { EcsTasksPort } from "../../core/ports/ecs-tasks.ts";
import type { TargetHealthPort } from "../../core/ports/target-health.ts";

/** What evidence is gathered through. */
export interface EvidencePorts {
  readonly ecs: Pick<EcsPort, "describeServices" | "describeTaskDefinition">;
  readonly tasks: EcsTasksPort;
  readonly targets: TargetHealthPort;
  /** CloudWatch Logs of a Region; of the run's own without a name. */
  readonly logs: (region?: string) => LogsPort;
}

/** Tasks looked at, running and stopped each: more of the same tell nothing new. */
const mostTasks = 500;
/** Hosts whose free room is looked at. */
const mostHosts = 500;
/** Lines read of one container's log. */
const logLines = 15;

/**
 * Asks AWS for what tells why a rollout failed: first what is always asked, then what that makes worth asking. At most
 * some thirty calls, side by side where they can be.
 *
 * @returns what could be read; what could not is in `unreadable`, and is no error
 */
export async function gatherEvidence(rollout: FailedRollout, ports: EvidencePorts): Promise<Evidence> {
  const { service, cluster, deploymentId } = rollout;
  const unreadable: Unreadable[] = [];
  const read = async <Value>(what: string, ask: () => Promise<Value>, otherwise: Value): Promise<Value> => {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof SlipwayError)) throw error;
      // The rest of the message is advice, which a diagnosis has of its own.
      unreadable.push({ what, why: error.message.split("\n")[0] ?? error.message });
      return otherwise;
    }
  };

  const [[described], tasks] = await Promise.all([
    read("The service and its events", () => ports.ecs.describeServices(cluster, [service]), []),
    read("The tasks of the deployment", () => ports.tasks.tasksOf(cluster, deploymentId, mostTasks), []),
  ]);
  const deployment = described?.deployments?.find(({ id }) => id === deploymentId);
  const definitionArn =
    rollout.taskDefinitionArn ?? deployment?.taskDefinition ?? tasks[0]?.taskDefinitionArn ?? undefined;
  const first: Evidence = {
    ...rollout,
    // AWS's clock, where AWS says it: events are dated by it.
    since: deployment?.createdAt ?? rollout.since,
    ...(described === undefined ? {} : { described }),
    tasks,
    targetGroups: [],
    targetHealth: new Map(),
    logs: new Map(),
    unreadable,
  };

  const [registered, serviceDeployment, targetGroups, targetHealth, hosts] = await Promise.all([
    definitionArn === undefined
      ? undefined
      : read("The task definition", () => ports.ecs.describeTaskDefinition(definitionArn), undefined),
    wantsServiceDeployment(first)
      ? read(
          "ECS's record of the deployment",
          () => ports.tasks.serviceDeployment(cluster, service, deploymentId),
          undefined,
        )
      : undefined,
    read("The target groups", () => ports.targets.targetGroups(targetGroupsOf(first)), []),
    Promise.all(
      targetGroupsOf(first).map(async (arn) => {
        const health = await read("The health of the targets", () => ports.targets.targetHealth(arn), []);
        return [arn, health] as const;
      }),
    ),
    wantsHosts(first)
      ? read("The cluster's hosts", () => ports.tasks.hosts(cluster, mostHosts), undefined)
      : undefined,
  ]);
  const second: Evidence = {
    ...first,
    ...(registered === undefined ? {} : { revision: registered.taskDefinition }),
    ...(serviceDeployment === undefined ? {} : { serviceDeployment }),
    targetGroups,
    targetHealth: new Map(targetHealth),
    ...(hosts === undefined ? {} : { hosts }),
  };

  const logs = await Promise.all(
    wantedLogs(second).map(async ({ key, container, ...log }) => {
      const lines = await read(`The log of container ${container}`, () => tail(log, ports), []);
      return [key, lines] as const;
    }),
  );
  return { ...second, logs: new Map(logs) };
}

async function tail(
  { group, streams, region }: Omit<WantedLog, "key" | "container">,
  ports: EvidencePorts,
): Promise<readonly LogLine[]> {
  for (const stream of streams) {
    const lines = await ports.logs(region).tail(group, stream, logLines);
    if (lines.length > 0) return lines;
  }
  return [];
}
