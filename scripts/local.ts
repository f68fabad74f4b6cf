// The local AWS. The launcher `./local` runs the bundle of this file.
import { main } from "./local/cli/main.ts";
import { processOutput } from "./local/cli/output.ts";

process.exitCode = await main(process.argv.slice(2), processOutput);
