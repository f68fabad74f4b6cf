/** What a CodeDeploy deployment's description says of the run that made it: by that it is found again. */

/** Who made a deployment, and what it found. */
export interface Origin {
  /** Id of the run. */
  readonly run: string;
  /** `family:revision` that ran before. */
  readonly replaces?: string;
}

const longest = 512;
const pattern = /^slipway:([a-z0-9]{12})(?: replaces ([\w-]+:\d+))?;/;

/** At most 512 characters, the most that CodeDeploy takes. */
export function descriptionOf({ run, replaces }: Origin, purpose: string): string {
  const from = replaces === undefined ? "" : ` replaces ${replaces}`;
  return `slipway:${run}${from}; ${purpose}`.slice(0, longest);
}

/** Undefined where somebody else made the deployment. */
export function originOf(description: string | undefined): Origin | undefined {
  const [, run, replaces] = pattern.exec(description ?? "") ?? [];
  if (run === undefined) return undefined;
  return { run, ...(replaces === undefined ? {} : { replaces }) };
}
