import { maskedAt } from "../../masking.ts";
import { differences } from "../differences.ts";
import type { PlannedChange } from "./plan-json.ts";

/** An argument that changes, for people: never a secret. */
export interface AttributeChange {
  /** With the way to it where it is part of another: `block_device_mappings.0.ebs.0.volume_size`. */
  readonly name: string;
  readonly before: string;
  readonly after: string;
}

type Change = PlannedChange["change"];

/** The arguments that force a replacement. */
export function forcingAttributes(change: Change): AttributeChange[] {
  const forcing = (change.replace_paths ?? []).map((path) => String(path[0] ?? ""));
  return [...new Set(forcing)].filter((name) => name !== "").map((name) => attributeOf(change, name));
}

/** The top-level arguments that change. */
export function changedNames(change: Change): string[] {
  const names = new Set([
    ...Object.keys(objectOf(change.after)),
    ...Object.keys(objectOf(change.after_unknown)),
  ]);
  return [...names]
    .filter((name) => differs(change, name))
    .filter((name) => name !== "tags_all" || !differs(change, "tags"))
    .toSorted();
}

/** What changes of an argument: each part that does, where all of both values may be told. */
export function partsThatChange(change: Change, name: string): AttributeChange[] {
  if (isSecret(change, name) || isUnknown(change, name)) return [attributeOf(change, name)];
  return differences(objectOf(change.before)[name], objectOf(change.after)[name], name).map(
    ({ path, left, right }) => ({ name: path, before: shortened(path, left), after: shortened(path, right) }),
  );
}

function differs(change: Change, name: string): boolean {
  const { before, after } = change;
  return (
    isUnknown(change, name) ||
    JSON.stringify(objectOf(before)[name]) !== JSON.stringify(objectOf(after)[name])
  );
}

function isUnknown({ after_unknown }: Change, name: string): boolean {
  return holdsTrue(objectOf(after_unknown)[name]);
}

function isSecret({ before_sensitive, after_sensitive }: Change, name: string): boolean {
  return holdsTrue(objectOf(before_sensitive)[name]) || holdsTrue(objectOf(after_sensitive)[name]);
}

function attributeOf(change: Change, name: string): AttributeChange {
  const secret = isSecret(change, name);
  const shown = (value: unknown): string => (secret ? "(sensitive)" : shortened(name, value));
  return {
    name,
    before: shown(objectOf(change.before)[name]),
    after: isUnknown(change, name) ? unknownValue : shown(objectOf(change.after)[name]),
  };
}

/** Stands where AWS will tell the value. */
export const unknownValue = "(known after apply)";

const longest = 80;

function shortened(name: string, value: unknown): string {
  const text = JSON.stringify(maskedAt(name, value) ?? null);
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** Terraform marks with `true`, at any depth, what is unknown or sensitive. */
function holdsTrue(value: unknown): boolean {
  if (value === true) return true;
  return typeof value === "object" && value !== null && Object.values(value).some(holdsTrue);
}

/** A value's members; none of a value that has none. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
