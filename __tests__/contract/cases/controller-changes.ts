import { UpdateServicePrimaryTaskSetCommand } from "@aws-sdk/client-ecs";
import { expect } from "@jest/globals";

import { given } from "../suite/clients.ts";
import { contractCase, refusal, type ContractCase } from "../suite/contract-case.ts";
import { ecsGuide } from "../suite/sources.ts";
import { external } from "./deployment-steps.ts";
import { named, taskSet } from "./task-set-steps.ts";

export const controllerChangeCases: readonly ContractCase[] = [
  contractCase({
    id: "controller.migrates",
    title: "UpdateService moves a service from EXTERNAL to ECS, and its primary task set is its deployment",
    source: ecsGuide("troubleshooting-deployment-controller-migration"),
    needs: ["hosts"],
    localOnly: "what AWS does with the tasks is not documented to the letter",
    run: async (context) => {
      const service = await external(context);
      const target = named(service);
      const made = await taskSet(context, service, { scale: { value: 100, unit: "PERCENT" } });
      await context.ecs.send(
        new UpdateServicePrimaryTaskSetCommand({ ...target, primaryTaskSet: given(made.taskSetArn) }),
      );
      const moved = await context.update(service, { deploymentController: { type: "ECS" } });
      expect(moved.deploymentController?.type).toBe("ECS");
      expect(await context.steady(moved)).toMatchObject({ runningCount: 2 });
    },
  }),
  refusal({
    id: "controller.no-primary",
    title: "A service without a primary task set keeps its controller",
    source: ecsGuide("troubleshooting-deployment-controller-migration"),
    wording: "documented",
    needs: ["hosts"],
    type: "InvalidParameterException",
    message:
      "Updating the deployment controller requires a primary taskset in the service. Please ensure your service has a primary taskset and try again.",
    call: async (context) =>
      context.update(await external(context), { deploymentController: { type: "ECS" } }),
  }),
];
