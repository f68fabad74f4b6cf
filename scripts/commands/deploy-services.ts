import { hooksOf, type ServiceHooks } from "./code-deploy/hooks-file.ts";
import { isForCodeDeploy, refuseWithoutCodeDeploy } from "./code-deploy/whose.ts";
import { existingRevision, planCreate, planUpdate, type Plan } from "../core/deployment/plan.ts";
import { imagesOf } from "../core/deployment/task-definition.ts";
import type { CommandResult } from "../terminal/command-result.ts";
import { carryOut } from "./rollout/carry-out.ts";
import { fillTemplates, type FilledService } from "./templates/fill-templates.ts";
import type { Job } from "./rollout/job.ts";
import type { ObservedService } from "./rollout/observe.ts";
import { loadTemplates } from "./templates/load-templates.ts";
import { trailOf } from "./rollout/trail-of.ts";
import { runContext, type RunCommand, type RunContext, type RunEdge } from "./run-context.ts";

/**
 * `./deploy create` and `./deploy update`: everything is read, filled, checked and planned for every service before
 * the first write; then each service is brought, and its rollout watched to its end.
 *
 * @throws InvalidInputError, RefusedError or AwsCallError before the first write; after it, what happened is in the
 *   report
 */
export async function deployServices(command: RunCommand, edge: RunEdge): Promise<CommandResult> {
  const context = await runContext(command, edge);
  const templates = await loadTemplates(command, edge.workingFolder);
  const filled = await fillTemplates(command, templates, context);
  const hooks = await Promise.all(
    filled.map(({ name }) => hooksOf(name, command, context, edge.workingFolder)),
  );
  return carryOut(
    filled.map((service, index) => jobOf(service, hooks[index], command, context, edge)),
    command,
    context,
    edge,
  );
}

function jobOf(
  service: FilledService,
  hooks: ServiceHooks | undefined,
  command: RunCommand,
  context: RunContext,
  edge: RunEdge,
): Job {
  const { verb } = command;
  const { name, serviceName, cluster, dependsOn, taskDefinition } = service;
  const images = imagesOf(taskDefinition);
  const trail = trailOf(images, context, edge);
  const planService = async (observed: ObservedService): Promise<Plan> => {
    if (isForCodeDeploy(verb, service, observed)) {
      const { planTemplate } = await import("./code-deploy/plan-template.ts");
      return planTemplate(service, observed, hooks?.hooks ?? [], command, context);
    }
    refuseWithoutCodeDeploy(serviceName, hooks, command);
    return verb === "create"
      ? planCreate(observed, { ...service, service: service.createInput() }, service.updateInput())
      : planUpdate(observed, { ...service, service: service.updateInput() });
  };
  return {
    name,
    serviceName,
    cluster,
    dependsOn,
    ...(taskDefinition.family === undefined ? {} : { family: taskDefinition.family }),
    purpose: `${verb} ${serviceName} to ${images.join(", ")}`,
    plan: async (observed) => {
      const { autoscaling } = service;
      if (autoscaling === undefined) return planService(observed);
      const { withAutoscaling } = await import("./scaling/with-autoscaling.ts");
      const { loadBalancers } = verb === "create" ? service.createInput() : service.updateInput();
      return withAutoscaling(
        // Without a scalable target the count is the template's again.
        await planService(autoscaling.kind === "none" ? { ...observed, countIsAutoscaled: false } : observed),
        autoscaling,
        loadBalancers,
        observed,
        context,
      );
    },
    desiredArn: (observed) => existingRevision(taskDefinition, observed),
    brings: () => taskDefinition,
    images: () => images,
    trail: () => trail,
  };
}
