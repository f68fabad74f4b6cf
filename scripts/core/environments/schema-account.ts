/**
 * Which AWS account an environment is in, and how Terraform gets there.
 *
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs#authentication-and-configuration
 */
import * as z from "zod";

/** An AWS account's id. */
export const accountId = z
  .string()
  .regex(/^\d{12}$/)
  .describe(
    "The AWS account, by the 12 digits of its id. Terraform and ./deploy refuse to work in any other.",
  );

/** Whose credentials Terraform works with. */
export const terraformAccess = z
  .strictObject({
    assumeRole: z
      .string()
      .regex(/^arn:[a-z-]+:iam::\d{12}:role\/[\w+=,.@/-]+$/)
      .optional()
      .describe(
        "The role that Terraform assumes, by its ARN, as in arn:aws:iam::123456789012:role/terraform.",
      ),
    externalId: z
      .string()
      .regex(/^[\w+=,.@:/-]{2,1224}$/)
      .optional()
      .describe("What the role's trust policy asks for as sts:ExternalId."),
    profile: z
      .string()
      .min(1)
      .optional()
      .describe("The profile of the shared AWS configuration that Terraform uses, or assumes the role with."),
  })
  .describe(
    "How Terraform gets into the environment's account, where its surroundings' credentials are for another one. " +
      "./deploy does not use it.",
  );
