import type { ObservedApplication } from "../../core/staged/model.ts";
import type { RunContext } from "../run-context.ts";

/**
 * Pins the images of a deployment in the application's name, which all its deployments have in common. What else stands
 * was pinned when it was staged.
 *
 * @throws AwsCallError when a new image cannot be pinned, unless `force`; nothing was changed
 */
export async function pinStaged(
  images: readonly string[],
  { application, cluster }: ObservedApplication,
  context: RunContext,
  { force, isNew }: { readonly force: boolean; readonly isNew: boolean },
): Promise<void> {
  if (context.environment.registry === undefined) return;
  const { pinImages } = await import("../registry/pin-images.ts");
  const subject = { serviceName: application, cluster, brings: images, running: [], isNew };
  await pinImages([subject], { force }, context);
}
