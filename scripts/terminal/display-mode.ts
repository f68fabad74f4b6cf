type Variables = Readonly<Record<string, string | undefined>>;

/** What decides how progress is shown. */
export interface DisplaySettings {
  readonly result: "text" | "json" | "ndjson";
  readonly quiet: boolean;
  readonly verbose: boolean;
}

interface Terminals {
  readonly stdout: { readonly isTTY?: boolean };
  readonly stderr: { readonly isTTY?: boolean };
}

/** How progress is shown on standard error: drawn in place, line after line, or problems alone. */
export type DisplayMode = "live" | "lines" | "problems";

/** Drawn in place only where somebody sees it: a terminal that can, and nothing else that writes into it meanwhile. */
export function displayMode(
  { result, quiet, verbose }: DisplaySettings,
  { stdout, stderr }: Terminals,
  variables: Variables,
): DisplayMode {
  if (quiet) return "problems";
  const canDraw = stderr.isTTY === true && variables["TERM"] !== "dumb" && !inPipeline(variables);
  const eventsInTheWay = result === "ndjson" && stdout.isTTY === true;
  return canDraw && !verbose && !eventsInTheWay ? "live" : "lines";
}

/** `CI` is set by GitHub, GitLab, CircleCI, Travis, Bitbucket and others. */
function inPipeline({ CI: ci, GITHUB_ACTIONS: actions }: Variables): boolean {
  return (ci !== undefined && !["", "0", "false"].includes(ci)) || actions === "true";
}
