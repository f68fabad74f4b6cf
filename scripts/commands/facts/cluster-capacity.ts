import type { ContainerInstance, RegisterTaskDefinitionRequest, Task } from "@aws-sdk/client-ecs";

import { lastPart } from "../../core/capacity/demand.ts";
import { forecast, type Forecast } from "../../core/capacity/forecast.ts";
import { hostOf } from "../../core/capacity/hosts.ts";
import type { Host, StrategyItem } from "../../core/capacity/model.ts";
import {
  beginsDeployment,
  constraintsOf,
  isFargateProvider,
  rolloutOf,
  strategyOf,
  type RolloutSubject,
} from "../../core/capacity/rollout.ts";
import { isSameDefinition } from "../../core/deployment/task-definition.ts";
import type { CapacityReader } from "./capacity-reader.ts";

/** A service that needs hosts, with the strategy that it or its cluster has. */
export interface HostedSubject extends RolloutSubject {
  readonly items: Parameters<typeof strategyOf>[0];
}

/** What is read of a cluster's hosts and tasks, and what more is read before anything is called stuck. */
interface Seen {
  readonly hosts: readonly Host[];
  readonly tasks: readonly (readonly Task[])[];
  readonly eligible: readonly (ReadonlySet<string> | undefined)[];
}

/**
 * The forecast of some services of one cluster. What a rollout that finds room needs not know (managed scaling, tasks
 * that are stopping, whether the definition is new at all) is asked for only where one does not.
 *
 * @returns in the order of the subjects
 * @throws AwsCallError when what it needs cannot be read
 */
export async function forecastCluster(
  subjects: readonly HostedSubject[],
  reader: CapacityReader,
): Promise<readonly Forecast[]> {
  const instances = await reader.hosts();
  const [tasks, eligible] = await Promise.all([
    reader.tasks(subjects, instances),
    Promise.all(subjects.map((subject) => eligibleHosts(subject, reader))),
  ]);
  const seen = { hosts: byAge(instances).map(hostOf), tasks, eligible };
  const strategies = subjects.map(({ items }) => strategyOf(items, new Set()));
  const all = subjects.map((subject) => beginsDeployment(subject) !== "no");
  const first = forecast({
    hosts: seen.hosts,
    rollouts: rolloutsOf(subjects, seen, strategies, all),
    growth: [],
  });
  const inDoubt = first.map(({ kind, everUnplaced }) => kind === "stuck" || everUnplaced);
  if (!inDoubt.includes(true)) return first;
  return lookCloser(subjects, seen, inDoubt, reader);
}

async function lookCloser(
  subjects: readonly HostedSubject[],
  seen: Seen,
  inDoubt: readonly boolean[],
  reader: CapacityReader,
): Promise<readonly Forecast[]> {
  const doubtful = subjects.filter((_, index) => inDoubt[index]);
  const names = new Set(
    doubtful.flatMap(({ items }) => items.map(({ capacityProvider = "" }) => capacityProvider)),
  );
  const growth = await reader.growth([...names].filter((name) => name !== "" && !isFargateProvider(name)));
  const [replaced, stopping] = await Promise.all([
    Promise.all(subjects.map((subject, index) => replacesAll(subject, inDoubt[index] === true, reader))),
    Promise.all(
      subjects.map((subject, index) =>
        inDoubt[index] === true ? reader.stoppingTasks(subject) : Promise.resolve([]),
      ),
    ),
  ]);
  const managed = new Set(growth.map(({ provider }) => provider));
  const strategies = subjects.map(({ items }) => strategyOf(items, managed));
  const tasks = seen.tasks.map((running, index) => [...running, ...(stopping[index] ?? [])]);
  return forecast({
    hosts: seen.hosts,
    rollouts: rolloutsOf(subjects, { ...seen, tasks }, strategies, replaced),
    growth,
  });
}

function rolloutsOf(
  subjects: readonly HostedSubject[],
  { hosts, tasks, eligible }: Seen,
  strategies: readonly (readonly StrategyItem[])[],
  replacesAll: readonly boolean[],
) {
  return subjects.map((subject, index) => {
    const eligibleHostIds = eligible[index];
    return rolloutOf(subject, {
      hosts,
      tasks: tasks[index] ?? [],
      strategy: strategies[index] ?? [],
      replacesAll: replacesAll[index] ?? true,
      ...(eligibleHostIds === undefined ? {} : { eligibleHostIds }),
    });
  });
}

async function replacesAll(
  subject: HostedSubject,
  inDoubt: boolean,
  reader: CapacityReader,
): Promise<boolean> {
  const begins = beginsDeployment(subject);
  if (begins !== "unlessSameDefinition" || !inDoubt) return begins !== "no";
  const running = await reader.revision(subject.running?.taskDefinition ?? "");
  // It is no revision yet: that is what makes it matter.
  const wanted = subject.taskDefinition as RegisterTaskDefinitionRequest;
  return running === undefined || !isSameDefinition(wanted, running);
}

/** Asked of ECS itself, which reads the expressions; what hangs on tasks changes during the rollout and is left out. */
async function eligibleHosts(
  subject: HostedSubject,
  reader: CapacityReader,
): Promise<ReadonlySet<string> | undefined> {
  const answers = await Promise.all(
    memberOfExpressions(subject)
      .filter((expression) => !dependsOnTasks(expression))
      .map((expression) => reader.hostsMatching(expression)),
  );
  const [first, ...others] = answers.map((arns) => new Set(arns.map(lastPart)));
  return first && new Set([...first].filter((id) => others.every((other) => other.has(id))));
}

/** The `memberOf` expressions of a service and its task definition. */
function memberOfExpressions(subject: RolloutSubject): readonly string[] {
  return constraintsOf(subject).flatMap(({ type, expression }) =>
    type === "memberOf" && expression !== undefined ? [expression] : [],
  );
}

/** Whether an expression is about the tasks on a host. */
function dependsOnTasks(expression: string): boolean {
  return /task:group|runningTasksCount/.test(expression);
}

function byAge(instances: readonly ContainerInstance[]): readonly ContainerInstance[] {
  return instances.toSorted(
    (one, other) => (one.registeredAt?.getTime() ?? 0) - (other.registeredAt?.getTime() ?? 0),
  );
}

/** What of a forecast was left out, as sentences. */
export function leftOut(subject: RolloutSubject): readonly string[] {
  const ownInterface = subject.taskDefinition.networkMode === "awsvpc";
  const aboutTasks = memberOfExpressions(subject).filter(dependsOnTasks);
  return [
    ...(ownInterface ? ["Network interfaces of the hosts were not looked at."] : []),
    ...aboutTasks.map((expression) => `Constraint ${expression} changes with the tasks and was left out.`),
  ];
}
