import type { Call } from "../../ecs/api/call.ts";
import type { ApplicationRecord, DeploymentGroupRecord, DeploymentRecord } from "../state.ts";
import { refusal } from "./errors.ts";

/** The application of a call. */
export function findApplication({ state }: Pick<Call, "state">, name: string | undefined): ApplicationRecord {
  const application = state.codedeploy.applications[name ?? ""];
  if (!application) throw refusal("ApplicationDoesNotExist", `No application found for name: ${name ?? ""}`);
  return application;
}

/** The deployment group of a call. */
export function findGroup(application: ApplicationRecord, name: string | undefined): DeploymentGroupRecord {
  const group = application.groups[name ?? ""];
  if (!group) {
    throw refusal("DeploymentGroupDoesNotExist", `No Deployment Group found for name: ${name ?? ""}`);
  }
  return group;
}

/** The deployment of a call. */
export function findDeployment({ state }: Pick<Call, "state">, id: string | undefined): DeploymentRecord {
  if (!/^d-[A-Z0-9]+$/.test(id ?? "")) {
    throw refusal("InvalidDeploymentId", `The deployment ID '${id ?? ""}' has an invalid format.`);
  }
  const deployment = state.codedeploy.deployments[id ?? ""];
  if (!deployment) throw refusal("DeploymentDoesNotExist", `The deployment ${id ?? ""} could not be found`);
  return deployment;
}

/** The ARN of one of CodeDeploy's resources. */
export function arnOf(
  { state }: Pick<Call, "state">,
  kind: "application" | "deploymentgroup" | "deploymentconfig",
  name: string,
): string {
  return `arn:aws:codedeploy:${state.region}:${state.account}:${kind}:${name}`;
}
