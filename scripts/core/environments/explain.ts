/**
 * Says in words what the schema holds against a file.
 */
import { distance } from "fastest-levenshtein";
import * as z from "zod";
import type { DocumentPath, ParsedDocument, Problem } from "./document.ts";

type Issue = z.core.$ZodIssue;

/** Turns the schema's issues into problems: each with the value received, what is allowed and what to do. */
export function explainIssues(
  document: ParsedDocument,
  schema: z.ZodType,
  issues: readonly Issue[],
): Problem[] {
  return issues.flatMap((issue) => explain(document, schema, issue, []));
}

function explain(document: ParsedDocument, schema: z.ZodType, issue: Issue, parent: DocumentPath): Problem[] {
  const path = [...parent, ...issue.path.filter((part) => typeof part !== "symbol")];
  const received = valueAt(document.value, path);
  const allowed = describedAt(schema, path);
  const at = (message: string): Problem =>
    document.problemAt(path, allowed === "" ? message : `${message} ${allowed}`);

  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => {
        const known = fieldsAt(schema, path, received);
        const here = [...path, key];
        return document.problemAt(here, `There is no field "${key}" here. ${suggestion(key, known)}`, "key");
      });
    case "invalid_key": {
      const name = String(path.at(-1));
      const rule = describedAt(schema, path.slice(0, -1));
      return [document.problemAt(path, `"${name}" cannot be a name here. ${rule}`, "key")];
    }
    case "invalid_union": {
      const branch = deepestBranch(issue.errors);
      return branch === undefined
        ? [at(`${quote(received)} is not allowed${literals(schema, path)}.`)]
        : branch.flatMap((inner) => explain(document, schema, inner, path));
    }
    case "invalid_type":
      return received === undefined
        ? [at(`The field "${String(path.at(-1))}" is missing.`)]
        : [at(`${quote(received)} is ${kindOf(received)}, but ${article(issue.expected)} is expected.`)];
    case "too_small":
      return [at(`${quote(received)} is too small: ${bound(issue.origin, "least", issue.minimum)}.`)];
    case "too_big":
      return [at(`${quote(received)} is too large: ${bound(issue.origin, "most", issue.maximum)}.`)];
    case "invalid_value":
      return [at(`${quote(received)} is not allowed. Allowed: ${issue.values.map(quote).join(", ")}.`)];
    case "invalid_format":
    case "not_multiple_of":
    case "invalid_element":
    case "custom":
      return [at(`${quote(received)} is not allowed here.`)];
  }
}

/** The alternative that fits best: the one whose problems lie deepest below the union. */
function deepestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const depth = (branch: readonly Issue[]): number => Math.max(...branch.map((issue) => issue.path.length));
  const isKey = (branch: readonly Issue[]): boolean => branch.some((issue) => issue.code !== "invalid_type");
  const deep = branches.filter((branch) => depth(branch) > 0 || branch.every((i) => !isTypeMismatch(i)));
  const deepest = deep.filter((branch) => depth(branch) === Math.max(...deep.map(depth)));
  return deepest.find(isKey) ?? deepest[0];
}

function isTypeMismatch(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === "invalid_type" || issue.code === "invalid_value");
}

function valueAt(value: unknown, path: DocumentPath): unknown {
  return path.reduce<unknown>(
    (current, part) =>
      typeof current === "object" && current !== null
        ? (current as Record<string | number, unknown>)[part]
        : undefined,
    value,
  );
}

/** Walks the schema along a path, through optional fields, defaults and unions. */
function schemasAt(schema: z.core.$ZodType, path: DocumentPath): z.core.$ZodType[] {
  const [part, ...rest] = path;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    return [...(part === undefined ? [schema] : []), ...schemasAt(schema.unwrap(), path)];
  }
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return [...(part === undefined ? [schema] : []), ...schemasAt(schema.unwrap(), path)];
  }
  if (part === undefined) {
    return [schema];
  }
  if (schema instanceof z.ZodObject) {
    const field: unknown = schema.shape[part];
    return field instanceof z.ZodType ? schemasAt(field, rest) : [];
  }
  if (schema instanceof z.ZodRecord) {
    return schemasAt(schema.valueType, rest);
  }
  if (schema instanceof z.ZodArray) {
    return schemasAt(schema.element, rest);
  }
  if (schema instanceof z.ZodUnion) {
    return schema.options.flatMap((option) => schemasAt(option, path));
  }
  return [];
}

function describedAt(schema: z.ZodType, path: DocumentPath): string {
  const descriptions = schemasAt(schema, path).map((found) =>
    found instanceof z.ZodType ? found.description : "",
  );
  return descriptions.find((description) => description !== undefined && description !== "") ?? "";
}

/** What tells the alternatives of a union apart, where that stands at a path. */
function literals(schema: z.ZodType, path: DocumentPath): string {
  const values = schemasAt(schema, path).flatMap((found) =>
    found instanceof z.ZodLiteral ? [...found.values].map(quote) : [],
  );
  return values.length === 0 ? " here" : `. Allowed: ${values.join(", ")}`;
}

/** The fields that are known there; of a union those of the alternatives that the value can be. */
function fieldsAt(schema: z.ZodType, path: DocumentPath, received: unknown): string[] {
  const alternatives = schemasAt(schema, path).flatMap((found) =>
    found instanceof z.ZodUnion
      ? found.options.filter((option) => option instanceof z.ZodObject && canBe(option, received))
      : [found],
  );
  return [
    ...new Set(
      alternatives.flatMap((found) => (found instanceof z.ZodObject ? Object.keys(found.shape) : [])),
    ),
  ];
}

/** Whether a value has none of an object's literals with another value. */
function canBe(schema: z.ZodObject, received: unknown): boolean {
  return Object.entries(schema.shape).every(([field, inner]) => {
    const value = valueAt(received, [field]);
    return !(inner instanceof z.ZodLiteral) || value === undefined || inner.values.has(value as string);
  });
}

function suggestion(key: string, known: readonly string[]): string {
  const [nearest] = known.toSorted((one, other) => distance(key, one) - distance(key, other));
  const hint = nearest !== undefined && distance(key, nearest) <= 3 ? `Did you mean "${nearest}"? ` : "";
  return `${hint}Known: ${known.join(", ")}.`;
}

function bound(origin: string, end: "least" | "most", limit: number | bigint): string {
  const units: Record<string, string> = { array: " entries are needed", string: " characters are needed" };
  return `at ${end} ${limit}${units[origin] ?? ""}`;
}

function article(expected: string): string {
  const words: Record<string, string> = { int: "whole number", record: "object" };
  const noun = words[expected] ?? expected;
  return /^[aeiou]/.test(noun) ? `an ${noun}` : `a ${noun}`;
}

function kindOf(value: unknown): string {
  if (value === null) {
    return "null";
  }
  return Array.isArray(value) ? "an array" : article(typeof value);
}

function quote(value: unknown): string {
  const text = JSON.stringify(value) as string | undefined;
  return text === undefined ? "Nothing" : text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
