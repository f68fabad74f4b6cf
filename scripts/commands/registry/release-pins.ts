import { imagesOf } from "../../core/deployment/task-definition.ts";
import { AwsCallError } from "../../core/errors.ts";
import type { EcrImage } from "../../core/ports/ecr.ts";
import { imagesInRegistry, pinsOf } from "../../core/registry/pins.ts";
import { pinsToRelease } from "../../core/registry/release.ts";
import type { PinsReport } from "../../terminal/revisions-text.ts";
import type { RunContext } from "../run-context.ts";
import { holderOf } from "./holder.ts";

/** Whose pins are looked through, and what they must be kept for. */
export interface PinOwner {
  readonly serviceName: string;
  readonly cluster: string;
  /** ARNs of every revision that stays: active ones, those in use and those that a rollback needs. */
  readonly staying: readonly string[];
}

/**
 * Takes the pins of a service away from images that none of its revisions names, in the repositories that these name.
 * The service's lock is held: a deployment at the same moment could count on a pin that is about to go.
 *
 * @returns undefined where a revision can't be read, so that nothing is taken for unneeded
 * @throws AwsCallError also when ECR refuses, which takes the keeper's policy and not the deployer's
 */
export async function releasePins(
  { serviceName, cluster, staying }: PinOwner,
  { dryRun }: { readonly dryRun: boolean },
  context: RunContext,
): Promise<PinsReport | undefined> {
  const { registry } = context.environment;
  if (registry === undefined) return undefined;
  const [{ taskDefinitionsPort }, { ecrPinsPort }] = await Promise.all([
    import("../../aws/task-definitions.ts"),
    import("../../aws/ecr-pins.ts"),
  ]);
  const revisions = await context.connect(taskDefinitionsPort).describe(staying);
  if (revisions.length < staying.length) {
    const message = `Pins of ${serviceName} stay: not all of its revisions can be read.`;
    context.emit({ type: "warning", service: serviceName, message });
    return undefined;
  }
  const images = imagesInRegistry(
    revisions.flatMap(({ taskDefinition }) => imagesOf(taskDefinition)),
    registry,
  );
  const port = context.connect(ecrPinsPort);
  const start = pinsOf(holderOf({ serviceName, cluster }, context));
  const released: string[] = [];
  const lastTags: string[] = [];
  try {
    for (const needed of byRepository(images)) {
      const [repository] = needed;
      const pins = pinsToRelease(await port.tagged(repository), start, needed);
      lastTags.push(...pins.lastTags);
      released.push(...(dryRun ? pins.release : await port.untag(repository, pins.release)));
    }
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    const message = `Pins of ${serviceName} could not be released. ${error.message}\nThat takes the policy in output registry-keeper-policy-arn besides the deployer's; ${released.length} pins were released before.`;
    throw new AwsCallError(error.code, message, { cause: error });
  }
  return { released, lastTags };
}

function byRepository(images: readonly EcrImage[]): readonly (readonly [EcrImage, ...EcrImage[]])[] {
  const groups = new Map<string, [EcrImage, ...EcrImage[]]>();
  for (const image of images) {
    const key = `${image.registryId} ${image.repository}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [image]);
    else group.push(image);
  }
  return [...groups.values()];
}
