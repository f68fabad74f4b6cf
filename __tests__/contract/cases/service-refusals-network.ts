import { DescribeServicesCommand } from "@aws-sdk/client-ecs";

import { refusal, type ContractCase } from "../suite/contract-case.ts";
import { ecsApi, ecsGuide } from "../suite/sources.ts";
import { refused, oneSubnet, inVpc } from "./refused-service.ts";

export const serviceNetworkRefusals: readonly ContractCase[] = [
  refused(
    "name-characters",
    "A service's name has letters, numbers, hyphens and underscores only",
    /^Invalid service name/,
    { serviceName: "a service" },
    { wording: "reported" },
  ),
  refused(
    "cluster-missing",
    "A service in a cluster that is not there is ClusterNotFoundException",
    "Cluster not found.",
    { cluster: "there-is-no-such-cluster" },
    { type: "ClusterNotFoundException" },
  ),
  refused(
    "cluster-name",
    "A cluster is named by its name or ARN",
    /^Cluster must match \^\[a-zA-Z0-9\\-_\]\{1,255\}\$, but was no cluster/,
    { cluster: "no cluster" },
  ),
  refused(
    "definition-missing",
    "A service of a definition that is not there is a ClientException",
    "TaskDefinition not found.",
    { taskDefinition: "there-is-no-such-family:1" },
    { type: "ClientException" },
  ),
  refused(
    "client-token-length",
    "A client token has 36 characters at most",
    /36/,
    { clientToken: "x".repeat(37) },
    { wording: "reported" },
  ),
  refused(
    "desired-count",
    "A desired count is not below 0",
    "DesiredCount can not be lesser than 0",
    { desiredCount: -1 },
    { wording: "reported" },
  ),
  refused(
    "desired-count-missing",
    "A REPLICA service says how many tasks it wants",
    /desired ?count/i,
    { desiredCount: undefined },
    { wording: "reported" },
  ),
  refused(
    "both-percentages",
    "Percentages of 100 and 100 would block deployments",
    "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.",
    { deploymentConfiguration: { maximumPercent: 100, minimumHealthyPercent: 100 } },
    { source: ecsApi("DeploymentConfiguration"), wording: "reported" },
  ),
  refused(
    "minimum-above-100",
    "minimumHealthyPercent is 100 at most",
    /minimumHealthyPercent must be at most 100/,
    { deploymentConfiguration: { minimumHealthyPercent: 101 } },
    { source: ecsApi("DeploymentConfiguration") },
  ),
  refused(
    "network-missing",
    "awsvpc wants a network configuration",
    "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    async (context) => ({ taskDefinition: await inVpc(context) }),
    { source: ecsApi("NetworkConfiguration") },
  ),
  refused(
    "network-not-wanted",
    "Other modes take no network configuration",
    "Network Configuration is not valid for the given networkMode of this task definition.",
    async (context) => ({ networkConfiguration: await oneSubnet(context) }),
    { source: ecsApi("NetworkConfiguration"), needs: ["network"] },
  ),
  refused(
    "public-address",
    "A public address is for Fargate only",
    /^Assign public IP is not supported for this launch type/,
    async (context) => ({
      taskDefinition: await inVpc(context),
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: (await context.network()).subnetIds.slice(0, 1),
          assignPublicIp: "ENABLED",
        },
      },
    }),
    { source: ecsApi("AwsVpcConfiguration"), needs: ["network"] },
  ),
  refused(
    "subnets",
    "A network configuration has 16 subnets at most",
    /^subnets can have at most 16 items/,
    async (context) => ({
      taskDefinition: await inVpc(context),
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: Array.from({ length: 17 }, (_, index) => `subnet-0000000${index + 10}`),
        },
      },
    }),
    { source: ecsApi("AwsVpcConfiguration"), wording: "inferred" },
  ),
  refused(
    "security-groups",
    "A network configuration has 5 security groups at most",
    /5/,
    async (context) => ({
      taskDefinition: await inVpc(context),
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: (await context.network()).subnetIds.slice(0, 1),
          securityGroups: ["a", "b", "c", "d", "e", "f"].map((end) => `sg-0000000${end}`),
        },
      },
    }),
    { source: ecsApi("AwsVpcConfiguration"), wording: "inferred", needs: ["network"] },
  ),
  refused(
    "subnet-missing",
    "A subnet that is not there is refused with EC2's reason",
    /^Error retrieving subnet information for \[subnet-0badbadbad0000000\]: The subnet ID 'subnet-0badbadbad0000000' does not exist/,
    async (context) => ({
      taskDefinition: await inVpc(context),
      networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-0badbadbad0000000"] } },
    }),
    { source: ecsApi("AwsVpcConfiguration") },
  ),
  refused(
    "exec-without-role",
    "ECS Exec wants a task role",
    "The service couldn't be created because a valid taskRoleArn is not being used. Specify a valid task role in your task definition and try again.",
    { enableExecuteCommand: true },
    { source: ecsGuide("ecs-exec") },
  ),
  refused(
    "role-without-load-balancer",
    "A service without load balancer takes no role",
    /role/i,
    { role: "ecsServiceRole" },
    { wording: "reported" },
  ),
  refused(
    "tags",
    "A service has 50 tags at most",
    /50/,
    { tags: Array.from({ length: 51 }, (_, index) => ({ key: `k${index}`, value: "" })) },
    { source: ecsApi("Tag"), wording: "inferred" },
  ),
  refusal({
    id: "service.other-cluster",
    title: "The ARN of a service of another cluster is refused",
    source: ecsApi("DescribeServices"),
    wording: "observed",
    type: "InvalidParameterException",
    message: /^Invalid identifier: Identifier is for cluster \S+\. Your cluster is \S+$/,
    call: async (context) => {
      const service = await context.create({ cluster: await context.ownCluster() });
      const cluster = await context.ownCluster();
      return context.ecs.send(new DescribeServicesCommand({ cluster, services: [service.serviceArn ?? ""] }));
    },
  }),
];
