import type { RegisterTaskDefinitionRequest } from "@aws-sdk/client-ecs";
import { findNodeAtLocation, getNodeValue, parseTree, type Node, type ParseError } from "jsonc-parser";

import { readOnlyFields } from "../aws-model/model.ts";
import { validateAgainst } from "../aws-model/validate.ts";
import { isFields, isList, type Filled, type FilledObject } from "../aws-model/values.ts";
import { formatPath, type JsonPath } from "../aws-model/violation.ts";
import { InvalidInputError } from "../errors.ts";
import { depthLimit, scanBarePlaceholders } from "../template/bare-placeholders.ts";
import { positionsIn } from "../template/position.ts";
import { sortProblems, type PlacedProblem } from "../template/problem.ts";
import { syntaxMessage } from "../template/syntax-message.ts";

/**
 * Reads `--task-definition-file`: what `aws ecs describe-task-definition` prints, or the definition alone. Members
 * that only AWS sets, and nulls, are left out.
 *
 * @param file how problems name it
 * @throws InvalidInputError with every mistake and its place
 */
export function readDefinitionFile(file: string, text: string): RegisterTaskDefinitionRequest {
  const source = text.replace(/^\uFEFF/, "");
  const positionOf = positionsIn(source);
  const problem = (offset: number, path: JsonPath, message: string, hint?: string): PlacedProblem => {
    const placed = { file, ...positionOf(offset), path: formatPath(path), message };
    return hint === undefined ? placed : { ...placed, hint };
  };
  const { tooDeepAt } = scanBarePlaceholders(source);
  if (tooDeepAt !== undefined) {
    const message = `Lists and objects are nested more than ${depthLimit} levels deep.`;
    throw mistakes(file, [problem(tooDeepAt, [], message)]);
  }
  const errors: ParseError[] = [];
  const root = parseTree(source, errors, { allowTrailingComma: true });
  const [broken] = errors;
  if (broken !== undefined) throw mistakes(file, [problem(broken.offset, [], syntaxMessage(broken.error))]);
  const definition = root === undefined ? undefined : (findNodeAtLocation(root, ["taskDefinition"]) ?? root);
  if (root === undefined || definition?.type !== "object") {
    const message = "A task definition is a JSON object: { … }.";
    throw mistakes(file, [problem(definition?.offset ?? 0, [], message)]);
  }
  const prefix = definition === root ? [] : ["taskDefinition"];
  // What JSON holds is what a filled document holds.
  const document = registrable(getNodeValue(definition) as FilledObject);
  const problems = validateAgainst("TaskDefinition", document).map(({ path, at, message, hint }) =>
    problem(offsetOf(root, [...prefix, ...path], at), [...prefix, ...path], message, hint),
  );
  if (problems.length > 0) throw mistakes(file, sortProblems(problems));
  // It has just been checked against AWS's own model of the input.
  return document as unknown as RegisterTaskDefinitionRequest;
}

function registrable(document: FilledObject): FilledObject {
  const readOnly = new Set(readOnlyFields("TaskDefinition"));
  const fields = Object.entries(document).filter(([name]) => !readOnly.has(name));
  return withoutNulls(Object.fromEntries(fields)) as FilledObject;
}

/** Older AWS CLIs print members that are not set as null, which AWS takes from nobody. */
function withoutNulls(value: Filled): Filled {
  if (isList(value)) return value.map(withoutNulls);
  if (!isFields(value)) return value;
  const set = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(set.map(([name, inner]) => [name, withoutNulls(inner)]));
}

/** Where a path stands, or the nearest thing around it that is there. */
function offsetOf(root: Node, path: JsonPath, at: "name" | "value"): number {
  for (let length = path.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(root, path.slice(0, length));
    if (node === undefined) continue;
    const key = node.parent?.type === "property" ? node.parent.children?.[0] : undefined;
    return at === "name" && length === path.length && key !== undefined ? key.offset : node.offset;
  }
  return root.offset;
}

function mistakes(file: string, problems: readonly PlacedProblem[]): InvalidInputError {
  const count = problems.length === 1 ? "a mistake" : `${problems.length} mistakes`;
  return new InvalidInputError(`The task definition ${file} has ${count}; nothing was called:`, problems);
}
