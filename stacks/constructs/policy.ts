/**
 * IAM policy documents. Written as JSON rather than through a data source: they show in a plan as they will be.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */

/** Operators with the keys and values that they compare. */
export type Conditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** One statement of a policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Conditions;
}

/** A statement that allows actions on resources. */
export function allowStatement(
  sid: string,
  actions: readonly string[],
  resources: readonly string[],
  conditions?: Conditions,
): Statement {
  const statement = { Sid: sid, Effect: "Allow", Action: actions, Resource: resources } as const;
  return conditions === undefined ? statement : { ...statement, Condition: conditions };
}

/** Writes a policy of these statements. */
export function policyDocument(statements: readonly Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** What IAM takes of a managed policy, without white space. */
const longestPolicy = 6_144;

/** A value that Terraform fills in, an account's id or a partition, is written as longer than it becomes. */
const unfilled = /\$\{TfToken\[[^\]]*\]\}/g;

/**
 * Spreads statements over as few policies as IAM takes, in their order.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export function inManagedPolicies(statements: readonly Statement[]): Statement[][] {
  const policies: Statement[][] = [];
  for (const statement of statements) {
    const last = policies.at(-1);
    const length = policyDocument([...(last ?? []), statement]).replaceAll(unfilled, "x".repeat(12)).length;
    if (last === undefined || length > longestPolicy) policies.push([statement]);
    else last.push(statement);
  }
  return policies;
}

/**
 * Writes the permissions boundary of roles with these statements. It is one policy; the same statement counts once, and
 * another of the same name is numbered.
 *
 * @throws RangeError when IAM would take no policy of that length
 */
export function boundaryDocument(statements: readonly Statement[]): string {
  const seen = new Map<string, Set<string>>();
  const distinct = statements.flatMap((statement) => {
    const same = seen.get(statement.Sid) ?? new Set<string>();
    const text = JSON.stringify(statement);
    if (same.has(text)) return [];
    seen.set(statement.Sid, same.add(text));
    return [{ ...statement, Sid: `${statement.Sid}${same.size === 1 ? "" : String(same.size)}` }];
  });
  if (inManagedPolicies(distinct).length > 1) {
    throw new RangeError(
      `A permissions boundary holds ${longestPolicy} characters, and these statements take more: ` +
        `${distinct.map(({ Sid }) => Sid).join(", ")}. Give some of the roles a boundary of their own.`,
    );
  }
  return policyDocument(distinct);
}

/** Writes the trust policy of a role that one AWS service assumes. */
export function assumableBy(service: string, conditions?: Conditions): string {
  const statement = { Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" };
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [conditions === undefined ? statement : { ...statement, Condition: conditions }],
  });
}
