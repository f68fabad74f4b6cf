/** One option: how it is written and what `--help` says of it. */
export interface OptionEntry {
  readonly type: "string" | "boolean";
  readonly short?: string;
  /** What stands for the value in `--help`; strings only. */
  readonly value?: string;
  /** May be given more than once; strings only. */
  readonly multiple?: boolean;
  /** What a shell offers for the value. */
  readonly offers?: "environments" | "folders" | "services" | readonly string[];
  readonly help: string;
}

/** Options that every verb takes. */
export const commonOptions = {
  env: {
    type: "string",
    value: "name",
    offers: "environments",
    help: "environment of environments.jsonc (default: test)",
  },
  templates: {
    type: "string",
    value: "dir",
    offers: "folders",
    help: "folder of templates (default: templates)",
  },
  cluster: { type: "string", value: "name", help: "cluster; wins over the template's and the environment's" },
  region: { type: "string", value: "name", help: "AWS Region (default: the environment's)" },
  profile: { type: "string", value: "name", help: "AWS profile" },
  timeout: { type: "string", value: "duration", help: "how long to wait, as in 90s or 15m (default: 10m)" },
  output: {
    type: "string",
    value: "text|json",
    offers: ["text", "json"],
    help: "form of the result on standard output (default: text)",
  },
  events: {
    type: "string",
    value: "ndjson",
    offers: ["ndjson"],
    help: "one event a line on standard output while it runs",
  },
  "no-color": { type: "boolean", help: "no colours" },
  quiet: { type: "boolean", help: "no progress on standard error, only problems and the result" },
  verbose: { type: "boolean", help: "every AWS call on standard error" },
  help: { type: "boolean", short: "h", help: "this text" },
  version: { type: "boolean", help: "the version" },
} as const satisfies Record<string, OptionEntry>;

/** Options that some verbs take. */
const verbOptions = {
  all: { type: "boolean", help: "every service of the templates folder" },
  "no-wait": { type: "boolean", help: "exit as soon as it has been started" },
  "dry-run": { type: "boolean", help: "print what would be done and change nothing" },
  force: {
    type: "boolean",
    help: "go on where the run would refuse, which says at what; with init: overwrite files",
  },
  "wait-for-lock": {
    type: "boolean",
    help: "wait for another run on the same service, as long as --timeout allows",
  },
  rollback: { type: "boolean", help: "put a failed rollout back where ECS does not; this is the default" },
  "no-rollback": { type: "boolean", help: "leave a failed rollout as it stands" },
  "suspend-autoscaling": {
    type: "boolean",
    help: "suspend the service's autoscaling during the rollout; resumed however it ends",
  },
  "on-failure": {
    type: "string",
    value: "rollback|rollback-all",
    offers: ["rollback", "rollback-all"],
    help: "what one failure means to the services that this run has already brought (default: rollback, of the failed one alone)",
  },
  "keep-revisions": {
    type: "string",
    value: "number",
    help: "keep so many of the newest revisions and deregister the others; never one in use",
  },
  to: {
    type: "string",
    value: "revision",
    help: "the revision to go back to, as 41 or family:41; of staged deployments the id",
  },
  id: { type: "string", value: "id", help: "the deployment, as ./deploy deployments lists it" },
  canary: { type: "string", value: "percent", help: "first give it this share of the traffic, as in 10%" },
  bake: { type: "string", value: "duration", help: "how long the canary is watched (default: 5m)" },
  linear: { type: "string", value: "percent", help: "move the traffic in steps of this share, as in 10%" },
  every: { type: "string", value: "duration", help: "how long each linear step is watched (default: 1m)" },
  alarm: {
    type: "string",
    value: "name",
    multiple: true,
    help: "a CloudWatch alarm that puts the traffic back, besides the template's; may be repeated",
  },
  "all-retired": { type: "boolean", help: "every deployment that has had the traffic and lost it" },
  keep: {
    type: "string",
    value: "number",
    help: "how many retired deployments to leave standing (default: the environment's, which is 1)",
  },
  "deployment-config": {
    type: "string",
    value: "name",
    help: "CodeDeploy's deployment configuration, as in CodeDeployDefault.ECSCanary10Percent5Minutes",
  },
  "auto-approve-after": {
    type: "string",
    value: "duration",
    help: "approve a deployment of CodeDeploy that waits for it after so long",
  },
  "wait-until": {
    type: "string",
    value: "stable|deployed|paused",
    offers: ["stable", "deployed", "paused"],
    help: "end when all is over, when the traffic has moved, or when it waits for approval (default: stable)",
  },
  "exit-code": { type: "boolean", help: "exit 4 when there is a difference" },
  count: { type: "string", value: "number", help: "how many tasks" },
  container: { type: "string", value: "name", help: "the container, where the task has several" },
  task: { type: "string", value: "id", help: "the task, where there are several" },
  "set-env": {
    type: "string",
    value: "NAME=value",
    multiple: true,
    help: "an environment variable of the container; may be repeated",
  },
  cpu: { type: "string", value: "units", help: "cpu of the one-off task" },
  memory: { type: "string", value: "MiB", help: "memory of the one-off task" },
  follow: { type: "boolean", help: "go on with what is logged from now on" },
  since: { type: "string", value: "duration", help: "how far back, as in 10m or 2h (default: 10m)" },
  grep: { type: "string", value: "pattern", help: "only lines that match CloudWatch Logs' filter pattern" },
  confirm: {
    type: "string",
    value: "name",
    offers: "services",
    help: "the service's name, where nobody can be asked for it",
  },
} as const satisfies Record<string, OptionEntry>;

/** Every option, once: the parser, `--help`, completion and the suggestions all read this table. */
export const optionTable = { ...commonOptions, ...verbOptions } as const;

export type OptionName = keyof typeof optionTable;
export type VerbOptionName = keyof typeof verbOptions;
