import type { Permission } from "./permission.ts";

/** What IAM has to allow for keeping images that are deployed. */
export const registryWork = {
  /** PutImage alone uploads nothing: it gives an image that is there another tag. */
  pinImages: [{ actions: ["ecr:BatchGetImage", "ecr:PutImage"], scope: "registry" }],
  /** In no deployer's policy, since IAM can't tell a tag that is taken away from an image that is deleted. */
  releasePins: [{ actions: ["ecr:DescribeImages", "ecr:BatchDeleteImage"], scope: "registryKeeper" }],
} as const satisfies Record<string, readonly Permission[]>;
