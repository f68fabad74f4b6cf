import type { LockHolder } from "./holder.ts";

/** A lock that this run wants and somebody else holds. */
export interface HeldService {
  readonly service: string;
  readonly holder: LockHolder & { readonly runUrl?: string };
}

/** Who holds what: one line a service. */
function holdersText(held: readonly HeldService[]): string {
  return held
    .map(({ service, holder: { run, owner, purpose, since, runUrl } }) => {
      const where = runUrl === undefined ? `run ${run}` : `run ${run}, ${runUrl}`;
      return `${service} is locked by ${owner} since ${since}: ${purpose} (${where}).`;
    })
    .join("\n");
}

/** The refusal of a run that does not wait. */
export function refusalText(held: readonly HeldService[]): string {
  return `${holdersText(held)}\nNothing was changed. --wait-for-lock waits until that run has ended; a run that was killed stops blocking others within a minute.`;
}

/** The refusal of a run that has waited. */
export function waitedText(held: readonly HeldService[], timeout: string): string {
  return `${holdersText(held)}\nWaited ${timeout} for it (--timeout); nothing was changed meanwhile.`;
}

/** What to do where the caller may not write locks. */
export function deniedText(name: string, message: string): string {
  return `The lock ${name} could not be taken: ${message}\nWithout it two runs on one service may mix. Allow ssm:PutParameter, ssm:GetParameters and ssm:DeleteParameters on it, or go on without a lock with --force. Nothing was changed.`;
}
