/**
 * Resources that a call names by less than their ARN, looked up where they are.
 */
import { askJson } from "../moto-calls.ts";
import type { AskingCall, Surroundings } from "./asked.ts";
import { textIn, textsIn } from "./parameters.ts";

/** The ARNs that a call means; null where its names make them. */
export async function lookedUp(call: AskingCall, surroundings: Surroundings): Promise<string[] | null> {
  switch (call.service) {
    case "codedeploy":
      return groupsOfDeployments(call, surroundings);
    case "secretsmanager":
      return secret(call, surroundings);
    case "kms":
      return key(call, surroundings);
    default:
      return null;
  }
}

/** A deployment is authorized on its group. */
function groupsOfDeployments(
  { region, account, parameters }: AskingCall,
  { state }: Surroundings,
): string[] | null {
  const ids = textsIn(parameters, "deploymentId", "deploymentIds");
  if (ids.length === 0) return null;
  return ids.map((id) => {
    const found = state.codedeploy.deployments[id];
    const group = found ? `${found.applicationName}/${found.groupName}` : "*/*";
    return `arn:aws:codedeploy:${region}:${account}:deploymentgroup:${group}`;
  });
}

/** A secret's ARN ends in six characters that its name does not have. */
async function secret({ parameters }: AskingCall, { moto }: Surroundings): Promise<string[] | null> {
  const SecretId = textIn(parameters, "SecretId");
  if (SecretId === null || SecretId.startsWith("arn:")) return null;
  const found = await askJson(moto, "secretsmanager", "DescribeSecret", { SecretId });
  return typeof found?.["ARN"] === "string" ? [found["ARN"]] : null;
}

/** A key may be called by its alias, and is authorized as itself. */
async function key({ operation, parameters }: AskingCall, { moto }: Surroundings): Promise<string[] | null> {
  const KeyId = textIn(parameters, "KeyId");
  if (KeyId === null || !/(?:^|:)alias\//.test(KeyId) || operation.endsWith("Alias")) return null;
  const found = await askJson(moto, "kms", "DescribeKey", { KeyId });
  const metadata = found?.["KeyMetadata"] as { Arn?: unknown } | undefined;
  return typeof metadata?.Arn === "string" ? [metadata.Arn] : null;
}
