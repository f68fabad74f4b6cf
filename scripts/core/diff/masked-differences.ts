import { maskedAt } from "../masking.ts";
import type { Difference } from "./compare.ts";

/** Lists and maps whose entries have a name of the user's own that may tell of a secret. */
const entry =
  /(?:^|[.\]])(?:environment|tags|properties|systemControls|dockerLabels|driverOpts|labels|options)\[(.*)\]$/s;

/** The difference with its secrets hidden; one that has changed says so. */
export function maskedDifference({ path, kind, from, to }: Difference): Difference {
  const name = entry.exec(path)?.[1];
  switch (kind) {
    case "added":
      return { path, kind, to: maskedAt(name, to) };
    case "removed":
      return { path, kind, from: maskedAt(name, from) };
    case "changed":
      return { path, kind, from: maskedAt(name, from), to: maskedAt(name, to, from) };
  }
}
