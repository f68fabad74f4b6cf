import type { OptionName } from "./options.ts";
import type { Values } from "./tokens.ts";
import {
  ago,
  alarmName,
  assignment,
  clusterName,
  duration,
  matching,
  oneOf,
  percent,
  regionName,
  usage,
  wholeNumber,
} from "./values.ts";

/** What the options of one command line come to; an option that the verb does not take is absent or off. */
export interface DeployOptions {
  readonly environmentName: string;
  readonly templatesFolder: string;
  readonly cluster?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly timeoutMs: number;
  readonly output: "text" | "json";
  readonly events: boolean;
  readonly color: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly all: boolean;
  readonly wait: boolean;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly waitForLock: boolean;
  readonly rollback: boolean;
  /** Which of the two options about it was written, if any. */
  readonly rollbackGiven?: "rollback" | "no-rollback";
  readonly onFailure: "rollback" | "rollback-all";
  readonly suspendAutoscaling: boolean;
  readonly keepRevisions?: number;
  /** The revision as it was written. */
  readonly to?: string;
  readonly exitCode: boolean;
  readonly count?: number;
  readonly container?: string;
  readonly task?: string;
  readonly setEnv: readonly (readonly [string, string])[];
  readonly cpu?: string;
  readonly memory?: string;
  readonly follow: boolean;
  readonly sinceMs: number;
  readonly grep?: string;
  readonly confirm?: string;
  readonly id?: string;
  /** Share of the traffic, above 0 and below 100. */
  readonly canaryPercent?: number;
  readonly bakeMs: number;
  /** Share of the traffic, above 0 and below 100. */
  readonly linearPercent?: number;
  readonly everyMs: number;
  readonly alarms: readonly string[];
  readonly allRetired: boolean;
  readonly keep?: number;
  readonly deploymentConfig?: string;
  readonly autoApproveAfterMs?: number;
  readonly waitUntil: "stable" | "deployed" | "paused";
}

/**
 * Reads the values of the options, with the defaults of those that are not given.
 *
 * @throws UsageError for a value that its option does not take, and for options that contradict each other
 */
export function readOptions(values: Values): DeployOptions {
  const text = (name: OptionName): string | undefined => {
    const value = values[name];
    return typeof value === "string" ? value : undefined;
  };
  const read = <Value>(
    name: OptionName,
    parse: (option: string, text: string) => Value,
  ): Value | undefined => {
    const value = text(name);
    return value === undefined ? undefined : parse(`--${name}`, value);
  };
  const output = oneOf("--output", text("output") ?? "text", ["text", "json"]);
  const events = read("events", (option, value) => oneOf(option, value, ["ndjson"])) !== undefined;
  if (output === "json" && events) {
    throw usage("--output json and --events ndjson both claim standard output; choose one.");
  }
  refuseContradictions(values);
  const setEnv = values["set-env"];
  return {
    environmentName: text("env") ?? "test",
    templatesFolder: text("templates") ?? "templates",
    timeoutMs: duration("--timeout", text("timeout") ?? "10m"),
    output,
    events,
    color: values["no-color"] !== true,
    quiet: values.quiet === true,
    verbose: values.verbose === true,
    all: values.all === true,
    wait: values["no-wait"] !== true,
    dryRun: values["dry-run"] === true,
    force: values.force === true,
    waitForLock: values["wait-for-lock"] === true,
    rollback: values["no-rollback"] !== true,
    onFailure: oneOf("--on-failure", text("on-failure") ?? "rollback", ["rollback", "rollback-all"]),
    suspendAutoscaling: values["suspend-autoscaling"] === true,
    exitCode: values["exit-code"] === true,
    setEnv: Array.isArray(setEnv) ? setEnv.map((one: string) => assignment("--set-env", one)) : [],
    follow: values.follow === true,
    sinceMs: ago("--since", text("since") ?? "10m"),
    bakeMs: duration("--bake", text("bake") ?? "5m"),
    everyMs: duration("--every", text("every") ?? "1m"),
    alarms:
      values.alarm === undefined
        ? []
        : [values.alarm].flat().map((name) => alarmName("--alarm", String(name))),
    allRetired: values["all-retired"] === true,
    waitUntil: oneOf("--wait-until", text("wait-until") ?? "stable", ["stable", "deployed", "paused"]),
    ...given({
      rollbackGiven:
        values.rollback === true
          ? ("rollback" as const)
          : values["no-rollback"] === true
            ? ("no-rollback" as const)
            : undefined,
      cluster: read("cluster", clusterName),
      region: read("region", regionName),
      profile: text("profile"),
      keepRevisions: read("keep-revisions", (option, value) => wholeNumber(option, value, 1, 1_000_000)),
      to: text("to"),
      count: read("count", (option, value) => wholeNumber(option, value, 0, 5_000)),
      container: text("container"),
      task: text("task"),
      cpu: read("cpu", (option, value) =>
        matching(
          option,
          value,
          /^\d{1,6}$|^\d{1,3}(\.\d{1,3})? ?vcpu$/i,
          "CPU units, as in 256, or as in 0.25 vCPU",
        ),
      ),
      memory: read("memory", (option, value) =>
        matching(option, value, /^\d{1,7}$|^\d{1,4}(\.\d{1,3})? ?gb$/i, "MiB, as in 512, or as in 2 GB"),
      ),
      grep: text("grep"),
      confirm: text("confirm"),
      id: read("id", (option, value) =>
        matching(
          option,
          value,
          /^[a-z0-9]{12}$/,
          "the 12 letters and digits that ./deploy deployments lists",
        ),
      ),
      canaryPercent: read("canary", percent),
      linearPercent: read("linear", percent),
      keep: read("keep", (option, value) => wholeNumber(option, value, 0, 100)),
      deploymentConfig: read("deployment-config", (option, value) =>
        matching(
          option,
          value,
          /^[A-Za-z0-9+=,.@_-]{1,100}$/,
          "a name, as in CodeDeployDefault.ECSAllAtOnce",
        ),
      ),
      autoApproveAfterMs: read("auto-approve-after", duration),
    }),
  };
}

/** What one option means nothing without. */
const companions: readonly (readonly [OptionName, OptionName])[] = [
  ["bake", "canary"],
  ["every", "linear"],
  ["keep", "all-retired"],
];

const contradictions: readonly (readonly [OptionName, OptionName, string])[] = [
  ["quiet", "verbose", "One asks for less, the other for more"],
  ["rollback", "no-rollback", "One asks for what the other forbids"],
  ["no-rollback", "on-failure", "One leaves what failed, the other says what to put back"],
  ["no-wait", "rollback", "A run that does not wait sees no failure"],
  ["canary", "linear", "One moves the traffic in two steps, the other in many"],
  ["id", "all", "One names a deployment, the other means several services"],
  ["id", "all-retired", "One names a deployment, the other means several"],
  ["no-wait", "canary", "A canary has to be watched"],
  ["no-wait", "linear", "The steps have to be watched"],
  ["no-wait", "auto-approve-after", "Somebody has to wait for that long"],
  ["no-wait", "wait-until", "One waits for nothing, the other says for what"],
  ["no-wait", "on-failure", "A run that does not wait sees no failure"],
  ["no-wait", "suspend-autoscaling", "Autoscaling is resumed when the run ends, so the run has to wait"],
  [
    "no-wait",
    "keep-revisions",
    "Revisions are deregistered once the rollout has completed, so the run has to wait",
  ],
];

function refuseContradictions(values: Values): void {
  for (const [left, right, because] of contradictions) {
    if (values[left] === undefined || values[right] === undefined) continue;
    throw usage(`--${left} and --${right} contradict each other. ${because}; choose one of the two.`);
  }
  if (values["auto-approve-after"] !== undefined && values["wait-until"] === "paused") {
    throw usage(
      "--auto-approve-after and --wait-until paused contradict each other. One approves what waits, the other ends as soon as it does; choose one of the two.",
    );
  }
  if (values["on-failure"] === "rollback-all" && values["wait-until"] === "paused") {
    throw usage(
      "--on-failure rollback-all and --wait-until paused contradict each other. One puts back what has completed, the other ends before anything has; choose one of the two.",
    );
  }
  for (const [option, other] of companions) {
    if (values[option] === undefined || values[other] !== undefined) continue;
    throw usage(`--${option} belongs to --${other}, which is not given.`);
  }
}

/** Only the members that have a value. */
function given<Members extends object>(
  members: Members,
): { [name in keyof Members]?: Exclude<Members[name], undefined> } {
  const present = Object.entries(members).filter(([, value]) => value !== undefined);
  // The shape is that of `members` with what is undefined left out.
  return Object.fromEntries(present) as { [name in keyof Members]?: Exclude<Members[name], undefined> };
}
