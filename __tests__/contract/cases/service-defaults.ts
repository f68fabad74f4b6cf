import { expect } from "@jest/globals";

import { contractCase, type ContractCase } from "../suite/contract-case.ts";
import { ecsApi, ecsGuide } from "../suite/sources.ts";
import { filled, fresh } from "./service-steps.ts";

export const serviceDefaultCases: readonly ContractCase[] = [
  filled(
    "default-percentages",
    "A service's percentages are 200 and 100",
    ecsApi("DeploymentConfiguration"),
    {},
    { deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 } },
  ),
  filled(
    "default-circuit-breaker",
    "A service has no circuit breaker unless it asks for one",
    ecsApi("DeploymentCircuitBreaker"),
    {},
    { deploymentConfiguration: { deploymentCircuitBreaker: { enable: false, rollback: false } } },
  ),
  filled(
    "default-strategy",
    "A service is deployed by ROLLING under controller ECS",
    ecsApi("DeploymentConfiguration"),
    {},
    { deploymentConfiguration: { strategy: "ROLLING" }, deploymentController: { type: "ECS" } },
  ),
  filled(
    "default-scheduling",
    "A service is a REPLICA",
    ecsApi("CreateService"),
    {},
    { schedulingStrategy: "REPLICA" },
  ),
  filled(
    "default-flags",
    "Managed tags and ECS Exec are off, and no tags are propagated",
    ecsApi("CreateService"),
    {},
    { enableECSManagedTags: false, enableExecuteCommand: false, propagateTags: "NONE" },
  ),
  filled(
    "default-launch-type",
    "Without launch type and strategy a service runs on EC2",
    ecsApi("CreateService"),
    {},
    { launchType: "EC2" },
  ),
  filled(
    "default-rebalancing",
    "A new service is rebalanced across zones",
    ecsApi("CreateService"),
    {},
    { availabilityZoneRebalancing: "ENABLED" },
  ),
  filled(
    "rebalancing-where-impossible",
    "A service that cannot be rebalanced across zones is not",
    ecsGuide("service-rebalancing"),
    { deploymentConfiguration: { maximumPercent: 100, minimumHealthyPercent: 0 } },
    { availabilityZoneRebalancing: "DISABLED" },
  ),
  filled(
    "daemon-percentages",
    "A DAEMON service's percentages are 100 and 0",
    ecsApi("DeploymentConfiguration"),
    { schedulingStrategy: "DAEMON", desiredCount: undefined },
    { deploymentConfiguration: { maximumPercent: 100, minimumHealthyPercent: 0 } },
  ),
  filled(
    "lists",
    "Lists that were left out come back empty",
    ecsApi("Service"),
    {},
    { loadBalancers: [], serviceRegistries: [], placementConstraints: [], placementStrategy: [], events: [] },
  ),
  filled(
    "placement-kept",
    "Placement comes back as it was given",
    ecsApi("Service"),
    {
      placementStrategy: [{ type: "spread", field: "attribute:ecs.availability-zone" }],
      placementConstraints: [{ type: "distinctInstance" }],
    },
    {
      placementStrategy: [{ type: "spread", field: "attribute:ecs.availability-zone" }],
      placementConstraints: [{ type: "distinctInstance" }],
    },
  ),
  contractCase({
    id: "service.arn",
    title: "A service's ARN names its cluster",
    source: ecsGuide("ecs-account-settings"),
    run: async (context) => {
      const cluster = await context.ownCluster();
      const { serviceArn, serviceName } = await context.create({ cluster });
      expect(serviceArn).toMatch(
        new RegExp(`^arn:aws:ecs:[a-z0-9-]+:\\d{12}:service/${cluster}/${serviceName ?? ""}$`),
      );
    },
  }),
  contractCase({
    id: "service.no-platform-on-hosts",
    title: "A service on hosts has neither platform version nor platform family",
    source: ecsApi("Service"),
    run: async (context) => {
      const service = await fresh(context);
      expect([service.platformVersion, service.platformFamily]).toEqual([undefined, undefined]);
    },
  }),
  contractCase({
    id: "service.platform-on-fargate",
    title: "A service on Fargate has platform version LATEST and family Linux unless told otherwise",
    source: ecsApi("Service"),
    needs: ["network"],
    run: async (context) => {
      const { subnetIds } = await context.network();
      const service = await fresh(context, {
        launchType: "FARGATE",
        taskDefinition: await context.registerForFargate(),
        networkConfiguration: { awsvpcConfiguration: { subnets: [...subnetIds] } },
      });
      expect(service).toMatchObject({
        platformVersion: "LATEST",
        platformFamily: "Linux",
        launchType: "FARGATE",
      });
      expect(service.deployments?.[0]?.platformVersion).toMatch(/^\d+\.\d+\.\d+$/);
    },
  }),
  contractCase({
    id: "service.first-deployment",
    title: "A new service has one deployment: PRIMARY, IN_PROGRESS, with its id in the reason",
    source: ecsApi("Deployment"),
    wording: "documented",
    run: async (context) => {
      const { deployments } = await fresh(context, { desiredCount: 1 });
      expect(deployments).toHaveLength(1);
      const [deployment] = deployments ?? [];
      expect(deployment).toMatchObject({
        status: "PRIMARY",
        rolloutState: "IN_PROGRESS",
        runningCount: 0,
        desiredCount: 1,
      });
      expect(deployment?.id).toMatch(/^ecs-svc\/\d+$/);
      expect(deployment?.rolloutStateReason).toBe(`ECS deployment ${deployment?.id ?? ""} in progress.`);
    },
  }),
];
