/**
 * A JSONC text as a tree that still knows where everything stands.
 */
import { findNodeAtLocation, getNodeValue, parseTree } from "jsonc-parser";
import type { Node, ParseError } from "jsonc-parser";
import { syntaxMessage } from "../template/syntax-message.ts";

/** A place in the document: property names and list indexes from the root. */
export type DocumentPath = readonly (string | number)[];

/** One thing that is wrong, where it stands (line and column start at 1) and what to do about it. */
export interface Problem {
  /** JSON path, as in `$.environments.test.network.cidr`. */
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A parsed text. `value` is undefined when `problems` has any: the text is not JSONC. */
export interface ParsedDocument {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  /** Makes a problem of a message, placed at the value (or `key`: the property's name) or its nearest parent. */
  problemAt(path: DocumentPath, message: string, place?: "key" | "value"): Problem;
}

/** Parses JSONC: JSON with comments and trailing commas. A property that stands twice in an object is a problem. */
export function parseDocument(text: string): ParsedDocument {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, disallowComments: false });
  const problemAtOffset = (offset: number, path: DocumentPath, message: string): Problem => ({
    path: formatPath(path),
    ...positionAt(text, offset),
    message,
  });
  const problemAt = (path: DocumentPath, message: string, place: "key" | "value" = "value"): Problem =>
    problemAtOffset(nodeAt(root, path, place)?.offset ?? 0, path, message);

  // A text that ends too early lacks every brace at the same place.
  const first = errors.filter(
    ({ offset, error }, index) =>
      errors.findIndex((other) => other.offset === offset && other.error === error) === index,
  );
  const syntax = first.map(({ offset, error }) => problemAtOffset(offset, [], syntaxMessage(error)));
  if (root === undefined && syntax.length === 0) {
    syntax.push(
      problemAtOffset(0, [], 'The file is empty. It takes an object with the field "environments".'),
    );
  }
  const repeated = root === undefined ? [] : repeatedProperties(root, []);
  const problems = [
    ...syntax,
    ...repeated.map(({ node, path }) =>
      problemAtOffset(
        node.offset,
        path,
        "The property stands twice in this object; only one would count. Remove one.",
      ),
    ),
  ];
  const value: unknown = problems.length === 0 && root !== undefined ? getNodeValue(root) : undefined;
  return { value, problems, problemAt };
}

/** Writes a path as `$.environments["my.name"].zones[0]`. */
function formatPath(path: DocumentPath): string {
  const parts = path.map((part) => {
    if (typeof part === "number") {
      return `[${part}]`;
    }
    return /^[\w$-]+$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
  });
  return `$${parts.join("")}`;
}

function positionAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split(/\r\n|\r|\n/);
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function nodeAt(root: Node | undefined, path: DocumentPath, place: "key" | "value"): Node | undefined {
  if (root === undefined) {
    return undefined;
  }
  for (let length = path.length; length >= 0; length -= 1) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node !== undefined) {
      const isProperty = node.parent?.type === "property";
      return place === "key" && length === path.length && isProperty ? node.parent : node;
    }
  }
  return root;
}

function repeatedProperties(node: Node, path: DocumentPath): { node: Node; path: DocumentPath }[] {
  const children = node.children ?? [];
  if (node.type === "array") {
    return children.flatMap((child, index) => repeatedProperties(child, [...path, index]));
  }
  const seen = new Set<string>();
  return children.flatMap((property) => {
    const [key, value] = property.children ?? [];
    const name = String(key?.value);
    const here = [...path, name];
    const again = seen.has(name) ? [{ node: property, path: here }] : [];
    seen.add(name);
    return value === undefined ? again : [...again, ...repeatedProperties(value, here)];
  });
}
