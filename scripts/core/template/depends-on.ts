/** Reads `dependsOn`, the one member of a service template that is Slipway's own and not AWS's. */
import type { Node } from "jsonc-parser";

import { nearestName } from "../aws-model/nearest.ts";
import type { ParsedTemplate } from "./parse-template.ts";
import type { PlacedProblem } from "./problem.ts";

const member = "dependsOn";

/** A service that another one needs, and where the template says so. */
interface Dependency {
  readonly name: string;
  readonly offset: number;
}

/** What taking `dependsOn` off a template gives. */
export interface Dependent {
  /** The template as AWS's model knows it. */
  readonly template: ParsedTemplate;
  /** Names of templates whose services are brought first. */
  readonly dependsOn: readonly string[];
  readonly problems: readonly PlacedProblem[];
}

/**
 * Takes `"dependsOn": ["database", "api"]` off a service template.
 *
 * @param own the name of the service that the template is of
 * @param known every service of the templates folder
 */
export function takeDependsOn(parsed: ParsedTemplate, own: string, known: readonly string[]): Dependent {
  const { tree, file } = parsed;
  const property = tree?.root.children?.find((child) => child.children?.[0]?.value === member);
  if (tree === undefined || property === undefined) return { template: parsed, dependsOn: [], problems: [] };
  const root = { ...tree.root, children: (tree.root.children ?? []).filter((child) => child !== property) };
  const template = { ...parsed, tree: { ...tree, root } };
  const problem = (offset: number, message: string, hint?: string): PlacedProblem => ({
    file,
    ...tree.positionOf(offset),
    path: `$.${member}`,
    message,
    ...(hint === undefined ? {} : { hint }),
  });

  const value = property.children?.[1];
  const names = value === undefined ? undefined : namesIn(value);
  if (value === undefined || names === undefined) {
    const message = `${member} is a list of names of services, as in ["api"].`;
    return { template, dependsOn: [], problems: [problem((value ?? property).offset, message)] };
  }
  const problems = names.flatMap(({ name, offset }, index) => {
    if (name === own) return [problem(offset, `Service ${own} cannot depend on itself.`)];
    if (names.findIndex((other) => other.name === name) < index) {
      return [problem(offset, `${JSON.stringify(name)} is named twice.`)];
    }
    if (known.includes(name)) return [];
    const near = nearestName(name, known);
    const hint = `${near === undefined ? "" : `Did you mean ${near}? `}The folder holds ${known.join(", ")}.`;
    return [problem(offset, `There is no service ${JSON.stringify(name)} in the templates folder.`, hint)];
  });
  return { template, dependsOn: names.map(({ name }) => name), problems };
}

function namesIn(value: Node): readonly Dependency[] | undefined {
  if (value.type !== "array") return undefined;
  const items = value.children ?? [];
  const names = items.flatMap(({ type, value: name, offset }: Node): Dependency[] =>
    type === "string" && typeof name === "string" && name !== "" ? [{ name, offset }] : [],
  );
  return names.length === items.length ? names : undefined;
}
