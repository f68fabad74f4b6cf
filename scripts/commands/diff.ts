import type { Observed } from "../core/deployment/plan.ts";
import { diffService, type ServiceDiff, type WantedService } from "../core/diff/service-diff.ts";
import { exitCode } from "../core/exit-code.ts";
import type { CommandResult } from "../terminal/command-result.ts";
import { diffText } from "../terminal/diff-text.ts";
import { autoscaledCounts } from "./facts/autoscaled-counts.ts";
import { bothInputs, type BothInputs } from "./templates/both-inputs.ts";
import { keyOf } from "./rollout/job.ts";
import { observe } from "./rollout/observe.ts";
import { runContext, type RunCommand, type RunContext, type RunEdge } from "./run-context.ts";
import { namesImage, runningImageMark, withRunningImage } from "./templates/running-image.ts";
import { autoscalingDifferences, scaledName } from "./scaling/compare.ts";
import type { StagedComparison } from "./staged/compare-with.ts";
import { wholeService } from "./templates/whole-service.ts";

/**
 * `./deploy diff`: what the templates would change against what runs. Nothing is changed, and no lock is taken.
 *
 * Where CONTAINER_VERSION is not set, the image that runs takes its place.
 *
 * @throws InvalidInputError, RefusedError (no such cluster) or AwsCallError
 */
export async function diff(command: RunCommand, edge: RunEdge): Promise<CommandResult> {
  const context = await runContext(command, edge);
  const image = context.known.image ?? runningImageMark;
  const withImage = { ...context, known: { ...context.known, image } };
  const read = await bothInputs(command, withImage, edge.workingFolder);
  const staged = await observeStaged(read, context);
  const inputs = read.map((one, index) => staged[index]?.inputs ?? one);
  const plain = inputs.filter((one) => one.staged === undefined);
  const rolling = await observeAll(plain, context);
  const observations = inputs.map((one, index) => staged[index]?.observed ?? rolling[plain.indexOf(one)]);
  const scaling = await Promise.all(
    inputs.map((one, index) =>
      autoscalingDifferences({ ...one, serviceName: scaledName(one) }, observations[index], context),
    ),
  );
  const services = inputs.map((one, index): ServiceDiff => {
    const observed = observations[index] ?? {};
    const active = observed.service?.status === "ACTIVE" ? observed.currentRevision : undefined;
    const compared = diffService(wanted(withRunningImage(one, active?.taskDefinition)), observed);
    const notes = staged[index]?.notes ?? compared.notes;
    const note = "CONTAINER_VERSION is not set: the image that runs was taken for it.";
    const differences = [...compared.differences, ...(scaling[index] ?? [])];
    return { ...compared, differences, notes: [...notes, ...(namesImage(one) ? [note] : [])] };
  });
  const different = services.some(({ differences }) => differences.length > 0);
  const code = different && command.options.exitCode ? exitCode.refused : exitCode.completed;
  return {
    exitCode: code,
    document: {
      command: command.verb,
      environment: context.environment.name,
      region: context.region,
      exitCode: code,
      different,
      services: services.map(({ service, cluster, revision, differences, notes }) => ({
        service,
        cluster,
        ...(revision === undefined ? {} : { revision }),
        exists: revision !== undefined,
        differences: differences.length,
        notes,
      })),
      differences: services.flatMap(({ service, differences }) =>
        differences.map((difference) => ({ service, ...difference })),
      ),
    },
    text: (paint) => diffText(services, paint),
  };
}

/** Of each input whose deployments are services of their own, what it is compared with, and its templates for that. */
function observeStaged(
  inputs: readonly BothInputs[],
  context: RunContext,
): Promise<readonly (StagedComparison | undefined)[]> {
  return Promise.all(
    inputs.map(async ({ staged }) => {
      if (staged === undefined) return undefined;
      const { compareWith } = await import("./staged/compare-with.ts");
      return compareWith(staged, context);
    }),
  );
}

async function observeAll(inputs: readonly BothInputs[], context: RunContext): Promise<readonly Observed[]> {
  const observations = await observe(
    context.ecs,
    inputs.map(({ serviceName, cluster }) => ({ serviceName, cluster })),
  );
  const counted = inputs.filter(({ update }, index) => {
    const { desiredCount } = update ?? {};
    return desiredCount !== undefined && desiredCount !== observations[index]?.service?.desiredCount;
  });
  const scaled = await autoscaledCounts(counted, context);
  return Promise.all(
    inputs.map(async (one, index): Promise<Observed> => {
      const observed = observations[index] ?? {};
      if (observed.service === undefined) return observed;
      const members = Object.keys(one.update ?? {});
      return {
        ...observed,
        service: await wholeService(observed.service, context, members),
        // Without a scalable target the count is the template's again.
        countIsAutoscaled: scaled.has(keyOf(one)) && one.autoscaling?.kind !== "none",
      };
    }),
  );
}

/** A template of one call alone speaks for the other as well, as far as it goes. */
function wanted({
  serviceName,
  cluster,
  taskDefinition,
  fixedAtCreation,
  create,
  update,
  staged,
}: BothInputs): WantedService {
  return {
    serviceName,
    cluster,
    taskDefinition,
    fixedAtCreation,
    create: create ?? update ?? {},
    update: update ?? staged?.update ?? { service: serviceName },
  };
}
