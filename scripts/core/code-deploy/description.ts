/** What a CodeDeploy deployment's description says of the run that made it: by that it is found again. */

/** Who made a deployment, and what it found. */
export interface Origin {
  /** Id of the run. */
  readonly run: string;
  /** `family:revision` that ran before. */
  readonly replaces?: string;
  /** It takes back what a run of several services had brought. */
  readonly putsBack?: true;
}

const longest = 512;
const putBack = /^put \S+ back: /;
const pattern = /^slipway:([a-z0-9]{12})(?: replaces ([\w-]+:\d+))?;/;

/** What a deployment is for that puts a service back. */
export function putBackPurpose(service: string, because: string): string {
  return `put ${service} back: ${because}`;
}

/** At most 512 characters, the most that CodeDeploy takes. */
export function descriptionOf({ run, replaces }: Origin, purpose: string): string {
  const from = replaces === undefined ? "" : ` replaces ${replaces}`;
  return `slipway:${run}${from}; ${purpose}`.slice(0, longest);
}

/** Undefined where somebody else made the deployment. */
export function originOf(description: string | undefined): Origin | undefined {
  const [head = "", run, replaces] = pattern.exec(description ?? "") ?? [];
  if (run === undefined) return undefined;
  const putsBack = putBack.test(description?.slice(head.length).trimStart() ?? "");
  return { run, ...(replaces === undefined ? {} : { replaces }), ...(putsBack ? { putsBack } : {}) };
}
