/**
 * Reads attributes of resources as Terraform gets them, of which nothing is known but that they are JSON. A value that
 * only Terraform knows is text with `${…}` in it.
 */
import * as z from "zod";

/** The arguments of a resource or of a block in it, in Terraform's own names. */
export type Attributes = Readonly<Record<string, unknown>>;

const objectShape = z.record(z.string(), z.unknown());

/** The value as an object; one without fields where it is none. */
export function asAttributes(value: unknown): Attributes {
  return objectShape.safeParse(value).data ?? {};
}

/** The blocks of a name, of which Terraform's JSON has one or a list; with those that a `dynamic` block would make. */
export function blocks(attributes: Attributes, name: string): readonly Attributes[] {
  const written = attributes[name];
  const made = blocksOf(asAttributes(attributes["dynamic"])[name]).map(({ content }) =>
    asAttributes(content),
  );
  return [...blocksOf(written), ...made];
}

function blocksOf(value: unknown): readonly Attributes[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((one): readonly Attributes[] => {
    const parsed = objectShape.safeParse(one);
    return parsed.success ? [parsed.data] : [];
  });
}

/** The only block of a name; one without arguments where there is none. */
export function block(attributes: Attributes, name: string): Attributes {
  return blocks(attributes, name)[0] ?? {};
}

/** Whether an argument is not written, or written as nothing. */
export function isMissing(value: unknown): boolean {
  return (
    value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0)
  );
}

/** Whether a value is true, which some arguments take as text. */
export function isTrue(value: unknown): boolean {
  return value === true || value === "true";
}

/** Whether a value depends on something that only Terraform knows. */
export function isExpression(value: unknown): boolean {
  return typeof value === "string" && value.includes("${");
}

/** Says what an argument is: `access_logs.enabled is false`. */
export function found(name: string, value: unknown): string {
  if (isMissing(value)) return `${name} is not set`;
  if (isExpression(value)) return `${name} is ${String(value)}, which only Terraform knows`;
  return `${name} is ${JSON.stringify(value)}`;
}

/** What is wrong with an argument that has to have one of these values: nothing, or what it is instead. */
export function unless(holds: boolean, name: string, value: unknown): readonly string[] {
  return holds ? [] : [found(name, value)];
}

/** An expression, with what is nested in its braces. */
const expression = /\$\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\}/g;

/**
 * Parses JSON in which values may be `${…}`. Quotes inside an expression would end the string around it, so that such an
 * expression is taken out.
 *
 * @returns undefined where it is no JSON
 */
export function parseJson(text: string): unknown {
  for (const candidate of [text, text.replaceAll(expression, "${...}")]) {
    try {
      return JSON.parse(candidate) as unknown;
    } catch {
      // The other form may do.
    }
  }
  return undefined;
}
