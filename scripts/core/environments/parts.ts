/**
 * Parts of the file that are looked at one by one, so that a mistake in one hides none in another.
 */
import type * as z from "zod";
import type { Finding } from "./checks.ts";
import type { DocumentPath } from "./document.ts";

/** An object of the file whose fields are not known to be right. */
export type Raw = Readonly<Record<string, unknown>>;

/** Checks a part whose shape is right and places what is found below `prefix`. */
export function within<Schema extends z.ZodType>(
  prefix: DocumentPath,
  schema: Schema,
  raw: unknown,
  check: (value: z.output<Schema>) => Finding[],
): Finding[] {
  const parsed = schema.safeParse(raw);
  return parsed.success ? below(prefix, check(parsed.data)) : [];
}

/** Places findings below `prefix`. */
export function below(prefix: DocumentPath, findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => ({ ...finding, path: [...prefix, ...finding.path] }));
}

/** The object that stands there, or one without fields. */
export function asObject(value: unknown): Raw {
  // Narrowed to any object but an array, whose fields stay unknown.
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Raw) : {};
}
