import type { Resource } from "./references.ts";

/** The blocks of an argument: Terraform's JSON writes one as an object or several as a list. */
export function records(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((one) =>
    typeof one === "object" && one !== null ? [one as Record<string, unknown>] : [],
  );
}

/** A number, also where it is written as a text. */
export function numberIn(value: unknown): number | undefined {
  const number = typeof value === "number" ? value : typeof value === "string" ? Number(value) : Number.NaN;
  return value === "" || !Number.isFinite(number) ? undefined : number;
}

/** A text that stands there as it is: one that Terraform has yet to work out is none. */
export function plainText(value: unknown): string | undefined {
  const text = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  return typeof text === "string" && text !== "" && !text.includes("${") ? text : undefined;
}

/** The texts of a list that stand there as they are. */
export function plainTexts(value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : value === undefined ? [] : [value];
  return list.flatMap((one) => plainText(one) ?? []);
}

/** What people call a resource: its name in AWS, else what it is tagged with, else its id in the stack. */
export function nameOf({ attributes, id }: Resource): string {
  const tags = records(attributes.tags)[0];
  return (
    plainText(attributes.name) ??
    plainText(attributes.bucket) ??
    plainText(attributes.domain_name) ??
    plainText(tags?.Name) ??
    plainText(attributes.name_prefix)?.replace(/-$/, "") ??
    id
  );
}
