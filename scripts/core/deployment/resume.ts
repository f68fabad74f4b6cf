import type { Service } from "@aws-sdk/client-ecs";

import { primaryDeployment } from "./service-changes.ts";
import { revisionName } from "./task-definition.ts";

/** Names the run that last brought the service somewhere. */
export const runTag = "slipway:deployment";

/** What the run that last changed the service found there: a revision, a deployment and the newest event. */
export const replacedTag = "slipway:replaced";

/** What a service stood on before a run changed it. */
interface Replaced {
  /** `family:revision`. */
  readonly revision: string;
  readonly deploymentId: string;
  /** Id of the newest event of that time; `-` where there was none. */
  readonly eventId: string;
}

/** The value of {@link replacedTag} for a service that is about to be changed; undefined before its first deployment. */
export function replacedBy(service: Service): string | undefined {
  const primary = primaryDeployment(service);
  if (primary?.id === undefined || primary.taskDefinition === undefined) return undefined;
  return `${revisionName(primary.taskDefinition)} ${primary.id} ${service.events?.[0]?.id ?? "-"}`;
}

/** What a killed run left of one service, where it came further than to begin. */
export type Resumption =
  /** It had started this deployment, and did not see how that ends or what comes of its failure. */
  | { readonly kind: "started"; readonly deploymentId: string }
  /** Its deployment failed, and it had begun to put the revision before back. */
  | { readonly kind: "puttingBack"; readonly deploymentId: string; readonly failedDeploymentId?: string };

/**
 * What a killed run had made of the service; undefined where it had not started anything yet.
 *
 * @param runs the killed run, which held the service's lock alone, and those before it that it had taken up
 * @param desiredArn the revision that they were to bring, where it exists
 */
export function resumptionOf(
  runs: readonly string[],
  service: Service,
  desiredArn: string | undefined,
): Resumption | undefined {
  const last = tagOf(service, runTag);
  if (last === undefined || !runs.includes(last)) return undefined;
  const replaced = parseReplaced(tagOf(service, replacedTag));
  const primary = primaryDeployment(service);
  if (replaced === undefined || primary?.id === undefined) return undefined;

  const since = eventsSince(service, replaced.eventId);
  const failed = since.map((message) => failedDeployment.exec(message)?.[1]).find((id) => id !== undefined);
  const isNew = primary.id !== replaced.deploymentId;
  if (isNew && primary.taskDefinition === desiredArn) return { kind: "started", deploymentId: primary.id };
  const back =
    primary.taskDefinition !== undefined && revisionName(primary.taskDefinition) === replaced.revision;
  // Neither what the run brought nor what was there before: somebody else was here since.
  if (isNew && failed === undefined && !back) return undefined;
  if (isNew) {
    return {
      kind: "puttingBack",
      deploymentId: primary.id,
      ...(failed === undefined ? {} : { failedDeploymentId: failed }),
    };
  }
  // The circuit breaker brings the old deployment back under its own id; only the event tells of the failed one.
  return failed === undefined ? undefined : { kind: "started", deploymentId: failed };
}

const failedDeployment = /\(deployment (\S+)\) deployment failed/;

function eventsSince({ events = [] }: Service, eventId: string): readonly string[] {
  const known = events.findIndex(({ id }) => id === eventId);
  return (known < 0 ? events : events.slice(0, known)).flatMap(({ message }) => message ?? []);
}

function parseReplaced(value: string | undefined): Replaced | undefined {
  const [revision, deploymentId, eventId] = value?.split(" ") ?? [];
  if (revision === undefined || deploymentId === undefined || eventId === undefined) return undefined;
  return { revision, deploymentId, eventId };
}

function tagOf({ tags = [] }: Service, name: string): string | undefined {
  return tags.find(({ key }) => key === name)?.value;
}
