/**
 * What `valueFrom` of a secret refers to.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html
 */

/** A parameter of Parameter Store. */
export interface ParameterReference {
  readonly type: "parameter";
  readonly region: string;
  readonly arn: string;
  /** Names that it may have: an ARN does not tell `name` from `/name`. */
  readonly names: readonly string[];
}

/** A secret of Secrets Manager, or one key of it. */
export interface SecretReferenceParts {
  readonly type: "secret";
  readonly region: string;
  readonly arn: string;
  readonly jsonKey: string | null;
  readonly versionStage: string | null;
  readonly versionId: string | null;
}

/** Reads a reference; what is not the ARN of a secret names a parameter, of the task's Region unless it is an ARN. */
export function parseReference(
  valueFrom: string,
  task: { region: string; account: string },
): ParameterReference | SecretReferenceParts {
  const parts = valueFrom.split(":");
  const [, , service, region = task.region] = parts;
  if (parts[0] === "arn" && service === "secretsmanager") {
    const given = (value: string | undefined) => (value === undefined || value === "" ? null : value);
    return {
      type: "secret",
      region,
      arn: parts.slice(0, 7).join(":"),
      jsonKey: given(parts[7]),
      versionStage: given(parts[8]),
      versionId: given(parts[9]),
    };
  }
  if (parts[0] === "arn" && service === "ssm") {
    const path = parts
      .slice(5)
      .join(":")
      .replace(/^parameter/, "");
    const simple = path.lastIndexOf("/") === 0;
    return { type: "parameter", region, arn: valueFrom, names: simple ? [path.slice(1), path] : [path] };
  }
  const path = valueFrom.startsWith("/") ? valueFrom : `/${valueFrom}`;
  return {
    type: "parameter",
    region: task.region,
    arn: `arn:aws:ssm:${task.region}:${task.account}:parameter${path}`,
    names: [valueFrom],
  };
}
