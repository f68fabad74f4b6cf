/** Fills a template and checks it, so that all of its mistakes are told at once and each with its place. */
import { structureOf, type ShapeName } from "../aws-model/model.ts";
import { validateAgainst } from "../aws-model/validate.ts";
import type { FilledObject } from "../aws-model/values.ts";
import { formatPath, type JsonPath, type Violation } from "../aws-model/violation.ts";
import { fillStructure } from "./fill-tree.ts";
import type { Lookup } from "./lookup.ts";
import type { ParsedTemplate } from "./parse-template.ts";
import { sortProblems, type PlacedProblem } from "./problem.ts";

/** What filling gives: the document, or everything that is wrong with the template and its values. */
export type FillResult =
  | {
      readonly ok: true;
      readonly document: FilledObject;
      /** Turns what is found out about the document later into problems with their places in the template. */
      readonly problemsOf: (violations: readonly Violation[]) => readonly PlacedProblem[];
    }
  | { readonly ok: false; readonly problems: readonly PlacedProblem[] };

/** Fills in what a template may leave out, and tells of what it could not. */
export type Complete = (document: FilledObject) => {
  readonly document: FilledObject;
  readonly violations: readonly Violation[];
};

/**
 * Fills a template's placeholders and checks the result against AWS's model of the API.
 *
 * A string that is nothing but a placeholder takes the type of its field: `"@@COUNT@@"` becomes a number, and
 * `"@@PRIVATE_SUBNET_IDS@@"` a list, split at its commas. With text around it a placeholder gives a text. Values are
 * never searched for placeholders.
 *
 * @param shape - what the template describes
 * @param complete - fills in what the template may leave out, before it is checked
 */
export function fillTemplate(
  template: ParsedTemplate,
  shape: ShapeName,
  lookup: Lookup,
  complete: Complete = (document) => ({ document, violations: [] }),
): FillResult {
  const { file, tree } = template;
  if (tree === undefined) return { ok: false, problems: template.problems };
  const problems: PlacedProblem[] = [...template.problems];
  const settled = new Set<string>();
  const places = new Map<string, Place>();
  const problem = (
    offset: number,
    path: JsonPath,
    message: string,
    hint: string | undefined,
  ): PlacedProblem => {
    const found = { file, ...tree.positionOf(offset), path: formatPath(path), message };
    return hint === undefined ? found : { ...found, hint };
  };
  const problemsOf = (violations: readonly Violation[]): readonly PlacedProblem[] =>
    sortProblems(
      violations.map(({ path, at, message, hint }) =>
        problem(offsetOf(path, at, places) ?? tree.root.offset, path, message, hint),
      ),
    );

  const filled = fillStructure(tree.root, structureOf(shape), {
    segments: tree.segments,
    lookup,
    report: (offset, path, message, hint) => {
      settled.add(formatPath(path));
      problems.push(problem(offset, path, message, hint));
    },
    settle: (path) => {
      settled.add(formatPath(path));
    },
    place: (path, value, name = value) => {
      places.set(formatPath(path), { value, name });
    },
  });
  const { document, violations: incomplete } = complete(filled);
  const missing = new Set(incomplete.map(({ path }) => formatPath(path)));
  const found = validateAgainst(shape, document).filter(({ path }) => !missing.has(formatPath(path)));
  const violations = [...incomplete, ...found].filter(({ path }) => !settled.has(formatPath(path)));
  const all = sortProblems([...problems, ...problemsOf(violations)]);
  return all.length === 0 ? { ok: true, document, problemsOf } : { ok: false, problems: all };
}

/**
 * What is wrong with a template whatever its placeholders stand for: to be called before anything is looked up. It
 * finds all that {@link fillTemplate} finds but what depends on values.
 */
export function checkTemplate(template: ParsedTemplate, shape: ShapeName): readonly PlacedProblem[] {
  const filled = fillTemplate(template, shape, () => ({ kind: "unchecked" }));
  return filled.ok ? [] : filled.problems;
}

/** Where a value and its field's name start in the template's text. */
interface Place {
  readonly value: number;
  readonly name: number;
}

/** The place of a path, or of the object that misses it; undefined for the document itself. */
function offsetOf(
  path: JsonPath,
  at: Violation["at"],
  places: ReadonlyMap<string, Place>,
): number | undefined {
  const place = places.get(formatPath(path));
  if (place !== undefined) return place[at];
  return path.length === 0 ? undefined : offsetOf(path.slice(0, -1), "value", places);
}
