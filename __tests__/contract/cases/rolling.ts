import { expect } from "@jest/globals";

import { contractCase, type ContractCase } from "../suite/contract-case.ts";
import { isSteady } from "../suite/context.ts";
import { ecsApi, ecsGuide } from "../suite/sources.ts";
import { breaker, messages } from "./deployment-steps.ts";

export const rollingCases: readonly ContractCase[] = [
  contractCase({
    id: "rolling.completes",
    title: "A rollout ends with one COMPLETED deployment of the new definition and says so",
    source: ecsGuide("service-event-messages-list"),
    wording: "documented",
    needs: ["hosts"],
    run: async (context) => {
      const service = await context.steady(await context.create({ desiredCount: 2 }));
      const taskDefinition = await context.register();
      const updated = await context.update(service, { taskDefinition });
      const id = updated.deployments?.[0]?.id ?? "";
      const done = await context.serviceUntil(
        service,
        (found) =>
          isSteady(found) &&
          found.deployments?.[0]?.id === id &&
          messages(found).some((text) => text.includes("has reached a steady state")),
      );
      expect(done.taskDefinition).toBe(taskDefinition);
      expect(done.deployments?.[0]?.rolloutStateReason).toBe(`ECS deployment ${id} completed.`);
      expect(messages(done)).toContain(
        `(service ${done.serviceName ?? ""}) (deployment ${id}) deployment completed.`,
      );
    },
  }),
  contractCase({
    id: "rolling.force",
    title: "forceNewDeployment replaces the tasks though nothing else changes",
    source: ecsApi("UpdateService"),
    needs: ["hosts"],
    run: async (context) => {
      const service = await context.steady(await context.create({ desiredCount: 1 }));
      const before = (await context.tasks(service)).map(({ taskArn }) => taskArn);
      const { deployments } = await context.update(service, { forceNewDeployment: true });
      await context.serviceUntil(
        service,
        (found) => isSteady(found) && found.deployments?.[0]?.id === deployments?.[0]?.id,
      );
      expect((await context.tasks(service)).map(({ taskArn }) => taskArn)).not.toEqual(before);
    },
  }),
  contractCase({
    id: "rolling.scale-in",
    title: "A service that wants fewer tasks stops some, with its deployment as the reason",
    source: ecsGuide("stopped-task-errors"),
    needs: ["hosts"],
    run: async (context) => {
      const service = await context.steady(await context.create({ desiredCount: 2 }));
      await context.update(service, { desiredCount: 1 });
      await context.steady(service);
      const [stopped] = await context.tasks(service, "STOPPED");
      expect(stopped).toMatchObject({ stopCode: "ServiceSchedulerInitiated" });
      expect(stopped?.stoppedReason).toMatch(/^Scaling activity initiated by \(deployment ecs-svc\/\d+\)$/);
    },
  }),
  contractCase({
    id: "rolling.spread",
    title: "The tasks of a service are spread over zones",
    source: ecsGuide("task-placement-strategies"),
    needs: ["hosts"],
    run: async (context) => {
      const service = await context.steady(await context.create({ desiredCount: 2 }));
      const zones = (await context.tasks(service)).map(({ availabilityZone }) => availabilityZone);
      expect(new Set(zones).size).toBe(2);
    },
  }),
  contractCase({
    id: "breaker.fails",
    title: "The circuit breaker fails a first deployment whose tasks never start, after three of them",
    source: ecsGuide("deployment-circuit-breaker"),
    wording: "observed",
    needs: ["hosts"],
    run: async (context) => {
      const taskDefinition = await context.register({
        container: { image: "public.ecr.aws/nginx/nginx:missing" },
      });
      const service = await context.create({
        taskDefinition,
        desiredCount: 1,
        deploymentConfiguration: breaker,
      });
      const failed = await context.serviceUntil(
        service,
        ({ deployments }) => deployments?.[0]?.rolloutState === "FAILED",
        3600,
      );
      expect(failed.deployments?.[0]?.rolloutStateReason).toBe(
        "ECS deployment circuit breaker: tasks failed to start.",
      );
      expect(failed.deployments?.[0]?.failedTasks).toBeGreaterThanOrEqual(3);
    },
  }),
  contractCase({
    id: "breaker.rolls-back",
    title: "With rollback the circuit breaker goes back to the deployment that completed last",
    source: ecsGuide("deployment-circuit-breaker"),
    needs: ["hosts"],
    run: async (context) => {
      const service = await context.steady(
        await context.create({ desiredCount: 1, deploymentConfiguration: breaker }),
      );
      await context.update(service, {
        taskDefinition: await context.register({
          container: { image: "public.ecr.aws/nginx/nginx:missing" },
        }),
      });
      const back = await context.serviceUntil(
        service,
        ({ taskDefinition, deployments }) =>
          taskDefinition === service.taskDefinition && deployments?.[0]?.rolloutState === "COMPLETED",
        3600,
      );
      expect(messages(back).some((text) => text.includes("deployment failed: tasks failed to start."))).toBe(
        true,
      );
    },
  }),
];
