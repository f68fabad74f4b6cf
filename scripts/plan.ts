// `npm run plan`: what applying the stacks would do, and what of it nobody should do by the way.
import { parseArgs } from "node:util";

import { isFlagged } from "./core/infrastructure/plan/analyse.ts";
import { exitCode } from "./core/exit-code.ts";
import { CommandFailure, runCommand } from "./infrastructure/command-failure.ts";
import { planStacks } from "./infrastructure/plan-stacks.ts";
import { planText } from "./terminal/infrastructure/plan-text.ts";

const usage = `Usage: npm run plan [-- <stack>... --env <name> --output text|json --app <command>]

  <stack>   a stack's name, or a pattern as in '*-network'; without one, every stack
  --env     the stacks of one environment
  --output  text (default) or json
  --app     synthesizes with another command than that of cdktf.json

Exit code: 0 nothing to do, or nothing flagged; 4 something would be replaced or destroyed that keeps state, carries
traffic or lets others in; 2 bad usage or environments file; 5 Terraform or AWS refused or could not be reached.
`;

await runCommand(usage, async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      env: { type: "string" },
      output: { type: "string", default: "text" },
      app: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const { env, output, app, help } = values;
  if (help) {
    process.stdout.write(usage);
    return;
  }
  if (output !== "text" && output !== "json") {
    throw new CommandFailure(2, `--output is ${JSON.stringify(output)}. Allowed: text, json.`);
  }
  const choice = { patterns: positionals, ...(env === undefined ? {} : { environment: env }) };
  const plans = await planStacks(choice, app);
  const flagged = isFlagged(plans);
  process.stdout.write(
    output === "json"
      ? `${JSON.stringify({ flagged, stacks: plans }, null, 2)}\n`
      : planText(plans, process.env.CDKTF_OUTPUT),
  );
  process.exitCode = flagged ? exitCode.refused : exitCode.completed;
});
