import type { Planned } from "./job.ts";
import type { PreflightSubject } from "./preflight.ts";

/** What a plan is about to write, for the checks before it; undefined where it writes nothing. */
export function preflightSubject({ job, observed, plan }: Planned): PreflightSubject | undefined {
  const write = plan.steps.find((step) => step.kind === "createService" || step.kind === "updateService");
  const taskDefinition = job.brings(observed);
  const replaces = plan.steps.some(({ kind }) => kind === "createCodeDeployment");
  if (replaces && taskDefinition !== undefined)
    return replacementSubject({ job, observed, plan }, taskDefinition);
  if (write === undefined || taskDefinition === undefined) return undefined;
  const { name, serviceName, cluster } = job;
  const { taskDefinition: revision } = write.input;
  const forced = "forceNewDeployment" in write.input && write.input.forceNewDeployment === true;
  return {
    name,
    serviceName,
    cluster,
    taskDefinition,
    service: write.input,
    ...(observed.service === undefined ? {} : { running: observed.service }),
    ...(revision !== undefined || forced ? { beginsDeployment: true } : {}),
  };
}

/** CodeDeploy brings as many tasks again beside those that run. */
function replacementSubject(
  { job: { name, serviceName, cluster }, observed }: Planned,
  taskDefinition: PreflightSubject["taskDefinition"],
): PreflightSubject {
  const deploymentConfiguration = { maximumPercent: 200, minimumHealthyPercent: 100 };
  return {
    name,
    serviceName,
    cluster,
    taskDefinition,
    service: { deploymentConfiguration },
    ...(observed.service === undefined ? {} : { running: observed.service }),
    beginsDeployment: true,
  };
}
