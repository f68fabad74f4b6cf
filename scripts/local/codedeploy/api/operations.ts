/**
 * The operations of the CodeDeploy API that the local AWS answers, with the model of their input.
 */
import * as model from "@aws-sdk/client-codedeploy";

import type { Call, Handler } from "../../ecs/api/call.ts";
import { parseInput, writeOutput } from "../../ecs/api/input.ts";
import { resolveSchema, type StructureTuple } from "../../ecs/api/schema.ts";
import * as applications from "./applications.ts";
import * as configs from "./configs.ts";
import * as deployments from "./deployments.ts";
import { missingMember } from "./errors.ts";
import * as groups from "./groups.ts";
import * as revisions from "./revisions.ts";
import * as tags from "./tags.ts";
import * as targets from "./targets.ts";

type Operation = (call: Call, body: string) => string;

function operation<Input, Output>(schema: unknown, handler: Handler<Input, Output>): Operation {
  const [, , , , names, , required = 0] = resolveSchema(schema) as StructureTuple;
  return (call, body) => {
    // The schema of an input is a structure's, the API's model of this very type.
    const input = parseInput(schema, body) as Record<string, unknown>;
    for (const name of names.slice(0, required)) {
      if (input[name] === undefined) throw missingMember(name);
    }
    return writeOutput(handler(call, input as Input));
  };
}

/** By operation name, as in `X-Amz-Target`. */
export const operations: ReadonlyMap<string, Operation> = new Map([
  ["CreateApplication", operation(model.CreateApplicationInput$, applications.createApplication)],
  ["GetApplication", operation(model.GetApplicationInput$, applications.getApplication)],
  ["BatchGetApplications", operation(model.BatchGetApplicationsInput$, applications.batchGetApplications)],
  ["ListApplications", operation(model.ListApplicationsInput$, applications.listApplications)],
  ["UpdateApplication", operation(model.UpdateApplicationInput$, applications.updateApplication)],
  ["DeleteApplication", operation(model.DeleteApplicationInput$, applications.deleteApplication)],
  ["CreateDeploymentConfig", operation(model.CreateDeploymentConfigInput$, configs.createDeploymentConfig)],
  ["GetDeploymentConfig", operation(model.GetDeploymentConfigInput$, configs.getDeploymentConfig)],
  ["ListDeploymentConfigs", operation(model.ListDeploymentConfigsInput$, configs.listDeploymentConfigs)],
  ["DeleteDeploymentConfig", operation(model.DeleteDeploymentConfigInput$, configs.deleteDeploymentConfig)],
  ["CreateDeploymentGroup", operation(model.CreateDeploymentGroupInput$, groups.createDeploymentGroup)],
  ["GetDeploymentGroup", operation(model.GetDeploymentGroupInput$, groups.getDeploymentGroup)],
  [
    "BatchGetDeploymentGroups",
    operation(model.BatchGetDeploymentGroupsInput$, groups.batchGetDeploymentGroups),
  ],
  ["UpdateDeploymentGroup", operation(model.UpdateDeploymentGroupInput$, groups.updateDeploymentGroup)],
  ["DeleteDeploymentGroup", operation(model.DeleteDeploymentGroupInput$, groups.deleteDeploymentGroup)],
  ["ListDeploymentGroups", operation(model.ListDeploymentGroupsInput$, groups.listDeploymentGroups)],
  ["CreateDeployment", operation(model.CreateDeploymentInput$, deployments.createDeployment)],
  ["GetDeployment", operation(model.GetDeploymentInput$, deployments.getDeployment)],
  ["BatchGetDeployments", operation(model.BatchGetDeploymentsInput$, deployments.batchGetDeployments)],
  ["ListDeployments", operation(model.ListDeploymentsInput$, deployments.listDeployments)],
  ["ContinueDeployment", operation(model.ContinueDeploymentInput$, deployments.continueDeployment)],
  ["StopDeployment", operation(model.StopDeploymentInput$, deployments.stopDeployment)],
  ["ListDeploymentTargets", operation(model.ListDeploymentTargetsInput$, targets.listDeploymentTargets)],
  ["GetDeploymentTarget", operation(model.GetDeploymentTargetInput$, targets.getDeploymentTarget)],
  [
    "BatchGetDeploymentTargets",
    operation(model.BatchGetDeploymentTargetsInput$, targets.batchGetDeploymentTargets),
  ],
  [
    "PutLifecycleEventHookExecutionStatus",
    operation(model.PutLifecycleEventHookExecutionStatusInput$, targets.putLifecycleEventHookExecutionStatus),
  ],
  [
    "RegisterApplicationRevision",
    operation(model.RegisterApplicationRevisionInput$, revisions.registerApplicationRevision),
  ],
  ["GetApplicationRevision", operation(model.GetApplicationRevisionInput$, revisions.getApplicationRevision)],
  [
    "BatchGetApplicationRevisions",
    operation(model.BatchGetApplicationRevisionsInput$, revisions.batchGetApplicationRevisions),
  ],
  [
    "ListApplicationRevisions",
    operation(model.ListApplicationRevisionsInput$, revisions.listApplicationRevisions),
  ],
  ["TagResource", operation(model.TagResourceInput$, tags.tagResource)],
  ["UntagResource", operation(model.UntagResourceInput$, tags.untagResource)],
  ["ListTagsForResource", operation(model.ListTagsForResourceInput$, tags.listTagsForResource)],
]);
