type Variables = Readonly<Record<string, string | undefined>>;

/** Who runs this, where and on what, as far as the environment variables say. */
export interface Pipeline {
  /** A person where one is known, else the pipeline's name or `unknown`. */
  readonly actor: string;
  /** The runner or agent, where the pipeline names it. */
  readonly runner?: string;
  readonly commit?: string;
  /** Where the run's log can be read. */
  readonly runUrl?: string;
}

/** One kind of pipeline: how it is known, and the variables it sets, the better one first. */
interface PipelineEntry {
  readonly name: string;
  readonly marker: (variables: Variables) => boolean;
  readonly actor?: readonly string[];
  readonly runner?: readonly string[];
  readonly commit?: readonly string[];
  readonly runUrl: (variables: Variables) => string | undefined;
}

/**
 * The pipelines that are known.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/variables
 * @see https://docs.gitlab.com/ci/variables/predefined_variables/
 * @see https://circleci.com/docs/variables/
 * @see https://buildkite.com/docs/pipelines/configure/environment-variables
 * @see https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables
 * @see https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/
 * @see https://learn.microsoft.com/azure/devops/pipelines/build/variables
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-env-ref-env-vars.html
 * @see https://docs.drone.io/pipeline/environment/reference/
 * @see https://woodpecker-ci.org/docs/usage/environment
 * @see https://www.jetbrains.com/help/teamcity/predefined-build-parameters.html
 */
const pipelines: readonly PipelineEntry[] = [
  {
    name: "GitHub Actions",
    marker: isTrue("GITHUB_ACTIONS"),
    actor: ["GITHUB_TRIGGERING_ACTOR", "GITHUB_ACTOR"],
    runner: ["RUNNER_NAME"],
    commit: ["GITHUB_SHA"],
    runUrl: joined(["GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID"], (server, repository, run) =>
      [server, repository, "actions/runs", run].join("/"),
    ),
  },
  {
    name: "GitLab CI",
    marker: isTrue("GITLAB_CI"),
    actor: ["GITLAB_USER_LOGIN"],
    runner: ["CI_RUNNER_DESCRIPTION"],
    commit: ["CI_COMMIT_SHA"],
    runUrl: first("CI_JOB_URL", "CI_PIPELINE_URL"),
  },
  {
    name: "CircleCI",
    marker: isTrue("CIRCLECI"),
    actor: ["CIRCLE_USERNAME"],
    commit: ["CIRCLE_SHA1"],
    runUrl: first("CIRCLE_BUILD_URL"),
  },
  {
    name: "Buildkite",
    marker: isTrue("BUILDKITE"),
    actor: ["BUILDKITE_UNBLOCKER", "BUILDKITE_BUILD_CREATOR"],
    runner: ["BUILDKITE_AGENT_NAME"],
    commit: ["BUILDKITE_COMMIT"],
    runUrl: first("BUILDKITE_BUILD_URL"),
  },
  {
    name: "TeamCity",
    marker: isSet("TEAMCITY_VERSION"),
    commit: ["BUILD_VCS_NUMBER"],
    runUrl: first("BUILD_URL"),
  },
  {
    name: "Jenkins",
    marker: isSet("JENKINS_URL"),
    actor: ["BUILD_USER_ID", "CHANGE_AUTHOR"],
    runner: ["NODE_NAME"],
    commit: ["GIT_COMMIT"],
    runUrl: first("BUILD_URL"),
  },
  {
    name: "Bitbucket Pipelines",
    marker: isSet("BITBUCKET_BUILD_NUMBER"),
    actor: ["BITBUCKET_STEP_TRIGGERER_UUID"],
    commit: ["BITBUCKET_COMMIT"],
    runUrl: joined(["BITBUCKET_GIT_HTTP_ORIGIN", "BITBUCKET_BUILD_NUMBER"], (repository, build) =>
      [repository, "pipelines/results", build].join("/"),
    ),
  },
  {
    name: "Azure Pipelines",
    marker: isTrue("TF_BUILD"),
    actor: ["BUILD_REQUESTEDFOR"],
    runner: ["AGENT_NAME"],
    commit: ["BUILD_SOURCEVERSION"],
    runUrl: joined(
      ["SYSTEM_COLLECTIONURI", "SYSTEM_TEAMPROJECT", "BUILD_BUILDID"],
      (collection = "", project = "", build = "") =>
        `${collection.replace(/\/$/, "")}/${encodeURIComponent(project)}/_build/results?buildId=${build}`,
    ),
  },
  {
    name: "CodeBuild",
    marker: isSet("CODEBUILD_BUILD_ARN"),
    actor: ["CODEBUILD_INITIATOR"],
    commit: ["CODEBUILD_RESOLVED_SOURCE_VERSION"],
    runUrl: joined(["CODEBUILD_BUILD_ARN"], codeBuildUrl),
  },
  {
    name: "Drone",
    marker: isTrue("DRONE"),
    actor: ["DRONE_BUILD_TRIGGER", "DRONE_COMMIT_AUTHOR"],
    runner: ["DRONE_STAGE_MACHINE"],
    commit: ["DRONE_COMMIT_SHA"],
    runUrl: first("DRONE_BUILD_LINK"),
  },
  {
    name: "Woodpecker",
    marker: ({ CI, CI_SYSTEM_NAME }) => CI === "woodpecker" || CI_SYSTEM_NAME === "woodpecker",
    actor: ["CI_COMMIT_AUTHOR"],
    runner: ["CI_MACHINE"],
    commit: ["CI_COMMIT_SHA"],
    runUrl: first("CI_PIPELINE_URL", "CI_BUILD_LINK"),
  },
];

/** Reads the variables that pipelines set; on a person's machine, who is logged in. Nothing else is asked. */
export function pipelineOf(variables: Variables): Pipeline {
  const found = pipelines.find(({ marker }) => marker(variables));
  if (found === undefined) return { actor: first("USER", "LOGNAME", "USERNAME")(variables) ?? "unknown" };
  const runner = first(...(found.runner ?? []))(variables);
  const commit = first(...(found.commit ?? []))(variables);
  const runUrl = found.runUrl(variables);
  return {
    actor: first(...(found.actor ?? []))(variables) ?? found.name,
    ...(runner === undefined ? {} : { runner }),
    ...(commit === undefined ? {} : { commit }),
    ...(runUrl === undefined ? {} : { runUrl }),
  };
}

/** Who and where, as in `ana@build-7`. */
export function ownerOf({ actor, runner }: Pipeline, hostName: string): string {
  return `${actor}@${runner ?? hostName}`;
}

function isTrue(name: string): (variables: Variables) => boolean {
  return (variables) => variables[name]?.toLowerCase() === "true";
}

function isSet(name: string): (variables: Variables) => boolean {
  return (variables) => (variables[name] ?? "") !== "";
}

function first(...names: readonly string[]): (variables: Variables) => string | undefined {
  return (variables) =>
    names.map((name) => variables[name]?.trim()).find((value) => value !== undefined && value !== "");
}

/** Made of all the variables, or nothing where one is missing. */
function joined(
  names: readonly string[],
  join: (...values: string[]) => string | undefined,
): (variables: Variables) => string | undefined {
  return (variables) => {
    const values = names.map((name) => variables[name] ?? "");
    return values.includes("") ? undefined : join(...values);
  };
}

/** `arn:aws:codebuild:REGION:ACCOUNT:build/PROJECT:ID` is shown in the console of its Region. */
function codeBuildUrl(arn?: string): string | undefined {
  const [, , , region, account, build, id] = arn?.split(":") ?? [];
  const project = build?.replace(/^build\//, "");
  if (region === undefined || account === undefined || project === undefined || id === undefined)
    return undefined;
  return `https://${region}.console.aws.amazon.com/codesuite/codebuild/${account}/projects/${project}/build/${project}:${id}`;
}
