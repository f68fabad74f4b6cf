import type { RevisionLocation } from "@aws-sdk/client-codedeploy";

import { codeDeployId } from "../world/identifiers.ts";
import type { Transaction } from "../world/transaction.ts";
import type { AppSpec } from "./app-spec.ts";
import { lifecycleEvents } from "./lifecycle-events.ts";
import type { DeploymentGroupRecord, DeploymentRecord, DeploymentSettings } from "./state.ts";

/** What a new deployment is made from, over what its group says. */
export interface NewDeployment extends Partial<DeploymentSettings> {
  readonly serviceArn: string;
  readonly revision: RevisionLocation;
  readonly appSpec: AppSpec | null;
  readonly stage: DeploymentRecord["stage"];
  readonly nextStepAt: number | null;
  readonly creator?: DeploymentRecord["creator"];
  readonly description?: string | null;
}

/** Adds a deployment to a group; it is the last one that was tried there. */
export function addDeployment(
  { state, now, effects }: Transaction,
  group: DeploymentGroupRecord,
  asked: NewDeployment,
): DeploymentRecord {
  const id = codeDeployId(state);
  const { configName, pair, blueGreen, autoRollback, alarms } = group;
  const previous = state.codedeploy.deployments[group.lastSuccessful ?? ""];
  const deployment: DeploymentRecord = {
    creator: "user",
    description: null,
    configName,
    pair,
    blueGreen,
    autoRollback,
    alarms,
    ...asked,
    id,
    applicationName: group.applicationName,
    groupName: group.name,
    previousRevision: previous?.revision ?? null,
    alarmsOverridden: asked.alarms !== undefined,
    status: "Created",
    error: null,
    rollback: null,
    createdAt: now,
    startedAt: null,
    completedAt: null,
    terminationWaitStarted: false,
    deadline: null,
    events: lifecycleEvents.map((name) => ({
      name,
      status: "Pending",
      startedAt: null,
      endedAt: null,
      failure: null,
    })),
    hooks: [],
    shiftsMade: 0,
    blue: null,
    green: null,
  };
  state.codedeploy.deployments[id] = deployment;
  group.lastAttempted = id;
  effects.push({ type: "log", message: `codedeploy ${id} Created` });
  return deployment;
}

/** Whether a deployment goes on: while one does, its group takes no other. */
export function isActive({ status }: DeploymentRecord): boolean {
  return status === "Created" || status === "InProgress" || status === "Ready";
}

/** The group of a deployment; undefined once it was deleted. */
export function groupOf(
  { state }: Pick<Transaction, "state">,
  { applicationName, groupName }: Pick<DeploymentRecord, "applicationName" | "groupName">,
): DeploymentGroupRecord | undefined {
  return state.codedeploy.applications[applicationName]?.groups[groupName];
}
