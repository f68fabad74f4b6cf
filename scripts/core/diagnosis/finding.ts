import type { Task } from "@aws-sdk/client-ecs";

import type { DiagnosisKind } from "../diagnosis.ts";
import type { Said } from "./facts.ts";

/** One cause that was found, and what of. */
export interface Finding extends Said {
  readonly kind: DiagnosisKind;
  readonly container?: string;
  /** Tasks that it was found of, the newest first; none where it is about the whole deployment. */
  readonly tasks: readonly Task[];
  /** AWS's own words for it. */
  readonly words: readonly string[];
}
