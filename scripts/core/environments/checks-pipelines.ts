/**
 * What has to hold between a pipeline and the rest of the file.
 */
import type { Finding } from "./checks.ts";
import { asObject, below, within } from "./parts.ts";
import type { Raw } from "./parts.ts";
import { hostOfProvider, subjectOf } from "./pipelines.ts";
import type { Pipeline } from "./pipelines.ts";
import { existingIdentityProviders, pipeline } from "./schema-pipelines.ts";

/** Checks every pipeline, and the identity providers that are there already; paths are from the file's root. */
export function checkPipelines(file: Raw): Finding[] {
  const known = Object.keys(asObject(file.environments));
  return [
    ...Object.entries(asObject(file.pipelines)).flatMap(([name, raw]) =>
      within(["pipelines", name], pipeline, raw, (parsed) => [
        ...checkEnvironments(parsed, known),
        ...checkRuns(parsed),
      ]),
    ),
    ...within(
      ["existingIdentityProviders"],
      existingIdentityProviders,
      file.existingIdentityProviders,
      checkProviders,
    ),
  ];
}

function checkEnvironments({ environments }: Pipeline, known: readonly string[]): Finding[] {
  return environments.flatMap((name, index): Finding[] => {
    const path = ["environments", index];
    if (!known.includes(name)) {
      const message = `There is no environment "${name}" in this file. There is ${known.join(", ")}.`;
      return [{ path, message }];
    }
    return environments.indexOf(name) < index
      ? [{ path, message: `"${name}" stands twice. Name each environment once.` }]
      : [];
  });
}

function checkRuns(parsed: Pipeline): Finding[] {
  const subjects = parsed.runs.map((run) => subjectOf(parsed, run));
  return parsed.runs.flatMap((run, index): Finding[] => {
    const fields = Object.keys(run);
    const at = (message: string): Finding[] => below(["runs", index], [{ path: [], message }]);
    if (fields.length !== 1) {
      const given = fields.length === 0 ? "no field" : fields.join(" and ");
      return at(
        `The run has ${given}. Give it one of environment, branch, tag or subject; several runs may be listed.`,
      );
    }
    if (parsed.by === "gitlab" && run.environment !== undefined) {
      return at(
        "GitLab's tokens name a branch or a tag in their subject, and no environment. Give the run a branch or a tag, " +
          "or the whole subject.",
      );
    }
    return subjects.indexOf(subjects[index]) < index
      ? at(`The run stands twice: both are ${subjects[index] ?? ""}. Remove one.`)
      : [];
  });
}

function checkProviders(providers: readonly string[]): Finding[] {
  const hosts = providers.map(hostOfProvider);
  return hosts.flatMap((host, index): Finding[] =>
    hosts.indexOf(host) < index
      ? [{ path: [index], message: `IAM has one provider for ${host}, which stands here twice. Remove one.` }]
      : [],
  );
}
