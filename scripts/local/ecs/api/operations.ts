/**
 * The operations of the ECS API that the local AWS answers, with the model of their input.
 */
import * as model from "@aws-sdk/client-ecs";

import type { Call, Handler } from "./call.ts";
import * as capacityProviders from "./capacity-providers.ts";
import * as clusters from "./clusters.ts";
import { readInput, writeOutput } from "./input.ts";
import { describeServices, listServices } from "./list-services.ts";
import * as services from "./services.ts";
import * as tags from "./tags.ts";
import * as taskDefinitions from "./task-definitions.ts";
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
  ["ListTasks", operation(model.ListTasksRequest$, tasks.listTasks)],
  ["DescribeTasks", operation(model.DescribeTasksRequest$, tasks.describeTasks)],
  ["RunTask", operation(model.RunTaskRequest$, tasks.runTask)],
  ["StopTask", operation(model.StopTaskRequest$, tasks.stopTask)],
  ["ListContainerInstances", operation(model.ListContainerInstancesRequest$, tasks.listContainerInstances)],
  [
    "DescribeContainerInstances",
    operation(model.DescribeContainerInstancesRequest$, tasks.describeContainerInstances),
  ],
  ["TagResource", operation(model.TagResourceRequest$, tags.tagResource)],
  ["UntagResource", operation(model.UntagResourceRequest$, tags.untagResource)],
  ["ListTagsForResource", operation(model.ListTagsForResourceRequest$, tags.listTagsForResource)],
  ["PutAccountSetting", operation(model.PutAccountSettingRequest$, tags.putAccountSetting)],
  ["PutAccountSettingDefault", operation(model.PutAccountSettingDefaultRequest$, tags.putAccountSetting)],
  ["ListAccountSettings", operation(model.ListAccountSettingsRequest$, tags.listAccountSettings)],
]);
