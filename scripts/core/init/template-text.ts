/** Writes templates as text that reads back as exactly the document that they were made from. */

/** Stands in a document for a placeholder that its text is to have. */
export class PlaceholderText {
  readonly name: string;

  /** @param name as in `CONTAINER_VERSION` */
  constructor(name: string) {
    this.name = name;
  }
}

/** Lists of plain values, and elements of lists that have nothing but such, stand on one line where they fit. */
const lineLength = 100;

/** The text of a template, with a line end at its end. Text that looks like a placeholder is escaped. */
export function templateText(document: unknown): string {
  return `${write(document, "")}\n`;
}

function write(value: unknown, indent: string): string {
  if (value instanceof PlaceholderText) return `"@@${value.name}@@"`;
  if (typeof value === "string") return quoted(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => onOneLine(item, inner) ?? write(item, inner));
    const line = `[${items.join(", ")}]`;
    if (items.length === 0 || (value.every(isPlain) && indent.length + line.length <= lineLength))
      return line;
    return `[\n${items.map((item) => `${inner}${item}`).join(",\n")}\n${indent}]`;
  }
  const members = Object.entries(value).map(
    ([name, member]) => `${inner}${quoted(name)}: ${write(member, inner)}`,
  );
  return members.length === 0 ? "{}" : `{\n${members.join(",\n")}\n${indent}}`;
}

function onOneLine(element: unknown, indent: string): string | undefined {
  if (typeof element !== "object" || element === null || isPlain(element)) return undefined;
  const members = Object.entries(element);
  if (members.length === 0 || !members.every(([, member]) => isPlain(member))) return undefined;
  const line = `{ ${members.map(([name, member]) => `${quoted(name)}: ${write(member, indent)}`).join(", ")} }`;
  return indent.length + line.length <= lineLength ? line : undefined;
}

function isPlain(value: unknown): boolean {
  return typeof value !== "object" || value === null || value instanceof PlaceholderText;
}

/** An escaped sign means itself and starts no placeholder. */
function quoted(text: string): string {
  const json = JSON.stringify(text);
  return /@@|^@[A-Z][A-Z0-9_]*@$/.test(text) ? json.replaceAll("@", String.raw`\u0040`) : json;
}
