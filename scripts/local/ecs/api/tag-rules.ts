import type { Tag } from "@aws-sdk/client-ecs";

import { invalidParameter, type AwsError } from "./errors.ts";

const mostTags = 50;
const longestKey = 128;
const longestValue = 256;

/**
 * Checks the tags that a resource is to have, by the basic restrictions of tags.
 *
 * @throws AwsError for the first that is broken
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html
 */
export function checkTags(
  tags: readonly Tag[] | undefined,
  refuse: (message: string) => AwsError = invalidParameter,
): void {
  if (!tags) return;
  if (tags.length > mostTags) {
    throw refuse(`The number of tags exceeds the limit. A resource can have up to ${mostTags} tags.`);
  }
  const keys = new Set<string>();
  for (const { key = "", value = "" } of tags) {
    if (key.length < 1 || key.length > longestKey) {
      throw refuse(`Tag keys must be between 1 and ${longestKey} characters in length.`);
    }
    if (value.length > longestValue) {
      throw refuse(`Tag values must be between 0 and ${longestValue} characters in length.`);
    }
    if (/^aws:/i.test(key)) {
      throw refuse("Tag keys beginning with 'aws:' are reserved for AWS use. Change the key and try again.");
    }
    if (!/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(key) || !/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u.test(value)) {
      throw refuse("Tags contain invalid characters.");
    }
    if (keys.has(key)) throw refuse("Duplicate tag keys found. Tag keys must be unique.");
    keys.add(key);
  }
}
