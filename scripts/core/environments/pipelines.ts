/**
 * What a pipeline's tokens say of it.
 */
import type * as z from "zod";
import type { pipeline } from "./schema-pipelines.ts";

type DeepReadonly<T> = T extends object ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> } : T;

/** A pipeline as the file has it, with its defaults. */
export type Pipeline = DeepReadonly<z.output<typeof pipeline>>;

/** One kind of run that may assume a pipeline's role. */
type Run = Pipeline["runs"][number];

/** The host that signs a pipeline's tokens, which names the identity provider in IAM. */
export function issuerOf({ by, issuer }: Pipeline): string {
  return issuer ?? (by === "github" ? "token.actions.githubusercontent.com" : "gitlab.com");
}

/** The audience for which a pipeline's tokens are made. */
export function audienceOf(pipeline: Pipeline): string {
  return (
    pipeline.audience ?? (pipeline.by === "github" ? "sts.amazonaws.com" : `https://${issuerOf(pipeline)}`)
  );
}

/**
 * The exact subjects of the tokens that may assume a pipeline's role.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc
 * @see https://docs.gitlab.com/ci/secrets/id_token_authentication/
 */
export function subjectsOf(pipeline: Pipeline): string[] {
  return pipeline.runs.flatMap((run) => subjectOf(pipeline, run) ?? []);
}

/** The subject of one kind of run; undefined for one that the checks refuse. */
export function subjectOf(
  pipeline: Pipeline,
  { environment, branch, tag, subject }: Run,
): string | undefined {
  if (subject !== undefined) return subject;
  if (pipeline.by === "gitlab") {
    const [type, ref] = branch === undefined ? ["tag", tag] : ["branch", branch];
    return ref === undefined ? undefined : `project_path:${pipeline.project}:ref_type:${type}:ref:${ref}`;
  }
  const of = (rest: string): string => `repo:${pipeline.repository}:${rest}`;
  // A colon in an environment's name would end it in the subject.
  if (environment !== undefined) return of(`environment:${environment.replaceAll(":", "%3A")}`);
  if (branch !== undefined) return of(`ref:refs/heads/${branch}`);
  return tag === undefined ? undefined : of(`ref:refs/tags/${tag}`);
}

/** The host of an identity provider that is given by its ARN or by that very host. */
export function hostOfProvider(given: string): string {
  return given.replace(/^arn:[^/]*:oidc-provider\//, "");
}
