import { clusterName, regionName } from "../command-line/values.ts";
import { readChange } from "./change.ts";
import type { CompatAccount, CompatCommand, CompatWork } from "./command.ts";
import { compatExitCode, type CompatExitCode } from "./exit-codes.ts";
import { readNetworkConfiguration } from "./network-configuration.ts";
import type { CompatOptionName } from "./options.ts";
import { inOwnWords, numberOf, one, textOf, timeout, usage } from "./read-values.ts";
import { tokenizeCompat, type CompatValues } from "./tokenize.ts";
import { CompatUsageError } from "./usage-error.ts";

/** What a command line of ecs-deploy's form comes to. */
export type CompatLine =
  { readonly kind: "help"; readonly topic: "ecs-deploy" } | { readonly kind: "version" } | CompatCommand;

/**
 * Reads a command line of ecs-deploy's form, with its meaning and its exit codes for what it refuses.
 *
 * @param args what follows the program's name
 * @param variables for `--tag-env-var`
 * @throws CompatUsageError
 * @see https://github.com/silinternational/ecs-deploy
 */
export function parseCompat(
  args: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
): CompatLine {
  const values = tokenizeCompat(args);
  if (values.help === true) return { kind: "help", topic: "ecs-deploy" };
  if (values.version === true) return { kind: "version" };
  refuseCombinations(values);

  const warnings: string[] = [];
  const work = readWork(values, variables, warnings);
  const output = one("--output", values.output ?? "text", ["text", "json"]);
  if (values.events !== undefined) one("--events", values.events, ["ndjson"]);
  const events = values.events !== undefined;
  if (output === "json" && events) {
    throw usage("--output json and --events ndjson both claim standard output; choose one.");
  }
  if (values.quiet === true && values.verbose === true) {
    throw usage("--quiet and --verbose contradict each other; choose one.");
  }
  return {
    kind: "compat",
    work,
    account: readAccount(values),
    timeoutMs: timeout(textOf(values, "timeout") ?? "90"),
    dryRun: values["dry-run"] === true,
    force: values.force === true,
    waitForLock: values["wait-for-lock"] === true,
    output,
    events,
    color: values["no-color"] !== true,
    quiet: values.quiet === true,
    verbose: values.verbose === true,
    warnings,
  };
}

/** In ecs-deploy's order, so that each mistake has its exit code. */
function refuseCombinations(values: CompatValues): void {
  const has = (name: CompatOptionName): boolean => textOf(values, name) !== undefined;
  const refuse = (code: CompatExitCode, message: string): never => {
    throw new CompatUsageError(code, message);
  };
  if (!has("service-name") && !has("task-definition")) {
    refuse(
      compatExitCode.noTarget,
      "Neither a service (-n) nor a task definition (-d) is given; name one of them.",
    );
  }
  if (has("service-name") && has("task-definition")) {
    refuse(
      compatExitCode.twoTargets,
      "A service (-n) and a task definition (-d) are given; name one of the two.",
    );
  }
  if ((has("service-name") || values["run-task"] === true) && !has("cluster")) {
    refuse(compatExitCode.noCluster, "The cluster is missing: -c <cluster>.");
  }
  const needsImage = values["force-new-deployment"] !== true && !has("tag-only");
  if (needsImage && values.image === undefined) {
    refuse(compatExitCode.noImage, "The image is missing: -i <image>, as in -i nginx:1.27.");
  }
  const kept = textOf(values, "max-definitions");
  if (kept !== undefined && !/^-?\d{1,9}$/.test(kept)) {
    const shown = JSON.stringify(kept);
    refuse(
      compatExitCode.maxDefinitions,
      `--max-definitions ${shown} is not a number. Allowed: a whole number, 0 for keeping all.`,
    );
  }
  if (values["run-task"] === true) return;
  const needTask = [
    ["launch-type", compatExitCode.launchTypeWithoutTask],
    ["network-configuration", compatExitCode.taskOptionWithoutTask],
    ["wait-for-success", compatExitCode.taskOptionWithoutTask],
    ["platform-version", compatExitCode.platformVersionWithoutTask],
  ] as const;
  for (const [name, code] of needTask) {
    if (values[name] !== undefined && values[name] !== "") refuse(code, `--${name} goes with --run-task.`);
  }
}

const forTasks = [
  "run-task",
  "launch-type",
  "platform-version",
  "network-configuration",
  "wait-for-success",
] as const;
const forRollouts = [
  "desired-count",
  "min",
  "max",
  "max-definitions",
  "enable-rollback",
  "skip-deployments-check",
] as const;
const forRevisions = [
  ...["image", "tag-only", "tag_only_container_names", "tag-env-var", "task-definition-file"],
  ...["use-latest-task-def", "copy-task-definition-tags", "desired-count", "min", "max", "max-definitions"],
] as readonly CompatOptionName[];

function readWork(
  values: CompatValues,
  variables: Readonly<Record<string, string | undefined>>,
  warnings: string[],
): CompatWork {
  const unused = (names: readonly CompatOptionName[], because: string): void => {
    const given = names.filter((name) => values[name] !== undefined).map((name) => `--${name}`);
    if (given.length > 0) warnings.push(`Not used, as in ecs-deploy: ${given.join(", ")}. ${because}`);
  };
  const named = inOwnWords(() => clusterName("--cluster", textOf(values, "cluster") ?? "default"));
  // By its name, as others call it: the lock of a service is found by it.
  const cluster = named.slice(named.lastIndexOf("/") + 1);
  const service = nameOfService(textOf(values, "service-name"));
  const forced = values["force-new-deployment"] === true;
  if (service === undefined) {
    if (forced) throw usage("--force-new-deployment is for a service: name it with -n <service>.");
    unused(forRollouts, "They are for a service (-n), and -d names a task definition.");
    const taskDefinition = textOf(values, "task-definition") ?? "";
    const change = readChange(values, variables, warnings);
    if (values["run-task"] !== true) return { kind: "register", taskDefinition, change };
    return { kind: "runTask", cluster, taskDefinition, change, ...readTask(values) };
  }
  unused(forTasks, "A task is run of a task definition (-d), and -n names a service.");
  const target = {
    cluster,
    service,
    rollback: values["enable-rollback"] === true,
    waitForOldTasks: values["skip-deployments-check"] !== true,
  };
  if (forced) {
    unused(
      forRevisions,
      "--force-new-deployment starts new tasks of the running revision and registers none.",
    );
    return { kind: "restart", ...target };
  }
  const desiredCount = numberOf(values, "desired-count", 0, 5_000);
  const minimumHealthyPercent = numberOf(values, "min", 0, 100);
  const maximumPercent = numberOf(values, "max", 100, 10_000);
  const keep = Number(textOf(values, "max-definitions") ?? "0");
  return {
    kind: "deploy",
    ...target,
    change: readChange(values, variables, warnings),
    ...(desiredCount === undefined ? {} : { desiredCount }),
    ...(minimumHealthyPercent === undefined ? {} : { minimumHealthyPercent }),
    ...(maximumPercent === undefined ? {} : { maximumPercent }),
    ...(keep > 0 ? { keepRevisions: keep } : {}),
  };
}

/** Of an ARN the name: the AWS CLI, which ecs-deploy calls, takes both. */
function nameOfService(text: string | undefined): string | undefined {
  return text?.startsWith("arn:") === true ? text.slice(text.lastIndexOf("/") + 1) : text;
}

function readTask(values: CompatValues) {
  const launchType = textOf(values, "launch-type");
  const platformVersion = textOf(values, "platform-version");
  const network = textOf(values, "network-configuration");
  return {
    waitForSuccess: values["wait-for-success"] === true,
    ...(launchType === undefined
      ? {}
      : { launchType: one("--launch-type", launchType, ["EC2", "FARGATE", "EXTERNAL"]) }),
    ...(platformVersion === undefined ? {} : { platformVersion }),
    ...(network === undefined ? {} : { networkConfiguration: readNetworkConfiguration(network) }),
  };
}

function readAccount(values: CompatValues): CompatAccount {
  const accessKeyId = textOf(values, "aws-access-key");
  const secretAccessKey = textOf(values, "aws-secret-key");
  if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) {
    const [there, missing] = accessKeyId === undefined ? ["-s", "-k"] : ["-k", "-s"];
    throw usage(
      `${there} is given without ${missing}; give both, or set the credentials in the environment.`,
    );
  }
  const written = textOf(values, "region");
  const region = written === undefined ? undefined : inOwnWords(() => regionName("--region", written));
  const profile = textOf(values, "profile");
  const assumeRole = textOf(values, "aws-assume-role");
  return {
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { keys: { accessKeyId, secretAccessKey } }),
    ...(region === undefined ? {} : { region }),
    ...(profile === undefined ? {} : { profile }),
    ...(assumeRole === undefined ? {} : { assumeRole }),
  };
}
