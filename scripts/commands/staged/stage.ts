import { UsageError } from "../../core/errors.ts";
import type { StageStep } from "../../core/staged/plan-stage.ts";
import type { StageReport } from "../../core/staged/stage-report.ts";
import type { CommandResult } from "../../terminal/command-result.ts";
import { stageResult, type StageCommands } from "../../terminal/stage-text.ts";
import { addressService } from "../addresses.ts";
import { takeLocks, type HeldLocks } from "../lock/lock.ts";
import { preflight } from "../rollout/preflight.ts";
import { pinStaged } from "./pin-staged.ts";
import { trailOf } from "../rollout/trail-of.ts";
import { runContext, type RunCommand, type RunContext, type RunEdge } from "../run-context.ts";
import { stageSettings } from "../strategy.ts";
import { loadTemplates } from "../templates/load-templates.ts";
import { bringStaged } from "./bring-staged.ts";
import { typed, typedAgain } from "./next-commands.ts";
import { observeApplication } from "./observe.ts";
import { hostsOf, type StagedService } from "./place.ts";
import { planStaging, type Fill } from "./plan-staging.ts";
import { stageInputs } from "./stage-inputs.ts";
import { sweep } from "./sweep.ts";

/**
 * `./deploy stage`: a new version beside what runs, as a service of its own with a target group of its own, which
 * answers at a host of its own and has no live traffic. What the same command began before, and was killed or did not
 * wait for, is gone on with; what it staged before is told again.
 *
 * @throws InvalidInputError, RefusedError or AwsCallError before the first write; after it, what happened is in the
 *   report
 */
export async function stage(command: RunCommand, edge: RunEdge): Promise<CommandResult> {
  const context = await runContext(command, edge);
  const service = await stagedServiceOf(command, context, edge);
  const { address } = service;
  const templates = await loadTemplates(command, edge.workingFolder, "create");
  const fill: Fill = (id) => stageInputs(id, service, templates, command, context);
  const inputs = await fill(context.known.deploymentId);
  context.emit({
    type: "runStarted",
    command: command.verb,
    environment: context.environment.name,
    region: context.region,
    services: [{ service: address.serviceName, cluster: address.cluster }],
  });
  const commandsFor = (id: string): StageCommands => ({
    activate: typed("activate", ["--id", id], service, command),
    teardown: typed("teardown", ["--id", id], service, command),
    again: typedAgain(service, command, context),
  });
  if (command.options.dryRun) {
    const observed = await observeApplication(service, context);
    const planned = await planStaging(observed, fill, service, command, context);
    const steps = planned.kind === "nothingToDo" ? [] : planned.steps;
    return stageResult(planned.report.planned(steps), commandsFor(planned.report.id));
  }
  const purpose = `${command.verb} ${address.serviceName} to ${inputs.images.join(", ")}`;
  const { serviceName, cluster } = address;
  const held = await takeLocks([{ serviceName, cluster, purpose }], command, context, edge);
  try {
    const report = await stageLocked(fill, service, held, command, context, edge);
    return stageResult(report, commandsFor(report.deploymentId));
  } finally {
    await held.release();
  }
}

/** The service that the command names, whose deployments are services of their own. */
export async function stagedServiceOf(
  command: RunCommand,
  context: RunContext,
  edge: RunEdge,
): Promise<StagedService> {
  const address = await addressService(command, context, edge.workingFolder);
  const settings = stageSettings(context.environment, address);
  if (settings === undefined) {
    throw new UsageError(
      `./deploy ${command.verb} is for services whose every deployment is a service of its own, and ${address.name} is none. Set "blueGreen": { "by": "stage" } in environments.${context.environment.name}.services.${address.name} of environments.jsonc; docs/strategies.md tells what fits.`,
    );
  }
  const service = { address, settings };
  hostsOf(context.environment, service);
  return service;
}

async function stageLocked(
  fill: Fill,
  service: StagedService,
  held: HeldLocks,
  command: RunCommand,
  context: RunContext,
  edge: RunEdge,
): Promise<StageReport> {
  const observed = await observeApplication(service, context);
  const planned = await planStaging(observed, fill, service, command, context);
  if (planned.kind === "nothingToDo") return planned.report.nothingToDo();
  const { wish, id } = planned.inputs;
  if (planned.begun === undefined) {
    const { loadBalancers: _, ...settings } = wish.service;
    const subject = {
      name: service.address.name,
      serviceName: service.address.serviceName,
      cluster: observed.cluster,
      taskDefinition: wish.taskDefinition,
      service: { ...settings, ...countOf(planned.steps) },
      beginsDeployment: true,
    };
    await preflight([subject], context, command.options);
  } else {
    if (planned.begun.state === "staged") {
      context.emit({
        type: "note",
        message: `deployment ${id} is staged; its autoscaling is brought to the template`,
      });
    } else {
      const message = `deployment ${id} was begun by a run that did not bring it to its end; it is taken up`;
      context.emit({ type: "resumed", service: service.address.serviceName, message });
    }
  }
  await pinStaged(planned.inputs.images, observed, context, { ...command.options, isNew: true });
  const trail = trailOf(
    planned.inputs.images,
    { ...context, known: { ...context.known, deploymentId: id } },
    edge,
  );
  // What a killed run was taking down goes meanwhile.
  const swept = sweep(observed, planned.revisionArn, { command, context, edge, held });
  try {
    return await bringStaged({ ...planned, observed, service, held, command, context, edge, trail });
  } finally {
    await swept;
  }
}

function countOf(steps: readonly StageStep[]): { readonly desiredCount?: number } {
  const create = steps.find((step) => step.kind === "createService");
  return create?.input.desiredCount === undefined ? {} : { desiredCount: create.input.desiredCount };
}
