import { AwsError } from "../../ecs/api/errors.ts";

/** An exception of CodeDeploy's; each has a type of its own. */
export function refusal(type: string, message: string): AwsError {
  return new AwsError(`${type}Exception`, message);
}

/** The exception for each member that some operation requires. */
const required: Readonly<Record<string, [type: string, message: string]>> = {
  applicationName: ["ApplicationNameRequired", "The application name was not specified."],
  applicationNames: ["ApplicationNameRequired", "The application names were not specified."],
  deploymentGroupName: ["DeploymentGroupNameRequired", "The deployment group name was not specified."],
  deploymentGroupNames: ["DeploymentGroupNameRequired", "The deployment group names were not specified."],
  currentDeploymentGroupName: ["DeploymentGroupNameRequired", "The deployment group name was not specified."],
  deploymentConfigName: [
    "DeploymentConfigNameRequired",
    "The deployment configuration name was not specified.",
  ],
  deploymentId: ["DeploymentIdRequired", "The deployment ID was not specified."],
  deploymentIds: ["DeploymentIdRequired", "The deployment IDs were not specified."],
  revision: ["RevisionRequired", "The revision was not specified."],
  revisions: ["RevisionRequired", "The revisions were not specified."],
  serviceRoleArn: ["RoleRequired", "The role ARN was not specified."],
  targetId: ["DeploymentTargetIdRequired", "The deployment target ID was not specified."],
  targetIds: ["DeploymentTargetIdRequired", "The deployment target IDs were not specified."],
  ResourceArn: ["ResourceArnRequired", "The resource ARN was not specified."],
  Tags: ["TagRequired", "The tags were not specified."],
  TagKeys: ["TagRequired", "The tag keys were not specified."],
};

/** The exception for a member that is missing. */
export function missingMember(name: string): AwsError {
  const [type, message] = required[name] ?? ["InvalidInput", `${name} was not specified.`];
  return refusal(type, message);
}

const namePattern = /^[A-Za-z0-9_+=,.@-]{1,100}$/;

/** Refuses a name that CodeDeploy would not take. `kind` is what the exception calls it. */
export function checkName(kind: "Application" | "DeploymentGroup" | "DeploymentConfig", name: string): void {
  if (namePattern.test(name)) return;
  const words = {
    Application: "application",
    DeploymentGroup: "deployment group",
    DeploymentConfig: "deployment configuration",
  };
  throw refusal(
    `Invalid${kind}Name`,
    `The ${words[kind]} name '${name}' is not valid: it has 1 to 100 letters, digits and characters of _+=,.@-`,
  );
}

const pageSize = 100;

/** One page of a list, by an offset that goes to the client as an opaque token. */
export function pageOf<Item>(
  items: readonly Item[],
  nextToken: string | undefined,
): { items: Item[]; nextToken: string | undefined } {
  const text = nextToken === undefined ? "offset:0" : Buffer.from(nextToken, "base64").toString();
  const match = /^offset:(\d+)$/.exec(text);
  if (!match) throw refusal("InvalidNextToken", "The next token was specified in an invalid format.");
  const start = Number(match[1]);
  const end = start + pageSize;
  return {
    items: items.slice(start, end),
    nextToken: end < items.length ? Buffer.from(`offset:${end}`).toString("base64") : undefined,
  };
}
