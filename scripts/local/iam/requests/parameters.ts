import type { ApiRequest } from "../../gateway/request.ts";
import { decodeCbor } from "./cbor.ts";

/** A member of a request, read without a model of it. */
export type Value = string | number | boolean | null | readonly Value[] | Parameters;
/** The members of a request by name. */
export interface Parameters {
  readonly [name: string]: Value | undefined;
}

/** Reads the members of a request whatever its protocol; an unreadable body has none, and its service says so. */
export function parametersOf(call: ApiRequest): Parameters {
  if (call.form.size > 0) return nested(call.form);
  const type = call.headers["content-type"] ?? "";
  try {
    if (type.includes("cbor")) return object(decodeCbor(call.body));
    if (type.includes("json")) return object(JSON.parse(call.body.toString()));
  } catch {
    return {};
  }
  return {};
}

function object(value: unknown): Parameters {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Parameters) : {};
}

type Tree = Map<string, Tree | string>;

/** `Targets.member.1.Id=i-1` becomes `{Targets: [{Id: "i-1"}]}`; EC2 leaves `member` out. */
function nested(form: URLSearchParams): Parameters {
  const root: Tree = new Map<string, Tree | string>();
  for (const [name, value] of form) {
    const path = name.split(".");
    const last = path.pop() ?? "";
    let tree = root;
    for (const part of path) {
      const next = tree.get(part);
      const branch: Tree = next instanceof Map ? next : new Map<string, Tree | string>();
      tree.set(part, branch);
      tree = branch;
    }
    tree.set(last, value);
  }
  return object(plain(root));
}

function plain(tree: Tree | string): Value {
  if (typeof tree === "string") return tree;
  const keys = [...tree.keys()];
  const inner = keys.length === 1 ? (tree.get("member") ?? tree.get("entry")) : undefined;
  if (inner instanceof Map) return plain(inner);
  if (keys.length > 0 && keys.every((key) => /^\d+$/.test(key))) {
    return keys.toSorted((a, b) => Number(a) - Number(b)).map((key) => plain(tree.get(key) ?? ""));
  }
  return Object.fromEntries(keys.map((key) => [key, plain(tree.get(key) ?? "")]));
}

/** A member's texts: of one value or of a list; none where it is missing or is not text. */
export function textsIn(parameters: Parameters, ...names: readonly string[]): string[] {
  for (const name of names) {
    const value = parameters[name];
    const values = Array.isArray(value) ? (value as readonly Value[]) : [value];
    const texts = values.filter((one): one is string | number | boolean =>
      ["string", "number", "boolean"].includes(typeof one),
    );
    if (texts.length > 0) return texts.map(String);
  }
  return [];
}

/** A member's text; null where it is missing or is not one text. */
export function textIn(parameters: Parameters, ...names: readonly string[]): string | null {
  return textsIn(parameters, ...names)[0] ?? null;
}

/** The objects of a member that is a list of them, or the one object that it is. */
export function objectsIn(parameters: Parameters, name: string): Parameters[] {
  const value = parameters[name];
  const values = Array.isArray(value) ? (value as readonly Value[]) : [value];
  return values.filter(isObject);
}

function isObject(value: Value | undefined): value is Parameters {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Every text anywhere in a request. */
export function allTexts(value: Value | undefined): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return (Array.isArray(value) ? (value as readonly Value[]) : Object.values(value)).flatMap(allTexts);
}

/** The tags that a request puts on what it makes or names, whichever way its service writes them. */
export function tagsIn(parameters: Parameters): Readonly<Record<string, string>> {
  const tags: [string, string][] = [];
  for (const name of ["tags", "Tags", "Tag", "TagList"]) {
    const value = parameters[name];
    if (isObject(value)) {
      tags.push(...Object.entries(value).map(([key, one]): [string, string] => [key, allTexts(one).join()]));
    }
    for (const tag of Array.isArray(value) ? objectsIn(parameters, name) : []) {
      const key = textIn(tag, "key", "Key", "TagKey");
      if (key !== null) tags.push([key, textIn(tag, "value", "Value", "TagValue") ?? ""]);
    }
  }
  for (const specification of objectsIn(parameters, "TagSpecification")) {
    tags.push(...Object.entries(tagsIn(specification)));
  }
  return Object.fromEntries(tags);
}
