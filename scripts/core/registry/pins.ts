/**
 * Pins: tags that keep images which are deployed from expiring. ECR's lifecycle rules know nothing of ECS, but an image
 * that matches the tags of one rule is never touched by a later one.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
import { createHash } from "node:crypto";

import { boundedName } from "../naming.ts";
import type { EcrImage } from "../ports/ecr.ts";
import { ecrImage } from "../verify/check-images.ts";
import type { Registry } from "./registry.ts";

/** What every pin begins with. The first rule of the lifecycle policy matches it. */
export const pinPrefix = "slipway-live.";

const longestService = 50;
const hexDigits = 16;

/** Who runs an image. */
export interface PinHolder {
  readonly environment: string;
  /** The cluster and the Region, where they are not the environment's own. */
  readonly elsewhere?: string;
  /** The service, or the application whose every deployment is a service. */
  readonly service: string;
}

/**
 * What all pins of one holder begin with: `slipway-live.<environment>.<service>.`. No environment and no service has a
 * dot, so that no holder's pins begin with another's.
 */
export function pinsOf({ environment, elsewhere, service }: PinHolder): string {
  const place = elsewhere === undefined ? environment : `${environment}_${short(elsewhere, 7)}`;
  return `${pinPrefix}${place}.${boundedName([service], longestService)}.`;
}

/**
 * The tag that pins an image for its holder. It follows from the image's digest, so that a tag which can't be moved is
 * never in the way, and pinning twice is pinning once. At most 128 characters.
 *
 * @param digest `sha256:…`
 */
export function pinTag(holder: PinHolder, digest: string): string {
  return `${pinsOf(holder)}${digest.slice(digest.indexOf(":") + 1).slice(0, hexDigits)}`;
}

/** Images that are in a registry's repositories, each once, of those that a task definition names. */
export function imagesInRegistry(
  references: readonly string[],
  { region, repositories }: Registry,
): EcrImage[] {
  const names = new Set(repositories.map(({ name }) => name));
  return [...new Set(references)].flatMap((reference) => {
    const image = ecrImage(reference);
    return image?.region === region && names.has(image.repository) ? [image] : [];
  });
}

function short(text: string, length: number): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}
