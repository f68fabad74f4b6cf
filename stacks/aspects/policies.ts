import * as z from "zod";
import { asAttributes, blocks, isMissing, parseJson } from "./attributes.ts";
import type { Attributes } from "./attributes.ts";
import type { Inventory, Resource } from "./inventory.ts";

/** A condition of a statement: an operator, the key that it looks at and what it compares with. */
export interface PolicyCondition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** One statement of a policy, however the policy is written. */
export interface PolicyStatement {
  readonly isAllow: boolean;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly resources: readonly string[];
  readonly notResources: readonly string[];
  readonly conditions: readonly PolicyCondition[];
  /** Identity providers that may assume the role: ARNs, those of the app's own with the host for which they are. */
  readonly federated: readonly string[];
}

/** One text, or a list of them. */
const texts = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === "string" ? [value] : value))
  .default([]);

const conditionValues = z
  .union([z.string(), z.boolean(), z.number(), z.array(z.union([z.string(), z.boolean(), z.number()]))])
  .transform((value) => (Array.isArray(value) ? value : [value]).map(String));

const statementShape = z.object({
  Effect: z.string(),
  Action: texts,
  NotAction: texts,
  Resource: texts,
  NotResource: texts,
  Principal: z.union([z.string(), z.object({ Federated: texts })]).optional(),
  Condition: z.record(z.string(), z.record(z.string(), conditionValues)).default({}),
});

const documentShape = z.object({
  Statement: z
    .union([statementShape, z.array(statementShape)])
    .transform((value) => (Array.isArray(value) ? value : [value])),
});

/**
 * Reads the policy in an argument of a resource: JSON, or a reference to an `aws_iam_policy_document`.
 *
 * @returns undefined where it cannot be told before Terraform runs
 */
export function readPolicy(
  from: Resource,
  value: unknown,
  all: Inventory,
): readonly PolicyStatement[] | undefined {
  const document = all.reference(from, value)?.resource;
  if (document?.type === "data.aws_iam_policy_document") return readDocument(document, all);
  const parsed = documentShape.safeParse(typeof value === "string" ? parseJson(value) : value);
  return parsed.data?.Statement.map((statement) => ({
    isAllow: statement.Effect === "Allow",
    actions: statement.Action,
    notActions: statement.NotAction,
    resources: statement.Resource,
    notResources: statement.NotResource,
    conditions: Object.entries(statement.Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => ({ operator, key, values })),
    ),
    federated:
      typeof statement.Principal === "object"
        ? statement.Principal.Federated.map((provider) => providerArn(from, provider, all))
        : [],
  }));
}

/** The statements of a data source, with those of the documents that it takes in. */
function readDocument(document: Resource, all: Inventory): readonly PolicyStatement[] | undefined {
  const { attributes } = document;
  const included = ["source_policy_documents", "override_policy_documents"].flatMap((name) => {
    const list: unknown = attributes[name];
    return Array.isArray(list) ? list.map((one: unknown) => readPolicy(document, one, all)) : [];
  });
  const own = blocks(attributes, "statement").map((statement) => readStatement(document, statement, all));
  return included.reduce<readonly PolicyStatement[] | undefined>(
    (sum, statements) =>
      sum === undefined || statements === undefined ? undefined : [...sum, ...statements],
    own,
  );
}

/** A provider that the app makes or looks up is known by its address alone; its host tells whose it is. */
function providerArn(from: Resource, provider: string, all: Inventory): string {
  const made = all.reference(from, provider)?.resource;
  const { url } = made?.attributes ?? {};
  return typeof url === "string" ? `oidc-provider/${url.replace(/^https:\/\//, "")}` : provider;
}

function readStatement(document: Resource, statement: Attributes, all: Inventory): PolicyStatement {
  const list = (value: unknown): readonly string[] => texts.safeParse(value ?? undefined).data ?? [];
  const principals = blocks(statement, "principals").filter(({ type }) => type === "Federated");
  return {
    isAllow: isMissing(statement["effect"]) || statement["effect"] === "Allow",
    actions: list(statement["actions"]),
    notActions: list(statement["not_actions"]),
    resources: list(statement["resources"]),
    notResources: list(statement["not_resources"]),
    conditions: blocks(statement, "condition").map((condition) => {
      const { test, variable, values } = asAttributes(condition);
      return { operator: String(test), key: String(variable), values: list(values) };
    }),
    federated: principals
      .flatMap(({ identifiers }) => list(identifiers))
      .map((provider) => providerArn(document, provider, all)),
  };
}
