import type { LifecycleRule } from "../../scripts/core/registry/lifecycle.ts";

/** An image as ECR sees it. */
export interface StoredImage {
  readonly name: string;
  readonly tags: readonly string[];
  readonly pushedDaysAgo: number;
  /** Names of the images that it lists, where it is an image for several platforms. */
  readonly lists?: readonly string[];
}

/**
 * Which images a lifecycle policy expires, as ECR's documentation has it: every rule looks at all images as if none had
 * been expired; then, by priority, each takes the images that no rule before it has selected by their tags. Counting goes
 * by the time of the push, the newest first. What a list of platforms refers to stays as long as the list does.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 */
export function expiredBy(rules: readonly LifecycleRule[], images: readonly StoredImage[]): string[] {
  const newestFirst = images.toSorted((one, other) => one.pushedDaysAgo - other.pushedDaysAgo);
  const spokenFor = new Set<StoredImage>();
  const marked = new Set<string>();
  for (const rule of rules.toSorted((one, other) => one.rulePriority - other.rulePriority)) {
    const selected = newestFirst.filter((image) => selects(rule, image));
    const { countType, countNumber } = rule.selection;
    const tooMany =
      countType === "imageCountMoreThan"
        ? selected.slice(countNumber)
        : selected.filter(({ pushedDaysAgo }) => pushedDaysAgo > countNumber);
    for (const image of tooMany) if (!spokenFor.has(image)) marked.add(image.name);
    for (const image of selected) spokenFor.add(image);
  }
  const listed = new Set(
    images.filter(({ name }) => !marked.has(name)).flatMap(({ lists = [] }) => [...lists]),
  );
  return images.flatMap(({ name }) => (marked.has(name) && !listed.has(name) ? [name] : []));
}

function selects({ selection }: LifecycleRule, { tags }: StoredImage): boolean {
  if (selection.tagStatus === "untagged") return tags.length === 0;
  const patterns = (selection.tagPatternList ?? []).map(
    (pattern) =>
      new RegExp(
        `^${pattern
          .split("*")
          .map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
          .join(".*")}$`,
      ),
  );
  // An image has to have a tag for each of the patterns.
  return tags.length > 0 && patterns.every((pattern) => tags.some((tag) => pattern.test(tag)));
}
