import type { ServiceEvent } from "@aws-sdk/client-ecs";

import type { Evidence } from "./evidence.ts";
import type { Finding } from "./finding.ts";
import { explainPlacement } from "./placement.ts";
import { readReason } from "./read-reason.ts";
import { readServiceEvent, type ServiceTrouble } from "./service-event.ts";
import { explainTarget } from "./target-check.ts";
import { factsOf } from "./facts.ts";

/** ECS does not repeat a message about placement for as long as it holds, or for six hours. */
const messageHeldMs = 6 * 3_600_000;

/** What the service's events tell, each cause once, the newest first. */
export function eventFindings(evidence: Evidence): readonly Finding[] {
  const { described, since } = evidence;
  const events = described?.events ?? [];
  const found = distinct(
    events.filter(({ createdAt }) => createdAt === undefined || createdAt >= since),
    evidence,
  );
  if (found.length > 0 || evidence.tasks.length > 0) return found;
  // Not one task was ever placed, and no word of it: ECS has said so before this deployment, and holds it back.
  const heldSince = new Date(since.getTime() - messageHeldMs);
  const earlier = events.filter(
    ({ createdAt, message = "" }) =>
      createdAt !== undefined && createdAt >= heldSince && readServiceEvent(message)?.type === "notPlaced",
  );
  return distinct(earlier.slice(0, 1), evidence);
}

function distinct(events: readonly ServiceEvent[], evidence: Evidence): readonly Finding[] {
  const findings = new Map<string, Finding>();
  for (const { message = "" } of events) {
    const trouble = readServiceEvent(message);
    const finding = trouble === undefined ? undefined : findingOf(trouble, message, evidence);
    if (finding === undefined) continue;
    const key = `${finding.kind} ${finding.cause}`;
    if (!findings.has(key)) findings.set(key, finding);
  }
  return [...findings.values()];
}

function findingOf(trouble: ServiceTrouble, message: string, evidence: Evidence): Finding {
  const base = { tasks: [], words: [message] };
  switch (trouble.type) {
    case "notPlaced":
      return { ...base, ...explainPlacement(trouble.words, evidence) };
    case "unhealthyTarget":
      return { ...base, ...explainTarget(trouble, evidence) };
    case "unhealthyContainer":
      return {
        ...base,
        kind: "containerHealthCheck",
        cause: "A container of the task failed its health check.",
        remedy: "Run the check's command in the container (./deploy exec), and see its log.",
      };
    case "refused":
      return {
        ...base,
        ...(readReason(trouble.words, factsOf(evidence, undefined)) ?? {
          kind: "other",
          cause: `ECS could not go on: ${trouble.words}${/[.!]$/.test(trouble.words) ? "" : "."}`,
          remedy:
            "See https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html.",
        }),
      };
    case "throttled":
      return {
        ...base,
        kind: "throttled",
        cause: "AWS throttled what ECS itself did for the service, so tasks started late or not at all.",
        remedy:
          "Run it again with fewer deployments at the same time, or ask for higher API rates in Service Quotas.",
      };
    case "stuckByConfiguration":
      return { ...base, ...stuck(evidence) };
  }
}

function stuck({ described }: Evidence): Pick<Finding, "kind" | "cause" | "remedy"> {
  const { minimumHealthyPercent: minimum = 100, maximumPercent: maximum = 200 } =
    described?.deploymentConfiguration ?? {};
  const desired = described?.desiredCount ?? 0;
  const least = Math.ceil((desired * minimum) / 100);
  const most = Math.floor((desired * maximum) / 100);
  return {
    kind: "stuckByConfiguration",
    cause: `ECS may neither start nor stop a task: of ${desired} wanted at least ${least} must be healthy (minimumHealthyPercent ${minimum}) and at most ${most} may run (maximumPercent ${maximum}).`,
    remedy:
      most <= desired
        ? "Raise maximumPercent, so that one more task may start, or lower minimumHealthyPercent, so that one may stop first."
        : "Lower minimumHealthyPercent, so that a task may stop although not enough are healthy.",
  };
}
