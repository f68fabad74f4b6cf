import type { Problem } from "../core/problem.ts";

/** The workflow commands that a run uses. */
export type WorkflowCommand = "error" | "warning" | "notice" | "group" | "endgroup";

/**
 * A line that the runner of GitHub Actions obeys. It reads them from standard output and standard error alike, so a
 * run writes them to standard error and keeps standard output for its result.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function workflowCommand(
  command: WorkflowCommand,
  message = "",
  properties: Readonly<Record<string, string | number | undefined>> = {},
): string {
  const given = Object.entries(properties).filter(([, value]) => value !== undefined);
  const list = given.map(([name, value]) => `${name}=${escapedProperty(String(value))}`).join(",");
  return `::${command}${list === "" ? "" : ` ${list}`}::${escapedData(message)}`;
}

/** GitHub shows ten errors of a step. */
const annotatedProblems = 9;

/** What a run stopped on, as annotations: one at each mistake's place, where it has one. */
export function errorAnnotations(message: string, problems: readonly Problem[]): string {
  const placed = problems.slice(0, annotatedProblems).map(({ file, line, column, message: text, hint }) =>
    workflowCommand("error", hint === undefined ? text : `${text} ${hint}`, {
      file,
      line,
      col: column,
      title: "Slipway",
    }),
  );
  const lines = placed.length > 0 ? placed : [workflowCommand("error", message, { title: "Slipway" })];
  return `${lines.join("\n")}\n`;
}

/**
 * Text that the runner must not obey: it takes a line that begins with `::`, after blanks, for a command, and
 * `##[command]` wherever it stands. A container's log line could mask, group or fail what it likes.
 */
export function defused(text: string): string {
  return text.replaceAll(/^((?:\s|\p{Cc}\[[\d;]*m)*):(?=:)/gmu, "$1: ").replaceAll("##[", "# #[");
}

/** The same for JSON, whose meaning stays: `##[` can stand only inside its strings, and no line begins with `::`. */
export function defusedJson(json: string): string {
  return json.replaceAll("##[", "\\u0023#[");
}

function escapedData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapedProperty(text: string): string {
  return escapedData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
