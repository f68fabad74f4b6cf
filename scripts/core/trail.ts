import type { Tag } from "@aws-sdk/client-ecs";

import { parseImageReference } from "./image-reference.ts";
import { pipelineOf } from "./pipeline.ts";

/** ECS takes at most so many tags on a resource, and so many characters in a value. */
const mostTags = 50;
const longestValue = 256;

/** What a deployment is known by. */
export interface TrailSubject {
  /** Image references of the containers; the first is the version. */
  readonly images: readonly string[];
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly deploymentId: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * The tags that a deployment leaves on its revision and its service: version, commit, who, when, run URL. What the
 * pipeline does not tell is left out. The most important first.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html
 */
export function trailTags({ images, variables, deploymentId, now }: TrailSubject): readonly Tag[] {
  const { actor, commit, runUrl } = pipelineOf(variables);
  const values: readonly (readonly [string, string | undefined])[] = [
    ["slipway:deployment", deploymentId],
    ["slipway:version", versionOf(images[0])],
    ["slipway:deployed-at", new Date(now).toISOString()],
    ["slipway:deployed-by", actor],
    ["slipway:commit", commit],
    ["slipway:run-url", runUrl],
  ];
  return values.flatMap(([key, value]) => (value === undefined ? [] : [{ key, value: tagValue(value) }]));
}

/** What becomes of a resource's tags when the trail is added. */
export interface Trailed {
  readonly tags: readonly Tag[];
  /** Keys of the trail that found no room. */
  readonly dropped: readonly string[];
}

/**
 * Adds the trail to a template's own tags. A tag of its own wins over ours of the same name, and where there is no room
 * for all, the least important of ours are left out.
 */
export function withTrail(own: readonly Tag[] = [], trail: readonly Tag[]): Trailed {
  const named = new Set(own.map(({ key }) => key));
  const wanted = trail.filter(({ key }) => !named.has(key));
  const room = Math.max(0, mostTags - own.length);
  return {
    tags: [...own, ...wanted.slice(0, room)],
    dropped: wanted.slice(room).flatMap(({ key }) => key ?? []),
  };
}

/** The value with what ECS takes in tags alone: other characters become `_`. */
export function tagValue(text: string): string {
  const allowed = Array.from(text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, "_"));
  return (allowed.length <= longestValue ? allowed : [...allowed.slice(0, longestValue - 3), "..."]).join("");
}

/** The tag, else the digest, else what the image is without either. */
export function versionOf(image: string | undefined): string | undefined {
  if (image === undefined) return undefined;
  const parsed = parseImageReference(image);
  return parsed.ok ? (parsed.image.tag ?? parsed.image.digest ?? "latest") : undefined;
}
