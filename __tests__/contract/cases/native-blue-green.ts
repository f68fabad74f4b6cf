import {
  ContinueServiceDeploymentCommand,
  DescribeServiceRevisionsCommand,
  StopServiceDeploymentCommand,
} from "@aws-sdk/client-ecs";
import { expect } from "@jest/globals";

import { given } from "../suite/clients.ts";
import { contractCase, type ContractCase } from "../suite/contract-case.ts";
import { ecsApi, ecsGuide } from "../suite/sources.ts";
import { describeDeployment, blueGreen, infrastructure, pausedDeployment } from "./deployment-steps.ts";

export const nativeBlueGreenCases: readonly ContractCase[] = [
  contractCase({
    id: "native.pause",
    title: "A blue/green deployment waits at a PAUSE hook until it is continued, then succeeds",
    source: ecsGuide("deployment-type-blue-green"),
    needs: ["load balancer", "hosts"],
    localOnly: infrastructure,
    run: async (context) => {
      const service = await blueGreen(context);
      const waiting = await pausedDeployment(context, service);
      const [hook] = waiting.lifecycleHookDetails ?? [];
      await context.ecs.send(
        new ContinueServiceDeploymentCommand({
          serviceDeploymentArn: waiting.serviceDeploymentArn,
          hookId: hook?.hookId,
          action: "CONTINUE",
        }),
      );
      const arn = given(waiting.serviceDeploymentArn);
      const done = await context.until(
        () => describeDeployment(context, arn),
        ({ status }) => status === "SUCCESSFUL",
      );
      expect(done.targetServiceRevision?.arn).toMatch(/:service-revision\//);
      const { serviceRevisions } = await context.ecs.send(
        new DescribeServiceRevisionsCommand({
          serviceRevisionArns: [given(done.targetServiceRevision?.arn)],
        }),
      );
      expect(serviceRevisions?.[0]?.taskDefinition).toBe(service.taskDefinition);
    },
  }),
  contractCase({
    id: "native.stop",
    title: "StopServiceDeployment with ROLLBACK ends a deployment that is under way",
    source: ecsApi("StopServiceDeployment"),
    needs: ["load balancer", "hosts"],
    localOnly: infrastructure,
    run: async (context) => {
      const waiting = await pausedDeployment(context, await blueGreen(context));
      const arn = given(waiting.serviceDeploymentArn);
      await context.ecs.send(
        new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: "ROLLBACK" }),
      );
      const ended = await context.until(
        () => describeDeployment(context, arn),
        ({ status }) =>
          status === "STOPPED" || status === "ROLLBACK_SUCCESSFUL" || status === "ROLLBACK_FAILED",
      );
      expect(ended.finishedAt ?? ended.stoppedAt).toBeDefined();
    },
  }),
];
