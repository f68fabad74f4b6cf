/**
 * What a repository keeps and for how long.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
import { pinPrefix } from "./pins.ts";

/** One rule, in ECR's own field names. */
export interface LifecycleRule {
  readonly rulePriority: number;
  readonly description: string;
  readonly selection: {
    readonly tagStatus: "tagged" | "untagged";
    readonly tagPatternList?: readonly string[];
    readonly countType: "imageCountMoreThan" | "sinceImagePushed";
    readonly countUnit?: "days";
    readonly countNumber: number;
  };
  readonly action: { readonly type: "expire" };
}

/** More images than ECR lets a repository have (100,000), so that a rule which counts so many expires none. */
const moreThanThereCanBe = 1_000_000;

/**
 * The rules, first come first served: an image that one selects by its tags is none of the later ones' business. Platform
 * images of a multi-platform image have no tag, and ECR keeps them as long as the image that lists them; so the newest
 * are counted among the tagged only.
 */
export function lifecycleRules({
  keepImages,
  untaggedDays,
}: {
  readonly keepImages: number;
  readonly untaggedDays: number;
}): readonly LifecycleRule[] {
  return [
    {
      rulePriority: 1,
      description: "Keep every image that ./deploy has pinned",
      selection: {
        tagStatus: "tagged",
        tagPatternList: [`${pinPrefix}*`],
        countType: "imageCountMoreThan",
        countNumber: moreThanThereCanBe,
      },
      action: { type: "expire" },
    },
    {
      rulePriority: 2,
      description: `Expire untagged images after ${untaggedDays} days`,
      selection: {
        tagStatus: "untagged",
        countType: "sinceImagePushed",
        countUnit: "days",
        countNumber: untaggedDays,
      },
      action: { type: "expire" },
    },
    {
      rulePriority: 3,
      description: `Keep the newest ${keepImages} tagged images`,
      selection: {
        tagStatus: "tagged",
        tagPatternList: ["*"],
        countType: "imageCountMoreThan",
        countNumber: keepImages,
      },
      action: { type: "expire" },
    },
  ];
}
