import { appSpecText } from "../../core/code-deploy/app-spec.ts";
import { descriptionOf } from "../../core/code-deploy/description.ts";
import type { CodeDeployStep } from "../../core/code-deploy/steps.ts";
import { withRegisteredRevision } from "../../core/deployment/registered-revision.ts";
import { revisionName } from "../../core/deployment/task-definition.ts";
import type { CodeDeployPort } from "../../core/ports/code-deploy.ts";
import type { StepDone } from "../rollout/apply.ts";
import type { Planned } from "../rollout/job.ts";
import type { Run } from "../rollout/run.ts";
import type { BeforeWrites } from "../rollout/write-plan.ts";
import { approveOnce, deployOnce, makeGroupOnce, stopOnce } from "./once.ts";

/** Does one step of a plan that is CodeDeploy's. */
export async function applyCodeDeployStep(
  step: CodeDeployStep,
  registeredArn: string | undefined,
  { job, plan }: Planned,
  port: CodeDeployPort,
  { context, command, edge: { clock } }: Run,
  { mayWrite, beforeUpdate, beforeStop }: BeforeWrites,
): Promise<StepDone> {
  const service = job.serviceName;
  const { emit } = context;
  const once = { port, clock };
  switch (step.kind) {
    case "createCodeDeployment": {
      const arn = step.revisionArn ?? registeredArn;
      if (arn === undefined) throw new Error("The plan deploys a revision that none of its steps registers.");
      mayWrite();
      await beforeUpdate();
      mayWrite();
      const { application, group, deploymentConfig, replaces } = step;
      const text = typeof step.appSpec === "string" ? step.appSpec : appSpecText(step.appSpec);
      const origin = { run: context.known.deploymentId, ...(replaces === undefined ? {} : { replaces }) };
      const deploymentId = await deployOnce(
        {
          application,
          group,
          appSpec: withRegisteredRevision(text, arn),
          description: descriptionOf(origin, job.purpose),
          rollback: command.options.rollback,
          ...(deploymentConfig === undefined ? {} : { deploymentConfig }),
        },
        once,
      );
      const revision = revisionName(arn);
      emit({ type: "deploymentStarted", service, deploymentId, revision });
      return {
        change: `deployment ${deploymentId} was started`,
        applied: { deploymentId, revisionArn: arn },
      };
    }
    case "approveCodeDeployment":
      mayWrite();
      await approveOnce(step.deploymentId, once);
      emit({ type: "note", message: `deployment ${step.deploymentId} of ${service} is approved` });
      return { change: `deployment ${step.deploymentId} was approved` };
    case "stopCodeDeployment":
      mayWrite();
      await beforeStop(plan.waitedFor?.revisionArn);
      await stopOnce(step.deploymentId, once);
      emit({
        type: "note",
        message: `deployment ${step.deploymentId} of ${service} is stopped; CodeDeploy puts its traffic back`,
      });
      return { change: `deployment ${step.deploymentId} was stopped` };
    case "makeDeploymentGroup": {
      const name = step.input.deploymentGroupName;
      mayWrite();
      if (step.changes === undefined) {
        await makeGroupOnce(step.input, once);
        emit({ type: "note", message: `CodeDeploy's deployment group ${name} was made` });
        return { change: `deployment group ${name} was made` };
      }
      const { deploymentGroupName: currentDeploymentGroupName, ...settings } = step.input;
      await port.updateGroup({ ...settings, currentDeploymentGroupName });
      const changes = step.changes.join(", ");
      emit({
        type: "note",
        message: `CodeDeploy's deployment group ${name} was changed as the environments file asks: ${changes}`,
      });
      return { change: `${changes} of deployment group ${name}` };
    }
    case "waitForCodeDeployment":
      if (step.deploymentId === undefined) return {};
      return { applied: { deploymentId: step.deploymentId } };
    case "waitUntilSteady":
      return {};
  }
}
