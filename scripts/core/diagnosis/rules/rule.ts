import type { DiagnosisKind } from "../../diagnosis.ts";
import type { Facts, Said } from "../facts.ts";

/** A form that AWS's words for a cause take, and what it comes to. */
export interface Rule {
  readonly kind: DiagnosisKind;
  readonly pattern: RegExp;
  readonly say: (found: readonly (string | undefined)[], facts: Facts, text: string) => Said;
}

/** A cause that AWS's words were read as. */
export interface ReadReason extends Said {
  readonly kind: DiagnosisKind;
}
