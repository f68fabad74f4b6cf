import { z } from "zod";

/** Whom a statement of a resource-based policy is about. */
type PrincipalElement = "*" | Readonly<Record<string, readonly string[]>>;

/** One test of a statement: an operator, the context key that it looks at, and the values that it compares. */
export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** An element that has a negated twin: `Action` and `NotAction`, `Resource` and `NotResource`. */
interface Selection {
  readonly negated: boolean;
  readonly patterns: readonly string[];
}

/** A statement with every list made a list. */
export interface Statement {
  readonly sid: string | null;
  readonly effect: "Allow" | "Deny";
  readonly action: Selection;
  /** Null in a trust policy, whose resource is its role. */
  readonly resource: Selection | null;
  readonly principal: { readonly negated: boolean; readonly element: PrincipalElement } | null;
  readonly conditions: readonly Condition[];
}

/** A policy document, under the name or ARN by which a person finds it. */
export interface Policy {
  readonly name: string;
  /** Policy variables are replaced, which version 2008-10-17 does not do. */
  readonly variables: boolean;
  readonly statements: readonly Statement[];
}

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const texts = z.union([text.transform((value) => [value]), z.array(text)]);
const principalElement = z.union([z.literal("*"), z.record(z.string(), texts)]);

const statement = z
  .object({
    Sid: z.string().optional(),
    Effect: z.enum(["Allow", "Deny"]),
    Action: texts.optional(),
    NotAction: texts.optional(),
    Resource: texts.optional(),
    NotResource: texts.optional(),
    Principal: principalElement.optional(),
    NotPrincipal: principalElement.optional(),
    Condition: z.record(z.string(), z.record(z.string(), texts)).optional(),
  })
  .transform((found): Statement => {
    const principal = found.Principal ?? found.NotPrincipal;
    return {
      sid: found.Sid ?? null,
      effect: found.Effect,
      action: selection(found.Action, found.NotAction) ?? { negated: false, patterns: [] },
      resource: selection(found.Resource, found.NotResource),
      principal:
        principal === undefined ? null : { negated: found.Principal === undefined, element: principal },
      conditions: Object.entries(found.Condition ?? {}).flatMap(([operator, tests]) =>
        Object.entries(tests).map(([key, values]) => ({ operator, key, values })),
      ),
    };
  });

const document = z.object({
  Version: z.string().optional(),
  Statement: z.union([statement.transform((one) => [one]), z.array(statement)]),
});

function selection(given: string[] | undefined, negated: string[] | undefined): Selection | null {
  if (given) return { negated: false, patterns: given };
  return negated ? { negated: true, patterns: negated } : null;
}

/**
 * Reads a policy document.
 *
 * @param name name or ARN of the policy
 * @param json the document, URL-encoded or not: IAM answers with the former
 * @throws ZodError or SyntaxError when it is no policy document
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export function parsePolicy(name: string, json: string): Policy {
  const decoded = json.trimStart().startsWith("%7B") ? decodeURIComponent(json.replaceAll("+", " ")) : json;
  const { Version, Statement } = document.parse(JSON.parse(decoded));
  return { name, variables: Version === "2012-10-17", statements: Statement };
}
