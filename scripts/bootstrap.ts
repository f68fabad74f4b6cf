// The bucket of Terraform's state: `npm run bootstrap`. Ran twice, it changes nothing the second time.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";

import { bootstrap } from "./commands/bootstrap/bootstrap.ts";
import { readEnvironments } from "./commands/load-environment.ts";
import { regions } from "./core/environments/regions.generated.ts";
import { environmentIn } from "./core/environments/surroundings.ts";
import { InvalidInputError, SlipwayError, UsageError } from "./core/errors.ts";
import { exitCode } from "./core/exit-code.ts";
import { projectRoot } from "./project-root.ts";
import { errorText } from "./terminal/error-text.ts";

const usage = `Usage: npm run bootstrap [-- options]

Makes the S3 bucket that keeps Terraform's state, as environments.jsonc describes it, and mends one that is not as it
has to be: versions, encryption, no public access, nothing that deletes state. With several accounts, one in each.

  --region <region>    where to make it, while the file keeps its state local (default: the first environment's)
  --profile <name>     credentials of that profile
  --file <path>        an environments file other than the project's own
  --dry-run            say what would be done
  --verbose            show every call
`;

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  let verbose = false;
  try {
    const options = readOptions(args);
    if (options.help === true) {
      process.stdout.write(usage);
      return exitCode.completed;
    }
    verbose = options.verbose ?? false;
    const file = options.file ?? path.join(projectRoot(), "environments.jsonc");
    const { environments, state } = readEnvironments(await textOf(file), path.basename(file));
    await bootstrap(
      {
        environments: [...environments.values()].map((one) => environmentIn(one, process.env)),
        state,
        region: options.region,
        profile: options.profile,
        dryRun: options["dry-run"] ?? false,
      },
      ({ operation, milliseconds, failure = "" }) => {
        if (verbose) process.stderr.write(`${operation} ${Math.round(milliseconds)} ms ${failure}\n`);
      },
      (line) => process.stdout.write(`${line}\n`),
    );
    return exitCode.completed;
  } catch (error) {
    process.stderr.write(`${errorText(error, verbose)}\n`);
    return error instanceof SlipwayError ? error.exitCode : exitCode.failed;
  }
}

function readOptions(args: readonly string[]) {
  const { values } = parsed(args);
  if (values.region !== undefined && !regions.includes(values.region)) {
    throw new UsageError(`--region: ${JSON.stringify(values.region)} is no AWS Region.`);
  }
  return values;
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        region: { type: "string" },
        profile: { type: "string" },
        file: { type: "string" },
        "dry-run": { type: "boolean" },
        verbose: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new InvalidInputError(
      `${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}
