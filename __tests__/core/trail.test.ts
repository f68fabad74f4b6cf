import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { ownerOf, pipelineOf } from "../../scripts/core/pipeline.ts";
import { tagValue, trailTags, withTrail } from "../../scripts/core/trail.ts";

const subject = {
  images: ["app:1.4"],
  variables: {},
  deploymentId: "0abc",
  now: Date.UTC(2026, 0, 2, 3, 4, 5),
};

function trailOf(changes: Partial<typeof subject>): Record<string, string | undefined> {
  return Object.fromEntries(trailTags({ ...subject, ...changes }).map(({ key = "", value }) => [key, value]));
}

const pipelines: readonly (readonly [string, Record<string, string>, ReturnType<typeof pipelineOf>])[] = [
  [
    "GitHub Actions",
    {
      GITHUB_ACTIONS: "true",
      GITHUB_ACTOR: "ana",
      GITHUB_TRIGGERING_ACTOR: "bo",
      GITHUB_SHA: "c0ffee",
      GITHUB_SERVER_URL: "https://github.com",
      GITHUB_REPOSITORY: "team/app",
      GITHUB_RUN_ID: "42",
      RUNNER_NAME: "build-7",
    },
    {
      actor: "bo",
      commit: "c0ffee",
      runUrl: "https://github.com/team/app/actions/runs/42",
      runner: "build-7",
    },
  ],
  [
    "GitLab CI",
    {
      GITLAB_CI: "true",
      GITLAB_USER_LOGIN: "ana",
      CI_COMMIT_SHA: "c0ffee",
      CI_JOB_URL: "https://gitlab.com/team/app/-/jobs/42",
      CI_RUNNER_DESCRIPTION: "runner 3",
    },
    { actor: "ana", commit: "c0ffee", runUrl: "https://gitlab.com/team/app/-/jobs/42", runner: "runner 3" },
  ],
  [
    "CircleCI",
    {
      CIRCLECI: "true",
      CIRCLE_USERNAME: "ana",
      CIRCLE_SHA1: "c0ffee",
      CIRCLE_BUILD_URL: "https://circleci.com/gh/a/b/1",
    },
    { actor: "ana", commit: "c0ffee", runUrl: "https://circleci.com/gh/a/b/1" },
  ],
  [
    "Buildkite",
    {
      BUILDKITE: "true",
      BUILDKITE_BUILD_CREATOR: "Ana B",
      BUILDKITE_COMMIT: "c0ffee",
      BUILDKITE_BUILD_URL: "https://buildkite.com/a/b/builds/1",
      BUILDKITE_AGENT_NAME: "agent-1",
    },
    { actor: "Ana B", commit: "c0ffee", runUrl: "https://buildkite.com/a/b/builds/1", runner: "agent-1" },
  ],
  [
    "Jenkins without the plugin that tells the user",
    {
      JENKINS_URL: "https://ci/",
      GIT_COMMIT: "c0ffee",
      BUILD_URL: "https://ci/job/app/1/",
      NODE_NAME: "node",
    },
    { actor: "Jenkins", commit: "c0ffee", runUrl: "https://ci/job/app/1/", runner: "node" },
  ],
  [
    "Bitbucket Pipelines",
    {
      BITBUCKET_BUILD_NUMBER: "7",
      BITBUCKET_COMMIT: "c0ffee",
      BITBUCKET_GIT_HTTP_ORIGIN: "https://bitbucket.org/team/app",
      BITBUCKET_STEP_TRIGGERER_UUID: "{1-2}",
    },
    { actor: "{1-2}", commit: "c0ffee", runUrl: "https://bitbucket.org/team/app/pipelines/results/7" },
  ],
  [
    "Azure Pipelines",
    {
      TF_BUILD: "True",
      BUILD_REQUESTEDFOR: "Ana",
      BUILD_SOURCEVERSION: "c0ffee",
      SYSTEM_COLLECTIONURI: "https://dev.azure.com/team/",
      SYSTEM_TEAMPROJECT: "my app",
      BUILD_BUILDID: "9",
      AGENT_NAME: "agent",
    },
    {
      actor: "Ana",
      commit: "c0ffee",
      runUrl: "https://dev.azure.com/team/my%20app/_build/results?buildId=9",
      runner: "agent",
    },
  ],
  [
    "CodeBuild",
    {
      CODEBUILD_BUILD_ARN: "arn:aws:codebuild:eu-west-1:111122223333:build/app:d1c2",
      CODEBUILD_INITIATOR: "codepipeline/app",
      CODEBUILD_RESOLVED_SOURCE_VERSION: "c0ffee",
    },
    {
      actor: "codepipeline/app",
      commit: "c0ffee",
      runUrl:
        "https://eu-west-1.console.aws.amazon.com/codesuite/codebuild/111122223333/projects/app/build/app:d1c2",
    },
  ],
  [
    "Drone",
    {
      DRONE: "true",
      DRONE_BUILD_TRIGGER: "ana",
      DRONE_COMMIT_SHA: "c0ffee",
      DRONE_BUILD_LINK: "https://drone/a/b/1",
    },
    { actor: "ana", commit: "c0ffee", runUrl: "https://drone/a/b/1" },
  ],
  [
    "Woodpecker",
    { CI: "woodpecker", CI_COMMIT_AUTHOR: "ana", CI_COMMIT_SHA: "c0ffee", CI_PIPELINE_URL: "https://wp/1" },
    { actor: "ana", commit: "c0ffee", runUrl: "https://wp/1" },
  ],
  [
    "TeamCity, which sets variables of Jenkins's names",
    {
      TEAMCITY_VERSION: "2025.1",
      BUILD_VCS_NUMBER: "c0ffee",
      BUILD_URL: "https://tc/build/1",
      USER: "agent",
    },
    { actor: "TeamCity", commit: "c0ffee", runUrl: "https://tc/build/1" },
  ],
  ["a person's machine", { USER: "ana", CI_COMMIT_SHA: "none of ours" }, { actor: "ana" }],
  ["nobody at all", {}, { actor: "unknown" }],
];

describe("who runs it, where and on what", () => {
  test.each(pipelines)("is read from the variables of %s", (_name, variables, expected) => {
    expect(pipelineOf(variables)).toEqual(expected);
  });

  test("is left out where a part of the address is missing or empty", () => {
    const variables = { ...pipelines[0]?.[1], GITHUB_RUN_ID: "", GITHUB_ACTOR: "", GITHUB_SHA: " " };
    expect(pipelineOf(variables)).toEqual({ actor: "bo", runner: "build-7" });
  });

  test("names the runner before the host", () => {
    expect(ownerOf({ actor: "ana", runner: "build-7" }, "vm")).toBe("ana@build-7");
    expect(ownerOf({ actor: "ana" }, "vm")).toBe("ana@vm");
  });
});

describe("the trail", () => {
  test("tells version, commit, who, when and where, the deployment first", () => {
    expect(trailTags({ ...subject, variables: pipelines[0]?.[1] ?? {} })).toEqual([
      { key: "slipway:deployment", value: "0abc" },
      { key: "slipway:version", value: "1.4" },
      { key: "slipway:deployed-at", value: "2026-01-02T03:04:05.000Z" },
      { key: "slipway:deployed-by", value: "bo" },
      { key: "slipway:commit", value: "c0ffee" },
      { key: "slipway:run-url", value: "https://github.com/team/app/actions/runs/42" },
    ]);
  });

  const digest = `sha256:${"0".repeat(64)}`;
  test.each([
    [[`registry:5000/app:1.4@${digest}`, "side:9"], "1.4"],
    [[`registry:5000/app@${digest}`], digest],
    [["registry:5000/app"], "latest"],
    [[], undefined],
  ])("calls the version of %j %s", (images, version) => {
    expect(trailOf({ images })["slipway:version"]).toBe(version);
  });

  test("has no value that ECS refuses, whatever the pipeline says", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 600 }), (text) => {
        const value = tagValue(text);
        expect(value).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u);
        expect(Array.from(value).length).toBeLessThanOrEqual(256);
      }),
    );
  });

  test("never takes the place of a template's own tag, and gives way where there are too many", () => {
    const own = Array.from({ length: 47 }, (_, index) => ({ key: `own-${index}`, value: "x" }));
    const mine = { key: "slipway:version", value: "mine" };
    const trail = trailTags({ ...subject, variables: pipelines[0]?.[1] ?? {} });
    const { tags, dropped } = withTrail([...own, mine], trail);
    expect(tags).toHaveLength(50);
    expect(tags.filter(({ key }) => key === "slipway:version")).toEqual([mine]);
    expect(tags.slice(48).map(({ key }) => key)).toEqual(["slipway:deployment", "slipway:deployed-at"]);
    expect(dropped).toEqual(["slipway:deployed-by", "slipway:commit", "slipway:run-url"]);
  });
});
