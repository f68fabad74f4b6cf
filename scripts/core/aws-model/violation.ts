/** What is wrong with a document, and where in it. */

/** The way from the document's root to a value: field names and list indices. */
export type JsonPath = readonly (string | number)[];

/** One thing that AWS would refuse. */
export interface Violation {
  /** Where it is; for a field that is missing, where it would be. */
  readonly path: JsonPath;
  /** Whether the field's name is wrong or its value. */
  readonly at: "name" | "value";
  /** What is wrong, with the value received. */
  readonly message: string;
  /** What is allowed, or what to do about it. */
  readonly hint?: string;
}

/** Writes a path as in `$.containerDefinitions[0].dockerLabels["com.example/x"]`. */
export function formatPath(path: JsonPath): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === "number") return `${text}[${segment}]`;
    return /^[A-Za-z_$][\w$]*$/.test(segment) ? `${text}.${segment}` : `${text}[${JSON.stringify(segment)}]`;
  }, "$");
}

const longest = 100;

/** A text in quotes, escaped and cut, as messages show values that they received. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > longest ? `${text.slice(0, longest)}…` : text);
}
