import { optionTable, type OptionName } from "../command-line/options.ts";

/** One option of ecs-deploy: how it is written and what the help says of it. */
export interface CompatOptionEntry {
  readonly short?: string;
  /** What stands for the value in the help; options without it take none. */
  readonly value?: string;
  readonly help: string;
}

/**
 * The options of silinternational/ecs-deploy 3.10, by its own names.
 *
 * @see https://github.com/silinternational/ecs-deploy
 */
const ecsDeployOptions = {
  "aws-access-key": { short: "-k", value: "id", help: "AWS access key id; better AWS_ACCESS_KEY_ID" },
  "aws-secret-key": { short: "-s", value: "key", help: "AWS secret key; better AWS_SECRET_ACCESS_KEY" },
  region: {
    short: "-r",
    value: "name",
    help: "AWS Region (else AWS_DEFAULT_REGION, AWS_REGION, the profile's)",
  },
  profile: { short: "-p", value: "name", help: "AWS profile" },
  "aws-instance-profile": { help: "credentials of the instance; they are found without it" },
  "aws-assume-role": { short: "-a", value: "arn", help: "role to assume for every call" },
  cluster: { short: "-c", value: "name", help: "cluster" },
  "service-name": { short: "-n", value: "name", help: "the service to deploy" },
  "task-definition": {
    short: "-d",
    value: "family",
    help: "instead of a service: register a new revision of this task definition",
  },
  image: { short: "-i", value: "image", help: "the new image; without a tag, latest" },
  "desired-count": { short: "-D", value: "number", help: "how many tasks the service keeps running" },
  min: { short: "-m", value: "percent", help: "minimumHealthyPercent of the service" },
  max: { short: "-M", value: "percent", help: "maximumPercent of the service" },
  timeout: {
    short: "-t",
    value: "seconds",
    help: "how long to wait for the new tasks, and again for the old ones to be gone (default: 90)",
  },
  "tag-env-var": {
    short: "-e",
    value: "NAME",
    help: "environment variable with the tag of an image that has none",
  },
  "tag-only": {
    short: "-to",
    value: "tag",
    help: "the new tag of every image of the definition, instead of --image",
  },
  tag_only_container_names: {
    short: "-toc",
    value: "names",
    help: "with --tag-only: these containers only, with commas",
  },
  "max-definitions": {
    value: "number",
    help: "keep this many revisions, deregister older ones; never one in use",
  },
  "task-definition-file": { value: "file", help: "take this definition, not the running one, as the base" },
  "enable-rollback": { help: "go back when the new revision fails or is not steady in time" },
  "use-latest-task-def": { help: "take the newest revision, not the running one, as the base" },
  "force-new-deployment": { help: "new tasks of the running revision; nothing is registered" },
  "skip-deployments-check": { help: "do not wait for the old tasks to be gone" },
  "run-task": { help: "with --task-definition: run one task of the new revision" },
  "wait-for-success": { help: "with --run-task: wait for exit code 0" },
  "launch-type": { value: "type", help: "with --run-task: EC2, FARGATE or EXTERNAL" },
  "platform-version": { value: "version", help: "with --run-task: Fargate's platform version" },
  "network-configuration": {
    value: "json",
    help: "with --run-task: as for aws ecs run-task, as JSON or in the CLI's short form",
  },
  "copy-task-definition-tags": { help: "the new revision gets the tags of its base" },
  verbose: { short: "-v", help: "every AWS call on standard error" },
  version: { help: "the version" },
} as const satisfies Record<string, CompatOptionEntry>;

/** Options of `./deploy` that ecs-deploy's form takes as well. */
const ownOptions = [
  "dry-run",
  "force",
  "wait-for-lock",
  "output",
  "events",
  "no-color",
  "quiet",
  "help",
] as const satisfies readonly OptionName[];

export type CompatOptionName = keyof typeof ecsDeployOptions | (typeof ownOptions)[number];

const own: Readonly<Record<string, CompatOptionEntry>> = Object.fromEntries(
  ownOptions.map((name) => {
    const entry = optionTable[name];
    const { help } = entry;
    const short = "short" in entry ? { short: `-${entry.short}` } : {};
    return [name, { help, ...short, ...("value" in entry ? { value: entry.value } : {}) }];
  }),
);

/** Every option of the form, by its long name. */
// The two tables have these names and no others.
export const compatOptionTable = { ...ecsDeployOptions, ...own } as Readonly<
  Record<CompatOptionName, CompatOptionEntry>
>;

const byToken = new Map<string, CompatOptionName>(
  (Object.keys(compatOptionTable) as CompatOptionName[]).flatMap((name) => {
    const { short } = compatOptionTable[name];
    const long: [string, CompatOptionName] = [`--${name}`, name];
    return short === undefined ? [long] : [long, [short, name]];
  }),
);

/** Every way to write an option. */
export const compatTokens: readonly string[] = [...byToken.keys()];

/** The option that an argument is, as in `-to` or `--tag-only`. */
export function compatOption(token: string): CompatOptionName | undefined {
  return byToken.get(token);
}

/** Whether an argument is an option that only ecs-deploy has. */
export function onlyEcsDeploys(token: string): boolean {
  const name = byToken.get(token);
  return name !== undefined && !(token.startsWith("--") ? name in optionTable : token === "-h");
}
