import {
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeServicesCommand,
  ListServicesByNamespaceCommand,
  ListServicesCommand,
} from "@aws-sdk/client-ecs";
import { expect } from "@jest/globals";

import { contractCase, type ContractCase } from "../suite/contract-case.ts";
import { ecsApi, ecsGuide } from "../suite/sources.ts";
import { behind } from "../suite/target-groups.ts";
import { fresh } from "./service-steps.ts";

export const serviceCases: readonly ContractCase[] = [
  contractCase({
    id: "service.client-token",
    title: "CreateService again with the same client token answers with the service that is there",
    source: ecsApi("CreateService"),
    run: async (context) => {
      const cluster = await context.ownCluster();
      const [serviceName, clientToken] = [context.name(), context.name()];
      const taskDefinition = await context.register();
      const input = { cluster, serviceName, taskDefinition, desiredCount: 0, clientToken };
      const first = await context.create(input);
      const { service } = await context.ecs.send(new CreateServiceCommand(input));
      expect(service?.deployments?.[0]?.id).toBe(first.deployments?.[0]?.id);
    },
  }),
  contractCase({
    id: "service.scale",
    title: "A new desired count starts no deployment",
    source: ecsApi("UpdateService"),
    run: async (context) => {
      const service = await fresh(context);
      const updated = await context.update(service, { desiredCount: 2 });
      expect(updated.desiredCount).toBe(2);
      expect(updated.deployments?.map(({ id }) => id)).toEqual([service.deployments?.[0]?.id]);
    },
  }),
  contractCase({
    id: "service.settings-start-nothing",
    title: "Percentages, grace period, placement and flags start no deployment",
    source: ecsApi("UpdateService"),
    run: async (context) => {
      const service = await fresh(context);
      const change = {
        deploymentConfiguration: { maximumPercent: 150, minimumHealthyPercent: 50 },
        placementStrategy: [{ type: "spread" as const, field: "instanceId" }],
        enableECSManagedTags: true,
        propagateTags: "SERVICE" as const,
      };
      const updated = await context.update(service, change);
      expect(updated).toMatchObject(change);
      expect(updated.deployments?.map(({ id }) => id)).toEqual([service.deployments?.[0]?.id]);
    },
  }),
  contractCase({
    id: "service.update-deploys",
    title: "A new definition starts a deployment that is PRIMARY, beside the old one that is ACTIVE",
    source: ecsApi("UpdateService"),
    needs: ["hosts"],
    run: async (context) => {
      const service = await context.steady(await context.create({ desiredCount: 1 }));
      const { deployments } = await context.update(service, { taskDefinition: await context.register() });
      expect(
        deployments?.map(({ status, rolloutState, runningCount }) => [status, rolloutState, runningCount]),
      ).toEqual([
        ["PRIMARY", "IN_PROGRESS", 0],
        ["ACTIVE", "COMPLETED", 1],
      ]);
    },
  }),
  contractCase({
    id: "service.registries-deploy",
    title: "New service registries start a deployment",
    source: ecsApi("UpdateService"),
    localOnly: "it takes a service of Cloud Map",
    run: async (context) => {
      const service = await fresh(context, { desiredCount: 1 });
      const registryArn = "arn:aws:servicediscovery:us-east-1:123456789012:service/srv-utcrh6wavdkggqtk";
      const updated = await context.update(service, {
        serviceRegistries: [{ registryArn, containerName: "web", containerPort: 80 }],
      });
      expect(updated.deployments?.[0]?.id).not.toBe(service.deployments?.[0]?.id);
      expect(updated.serviceRegistries).toHaveLength(1);
    },
  }),
  contractCase({
    id: "service.connect-kept",
    title:
      "A deployment tells its Service Connect configuration, with the cluster's namespace where it has none",
    source: ecsApi("Deployment"),
    localOnly: "it takes a namespace of Cloud Map",
    run: async (context) => {
      const taskDefinition = await context.register({
        container: { portMappings: [{ name: "http", containerPort: 80 }] },
      });
      const configuration = {
        enabled: true,
        namespace: context.name(),
        services: [{ portName: "http", clientAliases: [{ port: 80, dnsName: "web" }] }],
      };
      const service = await fresh(context, { taskDefinition, serviceConnectConfiguration: configuration });
      expect(service.deployments?.[0]?.serviceConnectConfiguration).toEqual(configuration);
      const { serviceArns } = await context.ecs.send(
        new ListServicesByNamespaceCommand({ namespace: configuration.namespace }),
      );
      expect(serviceArns).toEqual([service.serviceArn]);
    },
  }),
  contractCase({
    id: "service.delete",
    title: "DeleteService leaves the service describable as DRAINING, then INACTIVE, and out of the list",
    source: ecsApi("DeleteService"),
    run: async (context) => {
      const service = await fresh(context);
      const { clusterArn: cluster, serviceName } = service;
      const answer = await context.ecs.send(new DeleteServiceCommand({ cluster, service: serviceName }));
      expect(answer.service?.status).toBe("DRAINING");
      await context.serviceUntil(service, ({ status }) => status === "INACTIVE");
      const { serviceArns } = await context.ecs.send(new ListServicesCommand({ cluster }));
      expect(serviceArns).toEqual([]);
    },
  }),
  contractCase({
    id: "service.delete-forced",
    title: "DeleteService with force stops a service's tasks",
    source: ecsApi("DeleteService"),
    needs: ["hosts"],
    run: async (context) => {
      const service = await context.steady(await context.create({ desiredCount: 1 }));
      const command = new DeleteServiceCommand({
        cluster: service.clusterArn,
        service: service.serviceName,
        force: true,
      });
      await context.ecs.send(command);
      const gone = await context.serviceUntil(service, ({ status }) => status === "INACTIVE");
      expect(gone).toMatchObject({ desiredCount: 0, runningCount: 0, pendingCount: 0 });
    },
  }),
  contractCase({
    id: "service.recreate",
    title: "A service may be created again under the name of an INACTIVE one",
    source: ecsApi("CreateService"),
    run: async (context) => {
      const service = await fresh(context);
      const { clusterArn: cluster, serviceName } = service;
      await context.ecs.send(new DeleteServiceCommand({ cluster, service: serviceName }));
      await context.serviceUntil(service, ({ status }) => status === "INACTIVE");
      const again = await context.create({ cluster, serviceName });
      expect(again.status).toBe("ACTIVE");
      expect(again.deployments?.[0]?.id).not.toBe(service.deployments?.[0]?.id);
    },
  }),
  contractCase({
    id: "service.describe-missing",
    title: "DescribeServices names a service that is not there as a failure with reason MISSING",
    source: ecsGuide("api_failures_messages"),
    run: async (context) => {
      const { services, failures } = await context.ecs.send(
        new DescribeServicesCommand({ cluster: await context.ownCluster(), services: [context.name()] }),
      );
      expect([services, failures?.map(({ reason }) => reason)]).toEqual([[], ["MISSING"]]);
    },
  }),
  contractCase({
    id: "service.linked-role",
    title: "A service behind a load balancer has ECS's service-linked role",
    source: ecsGuide("using-service-linked-roles"),
    needs: ["load balancer", "hosts"],
    run: async (context) => {
      const service = await context.create(behind(await context.targetGroup()));
      expect(service.roleArn).toMatch(/:role\/aws-service-role\/ecs\.amazonaws\.com\/AWSServiceRoleForECS$/);
    },
  }),
  contractCase({
    id: "service.shared-target-group",
    title: "Two services may share a target group",
    source: ecsGuide("register-multiple-targetgroups"),
    needs: ["load balancer", "hosts"],
    run: async (context) => {
      const shared = behind(await context.targetGroup());
      const services = [await context.create(shared), await context.create(shared)];
      expect(services.map(({ status }) => status)).toEqual(["ACTIVE", "ACTIVE"]);
    },
  }),
];
