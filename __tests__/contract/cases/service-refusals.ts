import {
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeServicesCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";

import { contractCase, refusal, type ContractCase } from "../suite/contract-case.ts";
import { ecsApi } from "../suite/sources.ts";

export const serviceRefusals: readonly ContractCase[] = [
  refusal({
    id: "service.create-twice",
    title: "CreateService with the name of an ACTIVE service is not idempotent without its client token",
    source: ecsApi("CreateService"),
    wording: "observed",
    type: "InvalidParameterException",
    message: "Creation of service was not idempotent.",
    call: async (context) => {
      const cluster = await context.ownCluster();
      const { serviceName } = await context.create({ cluster });
      return context.ecs.send(
        new CreateServiceCommand({
          cluster,
          serviceName,
          taskDefinition: await context.register(),
          desiredCount: 0,
        }),
      );
    },
  }),
  refusal({
    id: "service.update-missing",
    title: "UpdateService of a service that is not there is ServiceNotFoundException",
    source: ecsApi("UpdateService"),
    wording: "observed",
    type: "ServiceNotFoundException",
    message: "Service not found.",
    call: async (context) =>
      context.ecs.send(
        new UpdateServiceCommand({ cluster: await context.ownCluster(), service: context.name() }),
      ),
  }),
  refusal({
    id: "service.update-deleted",
    title: "UpdateService of a deleted service is ServiceNotActiveException",
    source: ecsApi("UpdateService"),
    wording: "observed",
    type: "ServiceNotActiveException",
    message: "Service was not ACTIVE.",
    call: async (context) => {
      const service = await context.create({ cluster: await context.ownCluster() });
      await context.ecs.send(
        new DeleteServiceCommand({ cluster: service.clusterArn, service: service.serviceName }),
      );
      return context.update(service, { desiredCount: 0 });
    },
  }),
  refusal({
    id: "service.delete-scaled",
    title: "DeleteService wants a desired count of 0, or force",
    source: ecsApi("DeleteService"),
    wording: "observed",
    type: "InvalidParameterException",
    message: "The service cannot be stopped while it is scaled above 0.",
    call: async (context) => {
      const service = await context.create({ cluster: await context.ownCluster(), desiredCount: 1 });
      return context.ecs.send(
        new DeleteServiceCommand({ cluster: service.clusterArn, service: service.serviceName }),
      );
    },
  }),
  refusal({
    id: "service.describe-eleven",
    title: "DescribeServices takes 10 services at most",
    source: ecsApi("DescribeServices"),
    wording: "reported",
    type: "InvalidParameterException",
    message: /10/,
    call: async (context) =>
      context.ecs.send(
        new DescribeServicesCommand({
          cluster: await context.ownCluster(),
          services: Array.from({ length: 11 }, (_, index) => `s${index}`),
        }),
      ),
  }),
  contractCase({
    id: "service.refused-leaves-nothing",
    title: "A refused CreateService leaves no service behind",
    source: ecsApi("CreateService"),
    run: async (context) => {
      const cluster = await context.ownCluster();
      const serviceName = context.name();
      const refusedCall = context.create({ cluster, serviceName, launchType: "FARGATE" });
      await refusedCall.then(
        () => {
          throw new Error("It was created.");
        },
        () => undefined,
      );
      const { failures } = await context.ecs.send(
        new DescribeServicesCommand({ cluster, services: [serviceName] }),
      );
      if (failures?.[0]?.reason !== "MISSING") throw new Error("The service is there.");
    },
  }),
];
