import stringWidth from "string-width";

import { rules } from "../../stacks/aspects/rules.ts";

const begin = "<!-- npm run generate writes from here -->";
const end = "<!-- to here -->";

/** Writes the rules into the guide between its marks, as the formatter wants tables. */
export function withHardeningTable(guide: string): string {
  const [before, rest] = guide.split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined)
    throw new Error("The guide has no marks for the table of rules.");
  return `${before}${begin}\n\n${table()}\n\n${beyond()}\n\n${end}${after}`;
}

function table(): string {
  const rows = rules.map(({ id, title, why, types, mend }) => [
    `\`${id}\``,
    `${title}. ${why}`,
    types.map((type) => `\`${type}\``).join(", "),
    escaped(mend),
  ]);
  const all = [["rule", "what has to be so, and why", "looked at", "to change"], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...all.map((row) => stringWidth(row[column] ?? ""))));
  const lines = all.map((row) => line(row.map((cell, column) => padded(cell, widths[column] ?? 0))));
  const [head = "", ...body] = lines;
  return [head, line(widths.map((width) => "-".repeat(width))), ...body].join("\n");
}

function beyond(): string {
  const items = rules.flatMap(({ id, beyond: text }) => (text === undefined ? [] : [`- \`${id}\`: ${text}`]));
  return `Where they go beyond Checkov's:\n\n${items.join("\n")}`;
}

/** `<variant>` would be a tag of HTML. */
function escaped(text: string): string {
  return text.replaceAll(/<(\w+)>/g, String.raw`\<$1>`);
}

function padded(cell: string, width: number): string {
  return cell + " ".repeat(width - stringWidth(cell));
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
