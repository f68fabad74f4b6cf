import wrapAnsi from "wrap-ansi";

import { compatOptionTable, type CompatOptionEntry } from "../compat/options.ts";
import { commonOptions, optionTable, type OptionEntry, type OptionName } from "./options.ts";
import type { HelpTopic } from "./parse.ts";
import { verbTable, type Verb, type VerbEntry } from "./verbs.ts";

const exitCodes = `Exit codes:
  0    completed, or nothing was to do
  1    the deployment failed; the output says why, and whether it was rolled back
  2    bad usage, template or configuration; nothing was changed
  3    timed out waiting; the rollout goes on
  4    refused before the first write; nothing was changed
  5    AWS refused or could not be reached; the output says what was changed
  130  interrupted; the output says what goes on
`;

/** What `--help` prints: about everything, or about one verb or form. */
export function helpText(topic?: HelpTopic): string {
  if (topic === undefined) return overview();
  return topic === "ecs-deploy" ? ecsDeployHelp() : verbHelp(topic);
}

function overview(): string {
  const verbs = Object.entries(verbTable).map(([name, entry]) =>
    row(`${name} ${operands(entry)}${rest(entry)}`, entry.help),
  );
  return `Deploys services to Amazon ECS from JSON templates, and waits until what it started has completed.

Usage:
  CONTAINER_VERSION=<image> ./deploy <command> [service...] [options]
  ./deploy -c <cluster> -n <service> -i <image>    as ecs-deploy; see ./deploy --help ecs-deploy

Commands:
${verbs.join("\n")}

With a single service in the templates folder its name may be left out.
CONTAINER_VERSION is a full image reference, as in nginx:alpine.
./deploy <command> --help shows the options of one command, with examples.

Options of every command:
${optionRows(commonNames())}

${exitCodes}`;
}

function verbHelp(verb: Verb): string {
  const entry: VerbEntry = verbTable[verb];
  const own = entry.options.length === 0 ? "" : `Options:\n${optionRows(entry.options)}\n\n`;
  const examples = entry.examples.map((example) => `  ${example}`).join("\n");
  return `${entry.help.charAt(0).toUpperCase() + entry.help.slice(1)}.

Usage:
  ./deploy ${verb} ${usageOf(entry)}

Examples:
${examples}

${own}Options of every command:
${optionRows(commonNames())}

${exitCodes}`;
}

function ecsDeployHelp(): string {
  const rows = Object.entries<CompatOptionEntry>(compatOptionTable).map(([name, { short, value, help }]) => {
    const names = short === undefined ? `    --${name}` : `${short}, --${name}`;
    return row(value === undefined ? names : `${names} <${value}>`, help);
  });
  return `Takes the command line of silinternational/ecs-deploy, with its meaning.

Usage:
  ./deploy -c <cluster> -n <service> -i <image> [options]           a new revision for a service
  ./deploy -d <task definition> -i <image> [options]                a new revision alone
  ./deploy -c <cluster> -d <task definition> -i <image> --run-task  and one task of it

The new revision is the running one with the image in every container that has an image of that
name; an image of no container is refused. Success means that the deployment that this run started
has completed.

Options:
${rows.join("\n")}

Exit codes:
  0    completed
  1    the deployment failed, was rolled back, or was not steady in time
  2    the image, the definition or its file does not fit; nothing was changed
  3    a command line that cannot be read; nothing was changed
  4    refused before the first write; nothing was changed
  5    neither service nor task definition; or AWS refused or could not be reached
  6    service and task definition
  7    no cluster
  8    no image
  9    --max-definitions is not a number
  10, 11, 12  an option of --run-task without it
  13   the image or the tag cannot be one
  130  interrupted; the output says what goes on
`;
}

function operands({ names }: VerbEntry): string {
  if (names === "services") return "[service...]";
  if (names === "service") return "[service]";
  return `<${names.allowed.join("|")}>`;
}

/** What follows `--` is the container's to the last word, so that options stand before it. */
function usageOf(entry: VerbEntry): string {
  return `${operands(entry)} [options]${rest(entry)}`;
}

function rest({ command }: VerbEntry): string {
  return command === true ? " [-- command...]" : "";
}

function commonNames(): readonly OptionName[] {
  // Object.keys gives the table's own names.
  return Object.keys(commonOptions) as OptionName[];
}

function optionRows(names: readonly OptionName[]): string {
  return names
    .map((name) => {
      const { short, value, help }: OptionEntry = optionTable[name];
      const left = short === undefined ? `    --${name}` : `-${short}, --${name}`;
      return row(value === undefined ? left : `${left} <${value}>`, help);
    })
    .join("\n");
}

const leftWidth = 34;
const rightWidth = 64;

/** Two columns within 100 characters; what does not fit beside the left one starts below it. */
function row(left: string, right: string): string {
  const lines = wrapAnsi(right, rightWidth).split("\n");
  const pad = " ".repeat(leftWidth + 2);
  const first = left.length < leftWidth ? `  ${left.padEnd(leftWidth)}${lines.shift() ?? ""}` : `  ${left}`;
  return [first, ...lines.map((line) => `${pad}${line}`)].join("\n");
}
