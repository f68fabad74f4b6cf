/**
 * The operations of the ECS API that the local AWS answers, with the model of their input.
 */
import * as model from "@aws-sdk/client-ecs";

import * as accountSettings from "./account-settings.ts";
import type { Call, Handler } from "./call.ts";
import * as attributes from "./attributes.ts";
import * as capacityProviders from "./capacity-providers.ts";
import * as clusters from "./clusters.ts";
import * as containerInstances from "./container-instances.ts";
import { readInput, writeOutput } from "./input.ts";
import { describeServices, listServices, listServicesByNamespace } from "./list-services.ts";
import { executeCommand } from "./execute-command.ts";
import { runTask, startTask } from "./run-task.ts";
import * as serviceDeployments from "./service-deployments.ts";
import * as services from "./services.ts";
import * as tags from "./tags.ts";
import * as taskDefinitions from "./task-definitions.ts";
import * as taskSets from "./task-sets.ts";
import { getTaskProtection, updateTaskProtection } from "./task-protection.ts";
import * as tasks from "./tasks.ts";
import { updateService } from "./update-service.ts";

type Operation = (call: Call, body: string) => string;

function operation<Input, Output>(schema: unknown, handler: Handler<Input, Output>): Operation {
  // The schema is the API's model of this very type.
  return (call, body) => writeOutput(handler(call, readInput(schema, body) as Input));
}

/** By operation name, as in `X-Amz-Target`. */
export const operations: ReadonlyMap<string, Operation> = new Map([
  ["CreateCluster", operation(model.CreateClusterRequest$, clusters.createCluster)],
  ["DescribeClusters", operation(model.DescribeClustersRequest$, clusters.describeClusters)],
  ["ListClusters", operation(model.ListClustersRequest$, clusters.listClusters)],
  ["UpdateCluster", operation(model.UpdateClusterRequest$, clusters.updateCluster)],
  ["UpdateClusterSettings", operation(model.UpdateClusterSettingsRequest$, clusters.updateCluster)],
  ["DeleteCluster", operation(model.DeleteClusterRequest$, clusters.deleteCluster)],
  [
    "PutClusterCapacityProviders",
    operation(model.PutClusterCapacityProvidersRequest$, clusters.putClusterCapacityProviders),
  ],
  [
    "CreateCapacityProvider",
    operation(model.CreateCapacityProviderRequest$, capacityProviders.createCapacityProvider),
  ],
  [
    "DescribeCapacityProviders",
    operation(model.DescribeCapacityProvidersRequest$, capacityProviders.describeCapacityProviders),
  ],
  [
    "UpdateCapacityProvider",
    operation(model.UpdateCapacityProviderRequest$, capacityProviders.updateCapacityProvider),
  ],
  [
    "DeleteCapacityProvider",
    operation(model.DeleteCapacityProviderRequest$, capacityProviders.deleteCapacityProvider),
  ],
  [
    "RegisterTaskDefinition",
    operation(model.RegisterTaskDefinitionRequest$, taskDefinitions.registerTaskDefinition),
  ],
  [
    "DescribeTaskDefinition",
    operation(model.DescribeTaskDefinitionRequest$, taskDefinitions.describeTaskDefinition),
  ],
  [
    "DeregisterTaskDefinition",
    operation(model.DeregisterTaskDefinitionRequest$, taskDefinitions.deregisterTaskDefinition),
  ],
  [
    "DeleteTaskDefinitions",
    operation(model.DeleteTaskDefinitionsRequest$, taskDefinitions.deleteTaskDefinitions),
  ],
  ["ListTaskDefinitions", operation(model.ListTaskDefinitionsRequest$, taskDefinitions.listTaskDefinitions)],
  [
    "ListTaskDefinitionFamilies",
    operation(model.ListTaskDefinitionFamiliesRequest$, taskDefinitions.listTaskDefinitionFamilies),
  ],
  ["CreateService", operation(model.CreateServiceRequest$, services.createService)],
  ["UpdateService", operation(model.UpdateServiceRequest$, updateService)],
  ["DeleteService", operation(model.DeleteServiceRequest$, services.deleteService)],
  ["DescribeServices", operation(model.DescribeServicesRequest$, describeServices)],
  ["ListServices", operation(model.ListServicesRequest$, listServices)],
  ["ListServicesByNamespace", operation(model.ListServicesByNamespaceRequest$, listServicesByNamespace)],
  [
    "ListServiceDeployments",
    operation(model.ListServiceDeploymentsRequest$, serviceDeployments.listServiceDeployments),
  ],
  [
    "DescribeServiceDeployments",
    operation(model.DescribeServiceDeploymentsRequest$, serviceDeployments.describeServiceDeployments),
  ],
  [
    "DescribeServiceRevisions",
    operation(model.DescribeServiceRevisionsRequest$, serviceDeployments.describeServiceRevisions),
  ],
  [
    "StopServiceDeployment",
    operation(model.StopServiceDeploymentRequest$, serviceDeployments.stopServiceDeployment),
  ],
  [
    "ContinueServiceDeployment",
    operation(model.ContinueServiceDeploymentRequest$, serviceDeployments.continueServiceDeployment),
  ],
  ["CreateTaskSet", operation(model.CreateTaskSetRequest$, taskSets.createTaskSet)],
  ["UpdateTaskSet", operation(model.UpdateTaskSetRequest$, taskSets.updateTaskSet)],
  [
    "UpdateServicePrimaryTaskSet",
    operation(model.UpdateServicePrimaryTaskSetRequest$, taskSets.updateServicePrimaryTaskSet),
  ],
  ["DeleteTaskSet", operation(model.DeleteTaskSetRequest$, taskSets.deleteTaskSet)],
  ["DescribeTaskSets", operation(model.DescribeTaskSetsRequest$, taskSets.describeTaskSets)],
  ["ListTasks", operation(model.ListTasksRequest$, tasks.listTasks)],
  ["DescribeTasks", operation(model.DescribeTasksRequest$, tasks.describeTasks)],
  ["RunTask", operation(model.RunTaskRequest$, runTask)],
  ["StartTask", operation(model.StartTaskRequest$, startTask)],
  ["ExecuteCommand", operation(model.ExecuteCommandRequest$, executeCommand)],
  ["UpdateTaskProtection", operation(model.UpdateTaskProtectionRequest$, updateTaskProtection)],
  ["GetTaskProtection", operation(model.GetTaskProtectionRequest$, getTaskProtection)],
  ["StopTask", operation(model.StopTaskRequest$, tasks.stopTask)],
  [
    "ListContainerInstances",
    operation(model.ListContainerInstancesRequest$, containerInstances.listContainerInstances),
  ],
  [
    "DescribeContainerInstances",
    operation(model.DescribeContainerInstancesRequest$, containerInstances.describeContainerInstances),
  ],
  [
    "UpdateContainerInstancesState",
    operation(model.UpdateContainerInstancesStateRequest$, containerInstances.updateContainerInstancesState),
  ],
  [
    "DeregisterContainerInstance",
    operation(model.DeregisterContainerInstanceRequest$, containerInstances.deregisterContainerInstance),
  ],
  ["PutAttributes", operation(model.PutAttributesRequest$, attributes.putAttributes)],
  ["DeleteAttributes", operation(model.DeleteAttributesRequest$, attributes.deleteAttributes)],
  ["ListAttributes", operation(model.ListAttributesRequest$, attributes.listAttributes)],
  ["TagResource", operation(model.TagResourceRequest$, tags.tagResource)],
  ["UntagResource", operation(model.UntagResourceRequest$, tags.untagResource)],
  ["ListTagsForResource", operation(model.ListTagsForResourceRequest$, tags.listTagsForResource)],
  ["PutAccountSetting", operation(model.PutAccountSettingRequest$, accountSettings.putAccountSetting)],
  [
    "PutAccountSettingDefault",
    operation(model.PutAccountSettingDefaultRequest$, accountSettings.putAccountSetting),
  ],
  [
    "DeleteAccountSetting",
    operation(model.DeleteAccountSettingRequest$, accountSettings.deleteAccountSetting),
  ],
  ["ListAccountSettings", operation(model.ListAccountSettingsRequest$, accountSettings.listAccountSettings)],
]);
