import { appendFileSync, statSync } from "node:fs";

import { annotate, annotateRest, noAnnotations } from "./annotations.ts";
import type { Display, Write } from "./display.ts";
import { emptyView, type RunView } from "./run-view.ts";
import { stepSummary } from "./step-summary.ts";
import { workflowCommand } from "./workflow-commands.ts";

/** What GitHub keeps of one step's summary; more is refused as a whole. */
const summaryBytes = 1024 * 1024;

/**
 * Annotations, and a summary of the step, for a run in GitHub Actions.
 *
 * @param summaryFile `$GITHUB_STEP_SUMMARY`; a file that can't be written is a warning
 */
export function actionsDisplay(
  write: Write,
  { summaryFile, groups }: { readonly summaryFile?: string | undefined; readonly groups: boolean },
): Display {
  let view = emptyView;
  let annotations = noAnnotations;
  let ended = false;
  const writeAll = (lines: readonly string[]): void => {
    if (lines.length > 0) write(`${lines.join("\n")}\n`);
  };
  return {
    event(event, after) {
      view = after;
      const annotated = annotate(annotations, event);
      annotations = annotated.annotations;
      if (groups || event.type !== "explained") writeAll(annotated.lines);
    },
    end() {
      if (ended) return;
      ended = true;
      writeAll(annotateRest(annotations));
      if (summaryFile === undefined || summaryFile === "") return;
      const hasOutcomes = [...view.services.values()].some(({ outcome }) => outcome !== undefined);
      if (!hasOutcomes) return;
      const problem = append(summaryFile, view);
      if (problem !== undefined) {
        const message = `The step summary could not be written: ${problem}`;
        writeAll([workflowCommand("warning", message, { title: "Slipway" })]);
      }
    },
  };
}

/** Why the summary could not be appended; undefined where it was. */
function append(file: string, view: RunView): string | undefined {
  try {
    // What the step has written before counts as well.
    const written = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    const summary = stepSummary(view, summaryBytes - written);
    if (summary === "") return `${file} has no room left.`;
    appendFileSync(file, summary);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
