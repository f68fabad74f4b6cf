/**
 * Whether secrets and parameters exist and the execution role may read them. No value is ever read.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
 */
import type { Check } from "../check.ts";
import type { RolloutSubject } from "../capacity/rollout.ts";
import type { Secret } from "../ports/secrets.ts";
import { failed, ok, skipped, type Facts } from "./facts.ts";
import { mayDo, type MayDo } from "./may-do.ts";
import { credentialsReference, secretReference, type SecretReference } from "./secret-reference.ts";

/** Every distinct secret and parameter of a task definition, for containers, logs and registries. */
export function secretReferences(
  { taskDefinition }: RolloutSubject,
  region: string,
): readonly SecretReference[] {
  const containers = taskDefinition.containerDefinitions ?? [];
  const values = containers.flatMap(({ secrets = [], logConfiguration }) =>
    [...secrets, ...(logConfiguration?.secretOptions ?? [])].flatMap(({ valueFrom }) => valueFrom ?? []),
  );
  const credentials = containers.flatMap(
    ({ repositoryCredentials }) => repositoryCredentials?.credentialsParameter ?? [],
  );
  const all = [
    ...values.map((value) => secretReference(value, region)),
    ...credentials.map((value) => credentialsReference(value, region)),
  ];
  return [...new Map(all.map((reference) => [JSON.stringify(reference), reference])).values()];
}

/**
 * One check for each secret and parameter.
 *
 * @param withAccess whether the execution role's permission is asked for as well
 */
export async function checkSecrets(
  subject: RolloutSubject,
  region: string,
  facts: Facts,
  { withAccess }: { readonly withAccess: boolean },
): Promise<readonly Check[]> {
  const { executionRoleArn } = subject.taskDefinition;
  const role = withAccess ? executionRoleArn : undefined;
  const ownAccount = executionRoleArn?.split(":")[4];
  const checks = await Promise.all(
    secretReferences(subject, region).map(async (reference) => {
      if (reference.kind === "secret") return checkSecret(reference, role, facts);
      const { account = "" } = reference;
      const isShared = account !== "" && ownAccount !== undefined && account !== ownAccount;
      return isShared
        ? [skipped(`parameter ${reference.name}`, `it is account ${account}'s, which was not asked.`)]
        : checkParameter(reference, role, facts);
    }),
  );
  return checks.flat();
}

async function checkSecret(
  reference: Extract<SecretReference, { kind: "secret" }>,
  role: string | undefined,
  facts: Facts,
): Promise<readonly Check[]> {
  const { jsonKey = "", versionStage = "", versionId = "" } = reference;
  const place = [reference.arn.split(":")[6] ?? reference.arn, jsonKey, versionStage, versionId].join(":");
  const name = `secret ${place.replace(/:+$/, "")}`;
  const answer = await facts.secret(reference.arn, reference.region);
  switch (answer.kind) {
    case "unread":
      return [skipped(name, answer.why)];
    case "missing":
      return [
        failed(
          name,
          `Secrets Manager has no ${reference.arn}.`,
          "Make it, or correct valueFrom; its ARN ends in six random characters.",
        ),
      ];
    case "found": {
      const found = checkVersion(name, reference, answer.value);
      if (found.status !== "ok" || role === undefined) return [found];
      return [found, await checkSecretAccess(name, answer.value, reference.region, role, facts)];
    }
  }
}

function checkVersion(
  name: string,
  { jsonKey, versionStage, versionId }: Extract<SecretReference, { kind: "secret" }>,
  { isDeleted, versionStages }: Secret,
): Check {
  if (isDeleted) {
    return failed(
      name,
      "it is marked for deletion and cannot be read.",
      "Restore it (aws secretsmanager restore-secret), or name another.",
    );
  }
  const stages = [...new Set(Object.values(versionStages).flat())];
  const stage = versionStage ?? (versionId === undefined ? "AWSCURRENT" : undefined);
  if (stage !== undefined && !stages.includes(stage)) {
    return failed(
      name,
      `it has no version with stage ${stage}${stages.length === 0 ? ": it has no value yet" : `, only ${stages.join(", ")}`}.`,
      "Put a value, or correct the version stage in valueFrom.",
    );
  }
  if (versionId !== undefined && versionStages[versionId] === undefined) {
    return failed(name, `it has no version ${versionId}.`, "Correct the version id in valueFrom.");
  }
  return ok(
    name,
    `it exists${jsonKey === undefined ? "" : `; its key ${jsonKey} was not looked at, since values are never read`}.`,
  );
}

async function checkSecretAccess(
  name: string,
  secret: Secret,
  region: string,
  role: string,
  facts: Facts,
): Promise<Check> {
  const may = await mayDo(facts, role, "secretsmanager:GetSecretValue", secret.arn);
  if (may.kind === "no" && may.why.startsWith("no policy")) {
    const own = await facts.secretHasPolicy(secret.arn, region);
    if (own.kind !== "found" || own.value) {
      return skipped(
        `${name}: access`,
        `${may.why} The secret's own policy may allow it; it was not looked at.`,
      );
    }
  }
  return checkAccess(`${name}: access`, may, secret, region, role, facts);
}

async function checkParameter(
  { name: parameter, region }: Extract<SecretReference, { kind: "parameter" }>,
  role: string | undefined,
  facts: Facts,
): Promise<readonly Check[]> {
  const name = `parameter ${parameter}`;
  const answer = await facts.parameter(parameter, region);
  switch (answer.kind) {
    case "unread":
      return [skipped(name, answer.why)];
    case "missing":
      return [
        failed(name, `Parameter Store has no ${parameter} in ${region}.`, "Make it, or correct valueFrom."),
      ];
    case "found": {
      const found = ok(name, `it exists (${answer.value.type}).`);
      if (role === undefined) return [found];
      const account = role.split(":")[4] ?? "";
      const partition = role.split(":")[1] ?? "aws";
      const path = parameter.startsWith("/") ? parameter : `/${parameter}`;
      const arn = answer.value.arn ?? `arn:${partition}:ssm:${region}:${account}:parameter${path}`;
      const may = await mayDo(facts, role, "ssm:GetParameters", arn);
      const keyed = answer.value.type === "SecureString" ? answer.value : {};
      return [found, await checkAccess(`${name}: access`, may, keyed, region, role, facts)];
    }
  }
}

/** Beside reading, what has a key of its own needs decrypting with it. */
async function checkAccess(
  name: string,
  may: MayDo,
  { kmsKeyId }: { readonly kmsKeyId?: string },
  region: string,
  role: string,
  facts: Facts,
): Promise<Check> {
  switch (may.kind) {
    case "unknown":
      return skipped(name, may.why);
    case "no":
      return failed(
        name,
        `the execution role may not read it: ${may.why}`,
        "Allow it in a policy of the execution role.",
      );
    case "yes": {
      if (kmsKeyId === undefined || /alias\/aws\//.test(kmsKeyId))
        return ok(name, "the execution role may read it.");
      const key = keyArn(kmsKeyId, region, role);
      if (key === undefined)
        return skipped(name, `the execution role may read it; key ${kmsKeyId} was not looked at.`);
      const decrypts = await mayDo(facts, role, "kms:Decrypt", key);
      if (decrypts.kind === "yes") return ok(name, "the execution role may read and decrypt it.");
      if (decrypts.kind === "no" && decrypts.why.startsWith("a policy denies")) {
        return failed(
          name,
          `the execution role may not decrypt it: ${decrypts.why}`,
          "Take the denial away.",
        );
      }
      return skipped(
        name,
        `the execution role may read it; ${decrypts.why} The key's own policy may allow it; it was not looked at.`,
      );
    }
  }
}

function keyArn(kmsKeyId: string, region: string, role: string): string | undefined {
  if (kmsKeyId.startsWith("arn:")) return kmsKeyId.includes(":alias/") ? undefined : kmsKeyId;
  const [, partition = "aws", , , account = ""] = role.split(":");
  return kmsKeyId.startsWith("alias/")
    ? undefined
    : `arn:${partition}:kms:${region}:${account}:key/${kmsKeyId}`;
}
