/**
 * Reads the secrets of a task as its execution role may.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html
 */
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { DescribeParametersCommand, GetParametersCommand, SSMClient } from "@aws-sdk/client-ssm";

import type { SecretReference } from "../ecs/preparation.ts";
import { askJson } from "../iam/moto-calls.ts";
import type { ExecutionRole } from "./execution-role.ts";
import { parseReference, type ParameterReference, type SecretReferenceParts } from "./references.ts";

/** A secret that a task cannot have; the message is how AWS ends its own. */
export class SecretNotRead extends Error {
  override readonly name = "SecretNotRead";
}

const because = (cause: unknown): string => {
  if (!(cause instanceof Error)) return String(cause);
  return `${cause.name}: ${cause.message}`;
};

/** How the client of a service is set up for a Region. */
export type ClientSettings = (region: string) => {
  region: string;
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
};

/** Parameter Store and Secrets Manager, as the agent of a task's Region reads them. */
export class SecretReader {
  readonly #settings: ClientSettings;
  readonly #home: { readonly region: string; readonly account: string };
  readonly #clients = new Map<string, { ssm: SSMClient; secrets: SecretsManagerClient }>();

  constructor(settings: ClientSettings, home: { region: string; account: string }) {
    this.#settings = settings;
    this.#home = home;
  }

  /** Closes its connections. */
  close(): void {
    for (const { ssm, secrets } of this.#clients.values()) {
      ssm.destroy();
      secrets.destroy();
    }
  }

  /**
   * Reads secrets, each as the role may.
   *
   * @returns their values, in order
   * @throws SecretNotRead for the first that is not there or may not be read
   */
  async read(secrets: readonly SecretReference[], role: ExecutionRole): Promise<string[]> {
    const references = secrets.map(({ valueFrom }) => parseReference(valueFrom, this.#home));
    const values = await this.#parameters(
      references.filter((reference) => reference.type === "parameter"),
      role,
    );
    const read: string[] = [];
    for (const reference of references) {
      read.push(
        reference.type === "parameter"
          ? (values.get(reference.arn) ?? "")
          : await this.#secret(reference, role).catch((cause: unknown) => {
              const prefix = "unable to retrieve secret from asm:";
              if (cause instanceof SecretNotRead)
                throw new SecretNotRead(`${prefix} ${cause.message}`, { cause });
              const what = `service call has been retried 1 time(s): failed to fetch secret ${reference.arn}`;
              throw new SecretNotRead(`${prefix} ${what} from secrets manager: ${because(cause)}`, { cause });
            }),
      );
    }
    return read;
  }

  async #parameters(
    references: readonly ParameterReference[],
    role: ExecutionRole,
  ): Promise<ReadonlyMap<string, string>> {
    const values = new Map<string, string>();
    const missing: string[] = [];
    try {
      for (const reference of references) {
        if (values.has(reference.arn)) continue;
        await role.check("ssm:GetParameters", reference.arn);
        const value = await this.#parameter(reference, role);
        if (value === undefined) missing.push(reference.names.at(-1) ?? reference.arn);
        else values.set(reference.arn, value);
      }
      if (missing.length > 0) throw new SecretNotRead(`invalid ssm parameters: ${missing.join(",")}`);
    } catch (cause) {
      const why = cause instanceof SecretNotRead ? cause.message : because(cause);
      const prefix = "unable to retrieve secrets from ssm: service call has been retried 1 time(s):";
      throw new SecretNotRead(`${prefix} ${why}`, { cause });
    }
    return values;
  }

  async #parameter({ region, names }: ParameterReference, role: ExecutionRole): Promise<string | undefined> {
    const { ssm } = this.#of(region);
    const { Parameters = [] } = await ssm.send(
      new GetParametersCommand({ Names: [...names], WithDecryption: true }),
    );
    const [found] = Parameters;
    if (!found) return undefined;
    if (found.Type === "SecureString") {
      const { Parameters: described = [] } = await ssm.send(
        new DescribeParametersCommand({
          ParameterFilters: [{ Key: "Name", Option: "Equals", Values: [found.Name ?? ""] }],
        }),
      );
      await this.#checkKey(region, described[0]?.KeyId, role);
    }
    return found.Value ?? "";
  }

  async #secret(reference: SecretReferenceParts, role: ExecutionRole): Promise<string> {
    const { region, arn, jsonKey, versionStage, versionId } = reference;
    await role.check("secretsmanager:GetSecretValue", arn);
    const { SecretString, SecretBinary } = await this.#of(region).secrets.send(
      new GetSecretValueCommand({
        SecretId: arn,
        ...(versionStage !== null && { VersionStage: versionStage }),
        ...(versionId !== null && { VersionId: versionId }),
      }),
    );
    const described = await this.#ask(region, "secretsmanager", "DescribeSecret", { SecretId: arn });
    await this.#checkKey(region, textOf(described?.["KmsKeyId"]), role);
    const text = SecretString ?? Buffer.from(SecretBinary ?? []).toString();
    return jsonKey === null ? text : keyOf(text, jsonKey);
  }

  /** A key of the account's own has to be one that the role may decrypt with; AWS's keys are free to all. */
  async #checkKey(region: string, keyId: string | undefined, role: ExecutionRole): Promise<void> {
    if (keyId === undefined || keyId === "" || keyId.startsWith("alias/aws/")) return;
    const described = await this.#ask(region, "kms", "DescribeKey", { KeyId: keyId });
    const { Arn, KeyManager } = (described?.["KeyMetadata"] ?? {}) as { Arn?: string; KeyManager?: string };
    if (KeyManager === "AWS") return;
    await role.check("kms:Decrypt", Arn ?? `arn:aws:kms:${region}:${this.#home.account}:key/${keyId}`);
  }

  #ask(
    region: string,
    service: string,
    operation: string,
    input: object,
  ): Promise<Record<string, unknown> | null> {
    const { endpoint } = this.#settings(region);
    return askJson({ endpoint, region }, service, operation, input);
  }

  #of(region: string): { ssm: SSMClient; secrets: SecretsManagerClient } {
    const known = this.#clients.get(region);
    if (known) return known;
    const settings = this.#settings(region);
    const clients = { ssm: new SSMClient(settings), secrets: new SecretsManagerClient(settings) };
    this.#clients.set(region, clients);
    return clients;
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

function keyOf(text: string, key: string): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    const first = text.trimStart().charAt(0);
    throw new SecretNotRead(`invalid character '${first}' looking for beginning of value`, { cause });
  }
  const value = typeof parsed === "object" ? (parsed as Record<string, unknown> | null)?.[key] : undefined;
  if (value === undefined) {
    throw new SecretNotRead(
      `service call has been retried 1 time(s): retrieved secret from Secrets Manager did not contain json key ${key}`,
    );
  }
  return typeof value === "string" ? value : JSON.stringify(value);
}
