import { withRegisteredRevision } from "../core/deployment/registered-revision.ts";
import { exitCode } from "../core/exit-code.ts";
import { scalingInputs } from "../core/scaling/inputs.ts";
import { heldBack } from "../core/staged/suspension.ts";
import { taskDefinitionArn } from "../core/template/service-inputs.ts";
import type { CommandResult } from "../terminal/command-result.ts";
import { bothInputs, type BothInputs } from "./templates/both-inputs.ts";
import { scaledName, wholeAutoscaling } from "./scaling/compare.ts";
import { runContext, type RunCommand, type RunContext, type RunEdge } from "./run-context.ts";

/** Stands for the ARN of the revision, which is known once it is registered. */
const standIn = `@@${taskDefinitionArn}@@`;

/**
 * `./deploy render`: the filled templates as JSON on standard output, exactly as a run sends them, secrets included.
 * AWS is asked for what placeholders name, and for nothing where they name nothing of it.
 *
 * @throws InvalidInputError with every mistake of every template
 */
export async function render(command: RunCommand, edge: RunEdge): Promise<CommandResult> {
  const context = await runContext(command, edge);
  const inputs = await bothInputs(command, context, edge.workingFolder);
  const scaling = await Promise.all(
    inputs.map(async (one) => (one.autoscaling === undefined ? {} : renderedScaling(one, context))),
  );
  const document = {
    services: Object.fromEntries(
      inputs.map((one, index) => [one.name, { ...rendered(one), ...scaling[index] }]),
    ),
  };
  return {
    exitCode: exitCode.completed,
    document,
    text: () => `${JSON.stringify(document, undefined, 2)}\n`,
  };
}

/** The inputs of Application Auto Scaling's calls. */
async function renderedScaling(one: BothInputs, context: RunContext): Promise<object> {
  const wanted = await wholeAutoscaling(one, undefined, context);
  const { cluster, staged } = one;
  return scalingInputs(staged === undefined ? wanted : heldBack(wanted), cluster, scaledName(one));
}

/** The inputs of each call, with what the plan adds to a template: cluster, name and revision. */
function rendered({ taskDefinition, create, update, cluster, serviceName }: BothInputs): object {
  const external = create?.deploymentController?.type === "EXTERNAL";
  const revision = external ? {} : { taskDefinition: standIn };
  const inputs = {
    registerTaskDefinition: taskDefinition,
    ...(create === undefined ? {} : { createService: { ...create, cluster, ...revision } }),
    ...(update === undefined
      ? {}
      : { updateService: { ...update, cluster, service: serviceName, ...revision } }),
  };
  return withRegisteredRevision(inputs, standIn);
}
