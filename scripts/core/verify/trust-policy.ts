/**
 * Whether a trust policy lets a service of AWS assume its role.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
 */
import { z } from "zod";

const oneOrMore = z.union([z.string().transform((text) => [text]), z.array(z.string())]);
const statement = z.object({
  Effect: z.string(),
  Action: oneOrMore.optional(),
  Principal: z
    .union([z.literal("*"), z.object({ Service: oneOrMore.optional(), AWS: oneOrMore.optional() })])
    .optional(),
  Condition: z.record(z.string(), z.record(z.string(), oneOrMore)).optional(),
});
const policy = z.object({ Statement: z.union([statement.transform((one) => [one]), z.array(statement)]) });

type Statement = z.infer<typeof statement>;

/** Whose request the trust is looked at for. */
export interface Caller {
  /** As in `ecs-tasks.amazonaws.com`. */
  readonly service: string;
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

/** Whether the role can be assumed, and if not or not surely, why. */
export type Trust =
  | { readonly kind: "trusts" }
  | { readonly kind: "doesNotTrust"; readonly why: string; readonly remedy: string }
  | { readonly kind: "unclear"; readonly why: string };

/** Reads a trust policy. Conditions on account and ARN of the source are understood; others are named. */
export function trustOf(json: string, caller: Caller): Trust {
  const parsed = policy.safeParse(parseJson(json));
  if (!parsed.success) return { kind: "unclear", why: "its trust policy could not be read." };
  const about = parsed.data.Statement.filter((one) => isAbout(one, caller.service));
  const found = about.map((one) => ({ effect: one.Effect, met: conditionsMet(one, caller) }));
  const denied = found.find(({ effect, met }) => effect === "Deny" && met.kind === "trusts");
  if (denied !== undefined) {
    const remedy = "Take that statement out of its trust policy.";
    return { kind: "doesNotTrust", why: `its trust policy denies ${caller.service}.`, remedy };
  }
  const allows = found.filter(({ effect }) => effect === "Allow");
  const doubt = found.find(({ effect, met }) => effect === "Deny" && met.kind === "unclear");
  if (allows.some(({ met }) => met.kind === "trusts")) return doubt?.met ?? { kind: "trusts" };
  return (
    allows.find(({ met }) => met.kind === "unclear")?.met ??
    allows[0]?.met ?? {
      kind: "doesNotTrust",
      why: `its trust policy does not let ${caller.service} assume it.`,
      remedy: `Add a statement to its trust policy: Action sts:AssumeRole, Principal {"Service": "${caller.service}"}.`,
    }
  );
}

function isAbout({ Action = [], Principal }: Statement, service: string): boolean {
  const assumes = Action.some((action) => /^(\*|sts:(\*|AssumeRole))$/i.test(action));
  if (Principal === "*") return assumes;
  const named = [...(Principal?.Service ?? []), ...(Principal?.AWS ?? [])];
  return assumes && named.some((principal) => principal === service || principal === "*");
}

function conditionsMet({ Condition = {} }: Statement, caller: Caller): Trust {
  for (const [operator, keys] of Object.entries(Condition)) {
    for (const [key, values] of Object.entries(keys)) {
      const met = conditionMet(operator, key.toLowerCase(), values, caller);
      if (met === undefined) {
        return {
          kind: "unclear",
          why: `its trust has a condition ${operator} on ${key}, which was not looked at.`,
        };
      }
      if (!met) {
        return {
          kind: "doesNotTrust",
          why: `its trust holds only where ${key} is ${values.join(" or ")}, and here it is ${here(key.toLowerCase(), caller)}.`,
          remedy: "Correct that condition in its trust policy.",
        };
      }
    }
  }
  return { kind: "trusts" };
}

function conditionMet(
  operator: string,
  key: string,
  values: readonly string[],
  caller: Caller,
): boolean | undefined {
  const plain = operator.replace(/IfExists$/, "");
  const exact = /^(String|Arn)Equals(IgnoreCase)?$/.test(plain);
  const like = /^(String|Arn)Like$/.test(plain) || plain === "ArnEquals";
  if (!exact && !like) return undefined;
  if (key === "aws:sourceaccount") {
    return values.some((value) => (like ? matches(value, caller.account) : value === caller.account));
  }
  if (key !== "aws:sourcearn") return undefined;
  // ECS sends arn:PARTITION:ecs:REGION:ACCOUNT:*, the same for every task.
  return values.some((value) => {
    const parts = value.split(":");
    const given = ["arn", caller.partition, "ecs", caller.region, caller.account];
    return given.every((part, index) => matches(parts[index] ?? "*", part));
  });
}

function here(key: string, { partition, account, region }: Caller): string {
  return key === "aws:sourceaccount" ? account : `arn:${partition}:ecs:${region}:${account}:*`;
}

function matches(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
