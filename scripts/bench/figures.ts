import { chalk } from "zx";

/** A measured figure against what it may be at most. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly atMost: number;
  /** What it was made from. */
  readonly detail: string;
  /** For people: `s`, `MB`, or nothing for a ratio. */
  readonly unit?: string;
}

/** Prints a figure and whether it holds; one that does not makes the program's exit code 1. */
export function report({ name, value, atMost, detail, unit = "" }: Figure): void {
  const holds = value <= atMost;
  const verdict = holds ? chalk.green("holds") : chalk.red("does not hold");
  const shown = Number.isInteger(value) ? String(value) : value.toFixed(2);
  process.stdout.write(
    `${shown}${unit && ` ${unit}`}  ${name}\n      at most ${atMost}${unit && ` ${unit}`}: ${verdict}; ${detail}\n`,
  );
  if (!holds) process.exitCode = 1;
}

/** The middle value; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
