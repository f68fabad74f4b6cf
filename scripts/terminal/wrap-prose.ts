import wrapAnsi from "wrap-ansi";

/** What is indented so far is quoted: a log line, a command or JSON, which a line break would spoil. */
const quoted = /^ {4}/;

/** Prose as wide as a terminal, without what is quoted in it. */
export function wrapProse(text: string, columns: number): string {
  return text
    .split("\n")
    .map((line) => (quoted.test(line) ? line : wrapLine(line, columns)))
    .join("\n");
}

/** A line as wide as a terminal; where it goes on it is indented a little more than its first part. */
export function wrapLine(line: string, columns: number): string {
  const indent = /^ */.exec(line)?.[0] ?? "";
  const hanging = `${indent}  `;
  const room = Math.max(10, columns - hanging.length);
  return wrapAnsi(line.slice(indent.length), room, { hard: true })
    .split("\n")
    .map((part, index) => `${index === 0 ? indent : hanging}${part}`)
    .join("\n");
}
