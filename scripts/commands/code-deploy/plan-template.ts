import type { Hook } from "../../core/code-deploy/app-spec.ts";
import {
  groupOutputs,
  groupSettings,
  neededOutputs,
  type CodeDeploySettings,
} from "../../core/code-deploy/group.ts";
import { planCodeDeployCreate, planCodeDeployUpdate } from "../../core/code-deploy/plan.ts";
import type { GroupSettings } from "../../core/code-deploy/steps.ts";
import { refuseCreateOptions } from "../../core/code-deploy/update-options.ts";
import type { Plan } from "../../core/deployment/plan.ts";
import { RefusedError } from "../../core/errors.ts";
import { stackOutputFolder } from "../../core/naming.ts";
import type { ObservedService } from "../rollout/observe.ts";
import type { RunCommand, RunContext } from "../run-context.ts";
import { blueGreenSettings } from "../strategy.ts";
import type { FilledService } from "../templates/fill-templates.ts";
import { checkOptions } from "./check-options.ts";
import { codeDeployOf, factsOf, findGroup, readGroupOutputs, withUnderWay } from "./facts.ts";

/**
 * The plan of a template's service that CodeDeploy deploys.
 *
 * @param hooks of its AppSpec
 * @throws RefusedError, UsageError for options that do not fit its deployment group
 */
export async function planTemplate(
  filled: FilledService,
  observed: ObservedService,
  hooks: readonly Hook[],
  command: RunCommand,
  context: RunContext,
): Promise<Plan> {
  const port = await codeDeployOf(context);
  const { deploymentConfig } = command.options;
  const desired = {
    ...filled,
    hooks,
    ...(deploymentConfig === undefined ? {} : { deploymentConfig }),
  };
  if (command.verb === "create") {
    refuseCreateOptions(filled.serviceName, command.options);
    const group = await neededGroup(filled, context);
    const found = observed.service?.status === "ACTIVE" ? await findGroup(filled, port, context) : undefined;
    const facts = found === undefined ? undefined : await withUnderWay(found, port);
    const wanted = { ...desired, group, service: filled.createInput() };
    return planCodeDeployCreate(observed, wanted, filled.updateInput(), facts);
  }
  const group = await wantedGroup(filled, context);
  const facts = await factsOf(filled, port, context);
  await checkOptions(command.options, facts, group, port);
  return planCodeDeployUpdate(
    observed,
    { ...desired, service: filled.updateInput(), ...(group === undefined ? {} : { group }) },
    facts,
  );
}

function settingsOf(filled: FilledService, { environment }: RunContext): CodeDeploySettings | undefined {
  const settings = blueGreenSettings(environment, filled);
  return settings?.by === "codeDeploy" ? settings : undefined;
}

/** The group that the environments file asks for, where the stacks have made what it is of. */
async function wantedGroup(filled: FilledService, context: RunContext): Promise<GroupSettings | undefined> {
  const settings = settingsOf(filled, context);
  if (settings === undefined) return undefined;
  return groupSettings(filled, settings, await readGroupOutputs(filled.name, settings, context));
}

/** @throws RefusedError that says what is missing */
async function neededGroup(filled: FilledService, context: RunContext): Promise<GroupSettings> {
  const { name, serviceName } = filled;
  const { environment, region } = context;
  const settings = settingsOf(filled, context);
  if (settings === undefined) {
    throw new RefusedError(
      `Service ${serviceName} is to have deployment controller CODE_DEPLOY, and environments.jsonc does not say how CodeDeploy deploys it. Add services.${name}.blueGreen with by "codeDeploy" to environment ${environment.name}, run npx cdktf deploy, and then this again. Nothing was changed.`,
    );
  }
  const outputs = await readGroupOutputs(name, settings, context);
  const group = groupSettings(filled, settings, outputs);
  if (group !== undefined) return group;
  const names = groupOutputs(name, settings);
  const missing = neededOutputs.filter((output) => outputs[output] === undefined);
  throw new RefusedError(
    `Service ${serviceName} is to be deployed by CodeDeploy, and the stacks have not published what its deployment group is made of: ${missing.map((output) => `${stackOutputFolder(environment.name)}${names[output]}`).join(", ")} in ${region}. Run npx cdktf deploy with services.${name}.blueGreen by "codeDeploy", and then this again. Nothing was changed.`,
  );
}
