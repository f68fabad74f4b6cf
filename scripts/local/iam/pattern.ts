/**
 * Wildcards and policy variables.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */

/** What a call is known by: values by condition key. Keys are compared in any case. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

/** The values of a key in a context; null where the call does not have it. */
export type Lookup = (key: string) => readonly string[] | null;

/** Reads a context in any case of its keys. An empty set is kept: it is not the same as no key. */
export function lookupIn(context: Context): Lookup {
  const byKey = new Map(
    Object.entries(context).map(([key, value]) => [
      key.toLowerCase(),
      typeof value === "string" ? [value] : value,
    ]),
  );
  return (key) => byKey.get(key.toLowerCase()) ?? null;
}

/** Part of a pattern: text that stands for itself, or the wildcards `*` and `?`. */
type Token = { readonly literal: string } | "*" | "?";

const variable = /\$\{([^},]+?)\s*(?:,\s*'([^']*)')?\}/g;

/**
 * Splits a pattern into text and wildcards and fills its policy variables in. Wildcards in a variable's value stand
 * for themselves.
 *
 * @returns null when a variable has no value (or more than one) and no default: such a pattern matches nothing
 */
function tokensOf(pattern: string, lookup: Lookup | null): Token[] | null {
  const tokens: Token[] = [];
  let from = 0;
  if (lookup) {
    for (const found of pattern.matchAll(variable)) {
      tokens.push(...wildcardsOf(pattern.slice(from, found.index)));
      from = found.index + found[0].length;
      const value = valueOf(found[1] ?? "", lookup) ?? found[2];
      if (value === undefined) return null;
      tokens.push({ literal: value });
    }
  }
  return [...tokens, ...wildcardsOf(pattern.slice(from))];
}

/** `${*}`, `${?}` and `${$}` are those characters themselves. */
function valueOf(name: string, lookup: Lookup): string | undefined {
  if (name === "*" || name === "?" || name === "$") return name;
  const values = lookup(name.trim());
  return values?.length === 1 ? values[0] : undefined;
}

function wildcardsOf(text: string): Token[] {
  return text
    .split(/([*?])/)
    .filter((part) => part !== "")
    .map((part) => (part === "*" || part === "?" ? part : { literal: part }));
}

function expression(tokens: readonly Token[], flags: string): RegExp {
  const source = tokens.map((token) => {
    if (token === "*") return ".*";
    if (token === "?") return ".";
    return token.literal.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
  });
  return new RegExp(`^${source.join("")}$`, flags);
}

/** Whether an action such as `ecs:UpdateService` is one that a pattern such as `ecs:Update*` means, in any case. */
export function matchesAction(pattern: string, action: string): boolean {
  return expression(wildcardsOf(pattern), "is").test(action);
}

/** Whether a text is one that a pattern with wildcards means. @param lookup null where variables are not replaced */
export function matchesText(pattern: string, value: string, lookup: Lookup | null): boolean {
  const tokens = tokensOf(pattern, lookup);
  return tokens !== null && expression(tokens, "s").test(value);
}

/** Fills in the variables of a text whose wildcards have no meaning; null where one has no value. */
export function fill(text: string, lookup: Lookup | null): string | null {
  const tokens = tokensOf(text, lookup);
  return tokens?.map((token) => (token === "*" || token === "?" ? token : token.literal)).join("") ?? null;
}

/**
 * Whether an ARN is one that a pattern means in a condition: each of the six parts on its own, so that `*` in one
 * never reaches into the next.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_ARN
 */
export function matchesArn(pattern: string, arn: string, lookup: Lookup | null): boolean {
  const tokens = tokensOf(pattern, lookup);
  if (!tokens) return false;
  const parts: Token[][] = [[]];
  for (const token of tokens) {
    if (typeof token === "string") {
      parts.at(-1)?.push(token);
      continue;
    }
    for (const [index, piece] of token.literal.split(":").entries()) {
      if (index > 0 && parts.length < 6) parts.push([]);
      else if (index > 0) parts.at(-1)?.push({ literal: ":" });
      parts.at(-1)?.push({ literal: piece });
    }
  }
  const values = arn.split(":");
  const six = [...values.slice(0, 5), values.slice(5).join(":")];
  if (parts.length !== 6 || values.length < 6) return false;
  return parts.every((part, index) => expression(part, "s").test(six[index] ?? ""));
}
