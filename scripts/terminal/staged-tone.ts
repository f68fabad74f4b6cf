import type { StagedState } from "../core/staged/model.ts";

/** How a state of a deployment is shown. */
export function stagedTone(state: StagedState): "good" | "warning" | "bad" | "faint" {
  switch (state) {
    case "active":
    case "staged":
      return "good";
    case "staging":
    case "activating":
    case "leaving":
      return "warning";
    case "failed":
      return "bad";
    case "retired":
      return "faint";
  }
}
