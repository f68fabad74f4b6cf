/** Reads a template's text: JSON with comments, trailing commas and placeholders. */
import { parseTree, type Node, type ParseError } from "jsonc-parser";

import { formatPath, type JsonPath } from "../aws-model/violation.ts";
import { depthLimit, scanBarePlaceholders } from "./bare-placeholders.ts";
import { splitPlaceholders, type PlaceholderName, type Segment } from "./placeholder.ts";
import { positionsIn, type Position } from "./position.ts";
import { sortProblems, type PlacedProblem } from "./problem.ts";
import { isMild, syntaxMessage } from "./syntax-message.ts";

/** A placeholder and where it stands. */
type Placeholder = PlaceholderName & Position & { readonly path: string };

/** A template's syntax. What it means is checked when it is filled, together with its values. */
export interface ParsedTemplate {
  readonly file: string;
  /** Every placeholder in the order of the text, with repetitions; none when the syntax is beyond reading. */
  readonly placeholders: readonly Placeholder[];
  /** What is wrong with the syntax; filling reports it with everything else. */
  readonly problems: readonly PlacedProblem[];
  /** The document; undefined when what is wrong leaves the rest unreadable. */
  readonly tree: TemplateTree | undefined;
}

/** The document of a template that can be read. */
interface TemplateTree {
  /** The syntax tree; bare placeholders are strings in it. */
  readonly root: Node;
  /** The pieces of each string that is not just literal, by the offset of its node. */
  readonly segments: ReadonlyMap<number, readonly Segment[]>;
  readonly positionOf: (offset: number) => Position;
}

/**
 * Reads a template. Comments and trailing commas are allowed, and a byte order mark is ignored.
 *
 * @param file - how problems name the file
 */
export function parseTemplate(file: string, text: string): ParsedTemplate {
  const source = text.replace(/^\uFEFF/, "");
  const positionOf = positionsIn(source);
  const problemAt = (offset: number, message: string, hint?: string): PlacedProblem => {
    const problem = { file, ...positionOf(offset), path: "$", message };
    return hint === undefined ? problem : { ...problem, hint };
  };
  const unreadable = (problems: readonly PlacedProblem[]): ParsedTemplate => {
    return { file, placeholders: [], problems, tree: undefined };
  };
  const scan = scanBarePlaceholders(source);
  if (scan.tooDeepAt !== undefined) {
    const message = `Lists and objects are nested more than ${depthLimit} levels deep.`;
    return unreadable([problemAt(scan.tooDeepAt, message)]);
  }

  const errors: ParseError[] = [];
  const root = parseTree(scan.text, errors, { allowTrailingComma: true });
  const wrong = errors.map(({ error, offset }) => problemAt(offset, syntaxMessage(error)));
  if (root === undefined || errors.some(({ error }) => !isMild(error))) {
    const broken = [...scan.bare.values()].flatMap((segment) =>
      segment.kind === "broken" ? [problemAt(segment.offset, segment.message, segment.hint)] : [],
    );
    return unreadable(onePerLine(sortProblems([...broken, ...wrong])));
  }
  if (root.type !== "object") {
    return unreadable([problemAt(root.offset, "A template is a JSON object: { … }.")]);
  }
  const { placeholders, segments } = findPlaceholders(root, source, scan.bare, positionOf);
  const problems = onePerLine(sortProblems(wrong));
  return { file, placeholders, problems, tree: { root, segments, positionOf } };
}

/** One slip makes the parser stumble again right after it; the first error of a line is the one to mend. */
function onePerLine(problems: readonly PlacedProblem[]): readonly PlacedProblem[] {
  return problems.filter((problem, index) => problem.line !== problems[index - 1]?.line);
}

function findPlaceholders(
  root: Node,
  source: string,
  bare: ReadonlyMap<number, Segment>,
  positionOf: (offset: number) => Position,
) {
  const segments = new Map<number, readonly Segment[]>();
  const placeholders: Placeholder[] = [];
  const visitString = (node: Node, path: JsonPath): void => {
    const own = bare.get(node.offset);
    const start = node.offset + 1;
    const found =
      own === undefined ? splitPlaceholders(source.slice(start, start + node.length - 2), start) : [own];
    if (found.every((segment) => segment.kind === "literal")) return;
    segments.set(node.offset, found);
    for (const segment of found) {
      if (segment.kind !== "placeholder") continue;
      placeholders.push({ ...segment.placeholder, ...positionOf(segment.offset), path: formatPath(path) });
    }
  };
  const visit = (node: Node, path: JsonPath): void => {
    if (node.type === "string" || bare.has(node.offset)) visitString(node, path);
    node.children?.forEach((child, index) => {
      const [key, value] = child.children ?? [];
      if (child.type !== "property") visit(child, [...path, index]);
      else if (key !== undefined) {
        const inner = [...path, String(key.value)];
        visitString(key, inner);
        if (value !== undefined) visit(value, inner);
      }
    });
  };
  visit(root, []);
  return { placeholders, segments };
}
