/** Fills small templates for tests: names have the values given, TASKDEFINITION_ARN is known later. */
import type { ShapeName } from "../../scripts/core/aws-model/model.ts";
import { formatProblem } from "../../scripts/core/problem.ts";
import { fillTemplate, type FillResult } from "../../scripts/core/template/fill-template.ts";
import { secureStringRefused, type Lookup } from "../../scripts/core/template/lookup.ts";
import { parseTemplate } from "../../scripts/core/template/parse-template.ts";

function lookupIn(values: Readonly<Record<string, string>>): Lookup {
  return (placeholder) => {
    if (placeholder.kind === "parameter") return secureStringRefused(placeholder.parameter);
    if (placeholder.name === "TASKDEFINITION_ARN") return { kind: "deferred" };
    const value = Object.hasOwn(values, placeholder.name) ? values[placeholder.name] : undefined;
    const lookedIn = [`environment variable ${placeholder.name}`, "stack output"];
    return value === undefined
      ? { kind: "missing", lookedIn, known: Object.keys(values) }
      : { kind: "value", value };
  };
}

/** What filling gives. */
export function fill(
  shape: ShapeName,
  text: string,
  values: Readonly<Record<string, string>> = {},
): FillResult {
  return fillTemplate(parseTemplate("t.json", text), shape, lookupIn(values));
}

/** The filled document, or its problems one line each. */
export function filled(
  shape: ShapeName,
  text: string,
  values: Readonly<Record<string, string>> = {},
): unknown {
  const result = fill(shape, text, values);
  return result.ok ? result.document : result.problems.map(formatProblem);
}

/** A service template with one more field. */
export function service(field: string): string {
  return `{"serviceName": "web", ${field}}`;
}

/** A task definition with one container that has one more field. */
export function container(field: string): string {
  return `{"family": "web", "containerDefinitions": [{"name": "web", "image": "nginx", "memory": 64, ${field}}]}`;
}
