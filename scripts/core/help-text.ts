import { optionTable, verbTable } from "./command-line.ts";

/** The text of `./deploy --help`, from the tables that the parser reads. */
export function helpText(): string {
  const verbs = Object.entries(verbTable).map(([name, help]) => row(`${name} [service...]`, help));
  const options = Object.entries(optionTable).map(([name, option]) =>
    row(`--${name}${"value" in option ? ` <${option.value}>` : ""}`, option.help),
  );
  return `Deploys services to Amazon ECS from JSON templates, and waits until what it started has completed.

Usage:
  CONTAINER_VERSION=<image> ./deploy <command> [service...] [options]

Commands:
${verbs.join("\n")}

With a single service in the templates folder its name may be left out.
CONTAINER_VERSION is a full image reference, as in nginx:alpine.

Options:
${options.join("\n")}

Exit codes:
  0    completed, or nothing was to do
  1    the deployment failed; the output says why, and whether it was rolled back
  2    bad usage, template or configuration; nothing was changed
  3    timed out waiting; the rollout goes on
  4    refused before the first write; nothing was changed
  5    AWS refused or could not be reached; the output says what was changed
  130  interrupted; the output says what goes on
`;
}

function row(left: string, right: string): string {
  return `  ${left.padEnd(24)} ${right}`;
}
