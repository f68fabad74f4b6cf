import { chalk } from "zx/core";

/** The few colours that carry a meaning here. */
export interface Paint {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly strong: (text: string) => string;
}

const same = (text: string): string => text;

const plain: Paint = { good: same, bad: same, warning: same, faint: same, strong: same };

/**
 * Colours for one stream: only on a terminal that shows them, and never against `--no-color` or `NO_COLOR`.
 *
 * @see https://no-color.org
 */
export function paintFor(
  stream: { readonly isTTY?: boolean },
  wanted: boolean,
  variables: Readonly<Record<string, string | undefined>>,
): Paint {
  const noColor = variables["NO_COLOR"] !== undefined && variables["NO_COLOR"] !== "";
  const forced = variables["FORCE_COLOR"] !== undefined && variables["FORCE_COLOR"] !== "0";
  const shows = stream.isTTY === true && variables["TERM"] !== "dumb";
  if (!wanted || noColor || !(shows || forced)) return plain;
  // Standard error may be a terminal where standard output, which chalk looks at, is not.
  chalk.level = chalk.level === 0 ? 1 : chalk.level;
  return { good: chalk.green, bad: chalk.red, warning: chalk.yellow, faint: chalk.dim, strong: chalk.bold };
}
