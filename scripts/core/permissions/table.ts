import { checkWork } from "./checks.ts";
import { codeDeployWork } from "./code-deploy.ts";
import { deployWork } from "./deployment.ts";
import { everydayWork } from "./everyday.ts";
import { registryWork } from "./registry.ts";
import { scalingWork } from "./scaling.ts";
import { stagedWork } from "./staged.ts";

/**
 * What each kind of work that `./deploy` does needs in IAM, by name.
 *
 * The deployer's policy (stacks/deployer-policy.ts) is made from this table, and the plan's steps name their entry in
 * it, so the two cannot drift apart.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
export const permissions = {
  ...deployWork,
  ...everydayWork,
  ...codeDeployWork,
  ...checkWork,
  ...scalingWork,
  ...stagedWork,
  pinImages: registryWork.pinImages,
} as const;

/** A kind of work that has an entry in the table. */
export type Work = keyof typeof permissions;
