/**
 * Why secrets could not be fetched, or the log could not be opened, before the containers start.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
 */
import { executionRole, type Facts, type Said } from "../facts.ts";
import type { Rule } from "./rule.ts";

/** In order: the first that fits says it. */
export const secretRules: readonly Rule[] = [
  {
    kind: "logsDenied",
    pattern: /AccessDenied.*\b(logs:\w+)|not authorized to perform: (logs:\w+)/is,
    say: ([, one, other], facts, text) => ({
      cause: `${roleIn(text, facts)} may not open the log of the task (${one ?? other ?? "logs:CreateLogStream"})${groupIn(facts)}.`,
      remedy:
        "Allow the role logs:CreateLogStream and logs:PutLogEvents on the log group (AmazonECSTaskExecutionRolePolicy has both; logs:CreateLogGroup as well where awslogs-create-group is true).",
    }),
  },
  {
    kind: "logGroupMissing",
    pattern:
      /log group does not exist|cannot find the Amazon CloudWatch log group|failed to (?:initialize logging driver|validate logger args).*ResourceNotFoundException/is,
    say: (_, facts, text) => ({
      cause: `Log group ${logGroupOf(facts, text)} does not exist${regionOf(facts)}.`,
      remedy:
        "Make it (npx cdktf deploy makes the environment's own), name another as awslogs-group in the task definition, or set awslogs-create-group to true.",
    }),
  },
  {
    kind: "secretDenied",
    pattern:
      /(?:AccessDenied|not authorized to perform|KMS.*denied).*?\b((?:ssm|secretsmanager|kms):\w+)(?: on resource: (\S+))?/is,
    say: ([, action = "", resource], facts, text) => ({
      cause: `${roleIn(text, facts)} may not read ${secretName(resource ?? secretIn(text))} (${action}).`,
      remedy: `Allow ${action} on ${trimmed(resource ?? "it")} to the role, in its policy or in the secret's own${action.startsWith("kms:") ? ", and in the key's policy" : ""}.`,
    }),
  },
  {
    kind: "secretDenied",
    pattern: /Access to KMS is not allowed|ciphertext refers to a customer master key/i,
    say: (_, facts, text) => ({
      cause: `${roleIn(text, facts)} may not decrypt ${secretName(secretIn(text))} (kms:Decrypt).`,
      remedy: "Allow kms:Decrypt on the secret's key to the role, in its policy and in the key's own.",
    }),
  },
  {
    kind: "secretMissing",
    pattern: /invalid (?:ssm )?parameters: ([^\s:]+(?:, ?[^\s:]+)*)/i,
    say: ([, names = ""]) =>
      missing(`Parameter ${names.replaceAll(/,\s*/g, ", ")} is not in Parameter Store`),
  },
  {
    kind: "secretMissing",
    pattern: /did not contain json key (\S+)/i,
    say: ([, key = ""], facts, text) => ({
      cause: `The secret ${referenceOf(secretIn(text), facts, key)} has no key ${trimmed(key)}.`,
      remedy: "Add the key to the secret's JSON, or correct it in valueFrom of the task definition.",
    }),
  },
  {
    kind: "secretMissing",
    pattern: /invalid character '.' looking for beginning of value/i,
    say: (_, facts, text) => ({
      cause: `The secret ${referenceOf(secretIn(text), facts)} is not JSON, while valueFrom asks for a key of it.`,
      remedy: "Store JSON in the secret, or leave the key out of valueFrom in the task definition.",
    }),
  },
  {
    kind: "secretMissing",
    pattern:
      /can't retrieve the secret with ARN '?([^\s']+)|(?:failed to fetch secret|secret) (arn:\S+?:secret:\S+?)(?::)? (?:from|in|:).*ResourceNotFoundException|Secrets Manager can't find the specified secret/is,
    say: ([, one, other], _, text) =>
      missing(`Secret ${secretName(one ?? other ?? secretIn(text))} is not in Secrets Manager`),
  },
];

function missing(what: string): Said {
  return {
    cause: `${what} of this account and Region.`,
    remedy:
      "Make it, or correct its name in secrets of the task definition (a secret's ARN ends in six characters of its own).",
  };
}

function roleIn(text: string, facts: Facts): string {
  const name = /assumed-role\/([^/\s]+)/.exec(text)?.[1];
  const role = name === undefined ? executionRole(facts) : `execution role ${name}`;
  return role.charAt(0).toUpperCase() + role.slice(1);
}

function secretIn(text: string): string {
  return /arn:[\w-]+:(?:secretsmanager|ssm):[^\s,']+/.exec(text)?.[0] ?? "";
}

/** A secret without an ARN in AWS's words is one that the definition names. */
function referenceOf(arn: string, { revision }: Facts, key?: string): string {
  if (arn !== "") return secretName(arn);
  const references = (revision?.containerDefinitions ?? []).flatMap(({ secrets = [] }) => secrets);
  const found = references.find(
    ({ valueFrom = "" }) => key !== undefined && valueFrom.includes(`:${trimmed(key)}:`),
  );
  return found?.valueFrom === undefined ? "of the task" : secretName(found.valueFrom);
}

/** `secret:db-AbCdEf` and `parameter/db` as people know them. */
function secretName(arn: string): string {
  if (arn === "") return "a secret of the task";
  const name = /:secret:([^:\s]+)/.exec(arn)?.[1] ?? /:parameter(\/[^:\s]+)/.exec(arn)?.[1];
  return trimmed(name ?? arn);
}

function logGroupOf({ definition, revision }: Facts, text: string): string {
  const said = /log group '?([\w/.#-]+)'? (?:does not exist|not found)/i.exec(text)?.[1];
  const definitions = definition === undefined ? (revision?.containerDefinitions ?? []) : [definition];
  const groups = definitions.flatMap(
    ({ logConfiguration }) => logConfiguration?.options?.["awslogs-group"] ?? [],
  );
  const named = [...new Set(groups)].join(" or ");
  return named === "" ? (said ?? "of the task definition") : named;
}

function groupIn(facts: Facts): string {
  const group = logGroupOf(facts, "");
  return group.startsWith("of ") ? "" : ` in log group ${group}`;
}

function regionOf({ definition }: Facts): string {
  const region = definition?.logConfiguration?.options?.["awslogs-region"];
  return region === undefined ? "" : ` in ${region}`;
}

function trimmed(text: string): string {
  return text.replace(/[.,;:'"]+$/, "");
}
