// The local AWS. The launcher `./local` runs the bundle of this file.
import { main } from "./local/cli/main.ts";
import { endWithReader, processOutput } from "./local/cli/output.ts";

endWithReader();
process.exitCode = await main(process.argv.slice(2), processOutput);
