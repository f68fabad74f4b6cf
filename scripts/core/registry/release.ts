/**
 * Which pins may go.
 */
import type { EcrImage } from "../ports/ecr.ts";
import type { TaggedImage } from "../ports/ecr-pins.ts";
import { pinPrefix } from "./pins.ts";

/** Pins of one repository. */
export interface ReleasedPins {
  readonly release: readonly string[];
  /** Pins that nobody needs, and that are an image's last tag: ECR would delete the image at once. */
  readonly lastTags: readonly string[];
}

/**
 * Pins of one holder on images that none of its revisions names. An image that has no tag but pins keeps the last one:
 * ECR deletes an image with its last tag.
 *
 * @param images every tagged image of a repository
 * @param start what all pins of the holder begin with
 * @param needed images of the same repository that the holder's revisions name, by tag or digest
 */
export function pinsToRelease(
  images: readonly TaggedImage[],
  start: string,
  needed: readonly EcrImage[],
): ReleasedPins {
  const digests = new Set(needed.flatMap(({ digest }) => digest ?? []));
  const names = new Set(needed.flatMap(({ tag, digest }) => (digest === undefined ? [tag ?? "latest"] : [])));
  const unneeded = images.filter(
    ({ digest, tags }) => !digests.has(digest) && !tags.some((tag) => names.has(tag)),
  );
  const pinsOfHolder = unneeded.flatMap(({ tags }) =>
    tags
      .filter((tag) => tag.startsWith(start))
      .map((pin) => ({ pin, isLast: tags.every((tag) => tag.startsWith(pinPrefix)) })),
  );
  return {
    release: pinsOfHolder.flatMap(({ pin, isLast }) => (isLast ? [] : [pin])),
    lastTags: pinsOfHolder.flatMap(({ pin, isLast }) => (isLast ? [pin] : [])),
  };
}
