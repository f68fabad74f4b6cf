import type { DeploymentEvent, ServiceOutcome } from "../core/events.ts";
import { outcomeSentences } from "./outcome-sentences.ts";
import { causeText, outcomeWord, toneOf } from "./words.ts";
import { defused, workflowCommand } from "./workflow-commands.ts";

/** GitHub shows so many annotations of a kind for one step; the last one is kept for the rest. */
const annotationsOfAKind = 10;

/** The annotations of a run so far. */
export interface Annotations {
  readonly count: Readonly<Record<"error" | "warning", number>>;
  /** Services whose outcome found no room. */
  readonly left: Readonly<Record<"error" | "warning", readonly string[]>>;
}

export const noAnnotations: Annotations = {
  count: { error: 0, warning: 0 },
  left: { error: [], warning: [] },
};

interface Annotated {
  readonly annotations: Annotations;
  readonly lines: readonly string[];
}

/** What an event adds to the annotations of a GitHub Actions run, and to its log. */
export function annotate(annotations: Annotations, event: DeploymentEvent): Annotated {
  switch (event.type) {
    case "warning":
      return annotated(annotations, "warning", event.service, "Slipway", event.message);
    case "explained":
      return { annotations, lines: evidenceGroup(event) };
    case "ended": {
      const tone = toneOf(event);
      if (tone === "good") return { annotations, lines: [] };
      const title = `${event.service} ${outcomeWord(event)}`;
      return annotated(
        annotations,
        tone === "bad" ? "error" : "warning",
        event.service,
        title,
        outcomeMessage(event),
      );
    }
    case "note":
    case "runStarted":
    case "waitingForLock":
    case "lockTakenOver":
    case "resumed":
    case "checked":
    case "waitingForServices":
    case "revisionRegistered":
    case "revisionReused":
    case "serviceChanged":
    case "autoscalingSuspended":
    case "autoscalingResumed":
    case "autoscalingSet":
    case "autoscalingRemoved":
    case "deploymentStarted":
    case "progress":
    case "lifecycle":
    case "trafficShifted":
    case "waitingForApproval":
    case "serviceEvent":
    case "rollingBack":
    case "revisionsPruned":
      return { annotations, lines: [] };
  }
}

/** One annotation of each kind for all that found no room. */
export function annotateRest({ left }: Annotations): readonly string[] {
  return (["error", "warning"] as const).flatMap((kind) => {
    const services = [...new Set(left[kind])];
    if (services.length === 0) return [];
    const message = `${services.length} more: ${services.join(", ")}. The log and the step summary tell each.`;
    return [workflowCommand(kind, message, { title: "Slipway" })];
  });
}

function annotated(
  { count, left }: Annotations,
  kind: "error" | "warning",
  service: string | undefined,
  title: string,
  message: string,
): Annotated {
  const text = service === undefined ? message : `${service}: ${message}`;
  if (count[kind] >= annotationsOfAKind - 1) {
    const rest = [...left[kind], service ?? "the run"];
    return { annotations: { count, left: { ...left, [kind]: rest } }, lines: [] };
  }
  return {
    annotations: { count: { ...count, [kind]: count[kind] + 1 }, left },
    lines: [workflowCommand(kind, text, { title })],
  };
}

function outcomeMessage(outcome: ServiceOutcome): string {
  const causes =
    outcome.outcome === "failed"
      ? outcome.diagnoses.map((diagnosis) => `${causeText(diagnosis)} ${diagnosis.remedy}`.trim())
      : [];
  return [...outcomeSentences(outcome), ...causes].join("\n");
}

/** Folded in the log, since it may be long. */
function evidenceGroup({
  service,
  diagnoses,
}: Extract<DeploymentEvent, { type: "explained" }>): readonly string[] {
  return diagnoses.flatMap((diagnosis) =>
    diagnosis.evidence.length === 0
      ? []
      : [
          workflowCommand("group", `${service}: ${causeText(diagnosis)}`),
          ...diagnosis.evidence.flatMap((one) => one.split("\n").map((line) => defused(`| ${line}`))),
          workflowCommand("endgroup"),
        ],
  );
}
