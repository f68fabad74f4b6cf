import { describe, expect, test } from "@jest/globals";

import type { CompatCommand } from "../../scripts/core/compat/command.ts";
import { parseCompat } from "../../scripts/core/compat/parse.ts";
import { isCompatLine } from "../../scripts/core/compat/tokenize.ts";
import { CompatUsageError } from "../../scripts/core/compat/usage-error.ts";

function read(line: string, variables: Readonly<Record<string, string>> = {}): CompatCommand {
  const parsed = parseCompat(words(line), variables);
  if (parsed.kind !== "compat") throw new Error(`expected a command, got ${parsed.kind}`);
  return parsed;
}

function words(line: string): string[] {
  return line.split(" ").map((word) => (word === "''" ? "" : word));
}

function imageOf(line: string, variables: Readonly<Record<string, string>> = {}): unknown {
  const { work } = read(line, variables);
  return "change" in work ? work.change.to : undefined;
}

function refusal(line: string, variables: Readonly<Record<string, string>> = {}): CompatUsageError {
  try {
    read(line, variables);
  } catch (error) {
    if (error instanceof CompatUsageError) return error;
    throw error;
  }
  throw new Error(`not refused: ${line}`);
}

const digest = `sha256:${"a".repeat(64)}`;

describe("a command line is of ecs-deploy's form", () => {
  test.each([
    "-c prod -n web -i app:2",
    "--cluster prod --service-name web --image app",
    "--timeout 60 -c prod -n update -i app",
    "-to v2 -c prod",
    "--service-name=web",
    "'' -c prod",
    "--image",
  ])("%s", (line) => {
    expect(isCompatLine(words(line))).toBe(true);
  });

  test.each([
    "update web",
    "--cluster prod update web",
    "--timeout 5m update",
    "--version",
    "-h",
    "--cluster prod",
    "-c prod update web",
    "update web -i app",
    "",
  ])("and not: %s", (line) => {
    expect(isCompatLine(words(line))).toBe(false);
  });
});

describe("what ecs-deploy's command line asks for", () => {
  test("a service, with ecs-deploy's defaults: 90 seconds, no rollback, the running revision as the base", () => {
    expect(read("-c prod -n web -i team/app:2")).toEqual({
      kind: "compat",
      work: {
        kind: "deploy",
        cluster: "prod",
        service: "web",
        rollback: false,
        waitForOldTasks: true,
        change: {
          to: { kind: "image", image: { repository: "team/app", tag: "2" } },
          newest: false,
          copyTags: false,
        },
      },
      account: {},
      timeoutMs: 90_000,
      dryRun: false,
      force: false,
      waitForLock: false,
      output: "text",
      events: false,
      color: true,
      quiet: false,
      verbose: false,
      warnings: [],
    });
  });

  test("with every option of a service", () => {
    const line =
      "-k AKIA -s secret -r eu-west-1 -p ops -a arn:aws:iam::123456789012:role/x -c prod -n web -i app -D 0 -m 50 -M 150 -t 240 " +
      "--max-definitions 5 --task-definition-file td.json --enable-rollback --use-latest-task-def " +
      "--skip-deployments-check --copy-task-definition-tags -v";
    expect(read(line)).toMatchObject({
      account: {
        keys: { accessKeyId: "AKIA", secretAccessKey: "secret" },
        region: "eu-west-1",
        profile: "ops",
        assumeRole: "arn:aws:iam::123456789012:role/x",
      },
      timeoutMs: 240_000,
      verbose: true,
      work: {
        kind: "deploy",
        desiredCount: 0,
        minimumHealthyPercent: 50,
        maximumPercent: 150,
        keepRevisions: 5,
        rollback: true,
        waitForOldTasks: false,
        change: { file: "td.json", newest: true, copyTags: true },
      },
    });
  });

  test("a cluster by its ARN is the one of that name", () => {
    const { work } = read("-c arn:aws:ecs:eu-west-1:123456789012:cluster/prod -n web -i app");
    expect(work).toMatchObject({ cluster: "prod" });
  });

  test("a service by its ARN is the one of that name, as the AWS CLI takes it", () => {
    const { work } = read("-c p -n arn:aws:ecs:eu-west-1:123456789012:service/p/web -i app");
    expect(work).toMatchObject({ service: "web" });
  });

  test("a task definition alone, or one task of it", () => {
    expect(read("-d web:3 -i app").work).toMatchObject({ kind: "register", taskDefinition: "web:3" });
    const network = "awsvpcConfiguration={subnets=[a,b],assignPublicIp=DISABLED}";
    const task = `--run-task --launch-type FARGATE --platform-version 1.4.0 --network-configuration ${network} --wait-for-success`;
    expect(read(`-c prod -d web -i app ${task}`).work).toMatchObject({
      kind: "runTask",
      cluster: "prod",
      launchType: "FARGATE",
      platformVersion: "1.4.0",
      networkConfiguration: { awsvpcConfiguration: { subnets: ["a", "b"], assignPublicIp: "DISABLED" } },
      waitForSuccess: true,
    });
  });

  test("a network configuration in JSON too", () => {
    const json = '{"awsvpcConfiguration":{"subnets":["a"]}}';
    expect(read(`-c prod -d web -i app --run-task --network-configuration ${json}`).work).toMatchObject({
      networkConfiguration: { awsvpcConfiguration: { subnets: ["a"] } },
    });
  });

  test("new tasks of the running revision, for which no image is needed", () => {
    expect(read("-c prod -n web --force-new-deployment")).toMatchObject({
      work: { kind: "restart" },
      warnings: [],
    });
  });

  test("options that have no part in it are named", () => {
    const { warnings } = read("-c prod -n web -i app:2 -D 2 --force-new-deployment --run-task");
    expect(warnings).toEqual([
      "Not used, as in ecs-deploy: --run-task. A task is run of a task definition (-d), and -n names a service.",
      "Not used, as in ecs-deploy: --image, --desired-count. --force-new-deployment starts new tasks of the running revision and registers none.",
    ]);
  });

  test("empty arguments are skipped and the last of several counts, as pipelines rely on", () => {
    expect(read("'' -c prod '' -n one -n two -i app --max-definitions ''").work).toMatchObject({
      service: "two",
    });
  });

  test("Slipway's own --dry-run and --output go with it, also with an equals sign", () => {
    expect(read("-c prod -n web --image=app --dry-run --output=json")).toMatchObject({
      dryRun: true,
      output: "json",
    });
  });

  test("--max-definitions 0 keeps all, as a negative number does", () => {
    expect(read("-c p -n w -i a --max-definitions -1").work).not.toHaveProperty("keepRevisions");
    expect(read("-c p -n w -i a --max-definitions 0").work).not.toHaveProperty("keepRevisions");
  });
});

describe("the image", () => {
  test.each([
    ["-i app", { repository: "app", tag: "latest" }],
    ["-i app:2", { repository: "app", tag: "2" }],
    ["-i registry:5000/team/app", { registry: "registry:5000", repository: "team/app", tag: "latest" }],
    [`-i app@${digest}`, { repository: "app", digest }],
    ["-i app -e TAG", { repository: "app", tag: "7" }],
    [`-i app@${digest} -e TAG`, { repository: "app", tag: "7" }],
    [`-i app@${digest} -e EMPTY`, { repository: "app", digest }],
    ["-i app -e EMPTY", { repository: "app", tag: "latest" }],
    ["-i app:2 -e TAG", { repository: "app", tag: "2" }],
  ])("%s", (line, image) => {
    expect(imageOf(`-c p -n w ${line}`, { TAG: "7", EMPTY: "" })).toEqual({ kind: "image", image });
  });

  test("gives way to --tag-only, of all containers or of some", () => {
    expect(imageOf("-c p -n w -to 7 -i ignore")).toEqual({ kind: "tag", tag: "7" });
    expect(imageOf("-c p -n w -to 7")).toEqual({ kind: "tag", tag: "7" });
    expect(imageOf("-c p -n w -to 7 -toc app,side")).toEqual({
      kind: "tag",
      tag: "7",
      containers: ["app", "side"],
    });
  });

  test("whose tag the variable does not decide is said to have one", () => {
    expect(read("-c p -n w -i app:2 -e TAG", { TAG: "7" }).warnings).toEqual([
      "Not used, as in ecs-deploy: --tag-env-var TAG. The image has the tag 2.",
    ]);
  });
});

describe("refused with ecs-deploy's own exit code", () => {
  test.each([
    [3, "-c p -n w -i app --unknown", "ecs-deploy has no option --unknown."],
    [3, "-c p -n w -i app -z", "ecs-deploy has no option -z. See"],
    [3, "-c p -n w -i app --tag-onyl 2", "Did you mean --tag-only?"],
    [3, "-c p -n w -i", "-i needs a value: -i <image>."],
    [3, "-c p -n -i app", "-n needs a value: -n <name>."],
    [3, "-c p -n w -i app stray", '"stray" stands where an option should.'],
    [3, "-c p -n w -i app --enable-rollback=yes", '--enable-rollback takes no value, but "yes" was given.'],
    [3, "-c p -n w -i app -t soon", '--timeout "soon" is not a duration.'],
    [3, "-c p -n w -i app -t 0", '--timeout "0s" is not a duration.'],
    [3, "-c p -n w -i app -D many", '--desired-count "many" is not a number.'],
    [3, "-c p -n w -i app -m 101", '--min "101" is not a number. Allowed: a whole number from 0 to 100.'],
    [3, "-c p -n w -i app -M 50", '--max "50" is not a number. Allowed: a whole number from 100 to'],
    [3, "-c p! -n w -i app", '--cluster "p!" cannot be one.'],
    [3, "-c p -n w -i app -r mars", '--region "mars" cannot be one.'],
    [3, "-c p -n w -i app -k AKIA", "-k is given without -s"],
    [3, "-c p -n w -i app -e NONE", '--tag-env-var: there is no environment variable "NONE".'],
    [3, "-c p -n w -i app -e toString", '--tag-env-var: there is no environment variable "toString".'],
    [3, "-d w -c p --force-new-deployment", "--force-new-deployment is for a service"],
    [3, "-c p -d w -i app --run-task --launch-type MOON", '--launch-type "MOON" is not known.'],
    [3, "-c p -d w -i app --run-task --network-configuration {", "--network-configuration: it is not JSON."],
    [
      3,
      "-c p -d w -i app --run-task --network-configuration awsvpcConfiguration={subnets=a}",
      "$.awsvpcConfiguration.subnets: ",
    ],
    [
      3,
      "-c p -d w -i app --run-task --network-configuration awsvpcConfiguration={subnets=[a]",
      "at character 33 there should be a comma or }",
    ],
    [5, "-c p -i app", "Neither a service (-n) nor a task definition (-d) is given"],
    [5, "-c p -n '' -i app", "Neither a service (-n) nor a task definition (-d) is given"],
    [6, "-c p -n w -d w -i app", "A service (-n) and a task definition (-d) are given"],
    [7, "-n w -i app", "The cluster is missing: -c <cluster>."],
    [7, "-d w -i app --run-task", "The cluster is missing: -c <cluster>."],
    [8, "-c p -n w", "The image is missing: -i <image>"],
    [9, "-c p -n w -i app --max-definitions few", '--max-definitions "few" is not a number.'],
    [10, "-c p -n w -i app --launch-type EC2", "--launch-type goes with --run-task."],
    [11, "-c p -n w -i app --network-configuration x", "--network-configuration goes with --run-task."],
    [11, "-c p -n w -i app --wait-for-success", "--wait-for-success goes with --run-task."],
    [12, "-c p -n w -i app --platform-version 1", "--platform-version goes with --run-task."],
    [13, "-c p -n w -i ''", '--image: "" is not a valid image reference: it is empty.'],
    [13, "-c p -n w -i /something", "is not a valid image reference"],
    [13, "-c p -n w -i domain.com:abc/repo/image", "is not a valid image reference"],
    [13, "-c p -n w -to :7", '--tag-only ":7" is not a tag.'],
    [13, "-c p -n w -i app -e BAD", 'environment variable BAD = "a b" is not a tag.'],
  ])("%i: %s", (exitCode, line, message) => {
    const error = refusal(line, { BAD: "a b" });
    expect(error.exitCode).toBe(exitCode);
    expect(error.message).toContain(message);
    expect(error.message).toMatch(/ See \.\/deploy --help ecs-deploy\.$/);
  });

  test("without repeating a word that may be a key", () => {
    const { message } = refusal("-c p -n w -i app -k AKIA hunter2");
    expect(message).toContain("A word stands where an option should.");
    expect(message).not.toContain("hunter2");
  });
});

test("help and version are answered", () => {
  expect(parseCompat(["-c", "p", "-h"], {})).toEqual({ kind: "help", topic: "ecs-deploy" });
  expect(parseCompat(["-c", "p", "--version"], {})).toEqual({ kind: "version" });
});
