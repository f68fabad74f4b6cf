/**
 * Pipelines that deploy with a role of their own, which they assume with the token of their CI and no key.
 */
import * as z from "zod";

/** A part of a token's subject. `*` and `?` would match others' tokens, and `$` begins a variable of IAM's. */
const exact = z.string().regex(/^[^*?$\s]([^*?$\n]{0,253}[^*?$\s])?$/);

const anywhere = "To the letter: no '*', '?' or '$'.";

/** One kind of run that may assume the role. Which field it has is checked in checks-pipelines.ts. */
const run = z
  .strictObject({
    environment: exact
      .optional()
      .describe(`Jobs of this GitHub environment, whose protection rules then guard the role. ${anywhere}`),
    branch: exact.optional().describe(`Runs of this branch, as in main. ${anywhere}`),
    tag: exact.optional().describe(`Runs of this tag, as in v1.2.0. ${anywhere}`),
    subject: exact
      .optional()
      .describe(`The token's whole subject ("sub"), where yours are made otherwise. ${anywhere}`),
  })
  .describe("One of environment, branch, tag or subject.");

const common = {
  issuer: z
    .string()
    .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}(\/[A-Za-z0-9._-]+)*$/)
    .optional()
    .describe(
      "Who signs the tokens, a host without https://, where you run it yourself. Default: " +
        "token.actions.githubusercontent.com, or gitlab.com.",
    ),
  audience: exact
    .optional()
    .describe(
      `The audience ("aud") that the pipeline asks for. Default: sts.amazonaws.com, or GitLab's own address, as in ` +
        `https://gitlab.com. ${anywhere}`,
    ),
  runs: z.array(run).min(1).max(20).describe("The runs that may assume the role; nobody else may."),
  environments: z
    .array(z.string())
    .min(1)
    .describe("The environments that it may deploy to: the role gets their policies and no other."),
  pushesTo: z
    .array(z.string().regex(/^(?=.{2,256}$)[a-z0-9]+([._/-]+[a-z0-9]+)*$/))
    .max(20)
    .default([])
    .describe("Repositories of ECR, in the regions of its environments, that it may push images to."),
  sessionMinutes: z
    .int()
    .min(60)
    .max(720)
    .default(60)
    .describe("How long its credentials may last at most: 60 to 720 minutes."),
};

const github = z
  .strictObject({
    by: z.literal("github"),
    repository: z
      .string()
      .regex(/^[\w.-]+(@\d+)?\/[\w.-]+(@\d+)?$/)
      .describe(
        "owner/name, to the letter; owner@<id>/name@<id> where the repository has immutable subjects.",
      ),
    ...common,
  })
  .describe("A pipeline of GitHub Actions.");

const gitlab = z
  .strictObject({
    by: z.literal("gitlab"),
    project: z
      .string()
      .regex(/^[\w.-]+(\/[\w.-]+)+$/)
      .describe("group/project, with subgroups if any, to the letter."),
    ...common,
  })
  .describe("A pipeline of GitLab CI.");

/** One pipeline. */
export const pipeline = z.discriminatedUnion("by", [github, gitlab]);

/** Pipelines by name. */
export const pipelines = z
  .record(z.string().regex(/^[a-z][a-z0-9-]{0,31}$/), pipeline)
  .default({})
  .describe(
    "Pipelines that deploy, by name: lower-case letters, digits and hyphens, at most 32 characters. Each gets a role.",
  );

/** Providers that an account has already. */
export const existingIdentityProviders = z
  .array(
    z.string().regex(/^(arn:aws[a-z-]*:iam::\d{12}:oidc-provider\/)?[a-z0-9.-]+\.[a-z]{2,63}(\/[\w.-]+)*$/),
  )
  .default([])
  .describe(
    "Identity providers that IAM has already, by ARN or by host, as in token.actions.githubusercontent.com: an " +
      "account takes one a host. The others that pipelines need are made.",
  );
