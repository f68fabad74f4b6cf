/**
 * Where a `valueFrom` points.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html
 */
export type SecretReference =
  | {
      readonly kind: "secret";
      /** Registry credentials may have the secret's name here. */
      readonly arn: string;
      readonly region: string;
      readonly jsonKey?: string;
      readonly versionStage?: string;
      readonly versionId?: string;
    }
  | {
      readonly kind: "parameter";
      readonly name: string;
      readonly region: string;
      /** Where an ARN names it: another account's parameter can be shared with this one. */
      readonly account?: string;
    };

/** Reads a `valueFrom`: a secret's ARN with key, stage and version behind it, a parameter's ARN or its name. */
export function secretReference(valueFrom: string, region: string): SecretReference {
  const parts = valueFrom.split(":");
  const [arn, , service, own = "", account = ""] = parts;
  if (arn === "arn" && service === "secretsmanager") {
    const [jsonKey = "", versionStage = "", versionId = ""] = parts.slice(7);
    return {
      kind: "secret",
      arn: parts.slice(0, 7).join(":"),
      region: own,
      ...(jsonKey === "" ? {} : { jsonKey }),
      ...(versionStage === "" ? {} : { versionStage }),
      ...(versionId === "" ? {} : { versionId }),
    };
  }
  if (arn === "arn" && service === "ssm") {
    // A name with a path stands in its ARN with the slash that it begins with; one without a path lacks it.
    const path = parts
      .slice(5)
      .join(":")
      .replace(/^parameter/, "");
    const name = path.lastIndexOf("/") > 0 ? path : path.slice(1);
    return { kind: "parameter", name, region: own, account };
  }
  return { kind: "parameter", name: valueFrom, region };
}

/**
 * Reads the `credentialsParameter` of a registry's credentials: a secret in any case, by its ARN or by its name.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RepositoryCredentials.html
 */
export function credentialsReference(credentialsParameter: string, region: string): SecretReference {
  return credentialsParameter.startsWith("arn:")
    ? secretReference(credentialsParameter, region)
    : { kind: "secret", arn: credentialsParameter, region };
}
