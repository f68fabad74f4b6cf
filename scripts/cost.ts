// `npm run cost`: a rough monthly figure of each environment, with what it assumes.
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";

import { assumptionNames, assumptionTable } from "./core/infrastructure/cost/assumptions.ts";
import type { Assumptions } from "./core/infrastructure/cost/assumptions.ts";
import { estimate } from "./core/infrastructure/cost/estimate.ts";
import { pricesByRegion } from "./core/infrastructure/cost/prices.ts";
import { withOwnPrices } from "./core/infrastructure/cost/own-prices.ts";
import { environmentOf, regionOf } from "./core/infrastructure/stack.ts";
import { chooseFrom } from "./infrastructure/choose.ts";
import { CommandFailure, runCommand } from "./infrastructure/command-failure.ts";
import { inFolder } from "./infrastructure/in-folder.ts";
import { synthesize } from "./infrastructure/synthesize.ts";
import { costText } from "./terminal/infrastructure/cost-text.ts";
import type { EnvironmentCost } from "./terminal/infrastructure/cost-text.ts";

const usage = `Usage: npm run cost [-- --env <name> --output text|json --app <command> ...]

  --env        one environment; without it, all, and what belongs to the account
  --output     text (default) or json
  --as-region  takes the prices of that region for every environment: ${Object.keys(pricesByRegion).join(", ")}
  --prices     a JSON file of prices by region, in the form of scripts/core/infrastructure/cost/prices.ts;
               what it does not name is as in the region that it is "like"
  --app        synthesizes with another command than that of cdktf.json

What is assumed:
${assumptionNames
  .map(
    (name) =>
      `  --${assumptionTable[name].option.padEnd(18)} ${assumptionTable[name].means} (${assumptionTable[name].usual})`,
  )
  .join("\n")}
`;

await runCommand(usage, async () => {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    options: {
      env: text,
      output: { ...text, default: "text" },
      app: text,
      "as-region": text,
      prices: text,
      help: { type: "boolean", short: "h", default: false },
      ...Object.fromEntries(assumptionNames.map((name) => [assumptionTable[name].option, text])),
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return;
  }
  const { output, env } = values;
  if (output !== "text" && output !== "json") {
    throw new CommandFailure(2, `--output is ${JSON.stringify(output)}. Allowed: text, json.`);
  }
  const assumptions = readAssumptions(values);
  const known = values.prices === undefined ? pricesByRegion : await readPrices(values.prices);
  const asRegion = values["as-region"];
  if (asRegion !== undefined && !Object.hasOwn(known, asRegion)) {
    const allowed = Object.keys(known).join(", ");
    throw new CommandFailure(2, `There are no prices of ${JSON.stringify(asRegion)}. Allowed: ${allowed}.`);
  }

  const all = await inFolder("cost", (folder) => synthesize(folder, values.app));
  const chosen = chooseFrom(all, { patterns: [], ...(env === undefined ? {} : { environment: env }) });
  const stacks = new Map(all.map(({ name, stack }) => [name, stack]));
  const environments = [...new Set(chosen.map(({ stack }) => environmentOf(stack)))];
  const costs = environments.map((environment): EnvironmentCost => {
    const own = chosen.filter(({ stack }) => environmentOf(stack) === environment);
    const region = own.map(({ stack }) => regionOf(stack)).find((one) => one !== undefined) ?? "";
    const pricedAs = asRegion ?? region;
    const prices = known[pricedAs];
    const names = new Set(own.map(({ name }) => name));
    return {
      ...(environment === undefined ? {} : { environment }),
      region,
      ...(prices === undefined ? {} : { pricedAs, estimate: estimate(stacks, names, prices, assumptions) }),
    };
  });
  const [first] = costs.flatMap(({ pricedAs }) => (pricedAs === undefined ? [] : [known[pricedAs]]));
  process.stdout.write(
    output === "json"
      ? `${JSON.stringify({ assumptions, environments: costs }, null, 2)}\n`
      : costText(costs, assumptions, first),
  );
});

function readAssumptions(values: Readonly<Record<string, unknown>>): Assumptions {
  const entries = assumptionNames.map((name): [keyof Assumptions, number] => {
    const { option, usual } = assumptionTable[name];
    const given = values[option];
    const number = given === undefined ? usual : Number(given);
    if (given === "" || !Number.isFinite(number) || number < 0) {
      throw new CommandFailure(
        2,
        `--${option} is ${JSON.stringify(given)}. Allowed: a number from 0 on, as in ${usual}.`,
      );
    }
    return [name, number];
  });
  // Made from every name of the table.
  return Object.fromEntries(entries) as unknown as Assumptions;
}

async function readPrices(file: string): Promise<typeof pricesByRegion> {
  try {
    return withOwnPrices(await readFile(file, "utf8"));
  } catch (error) {
    throw new CommandFailure(2, `${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
