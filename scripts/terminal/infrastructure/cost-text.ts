import { chalk } from "zx";

import { assumptionNames, assumptionTable } from "../../core/infrastructure/cost/assumptions.ts";
import type { Assumptions } from "../../core/infrastructure/cost/assumptions.ts";
import type { Estimate } from "../../core/infrastructure/cost/estimate.ts";
import { priceSources, pricesDate } from "../../core/infrastructure/cost/prices.ts";
import type { Prices } from "../../core/infrastructure/cost/prices.ts";

/** An environment's estimate, or why there is none. */
export interface EnvironmentCost {
  /** None: what belongs to the whole account. */
  readonly environment?: string;
  readonly region: string;
  /** The region whose prices are taken; none where there are none. */
  readonly pricedAs?: string;
  readonly estimate?: Estimate;
}

const notIncluded = [
  "Tasks: services are not in Terraform. Each Fargate task adds the unit price below; tasks on hosts cost what the hosts cost.",
  "Images in ECR, objects in S3, messages, API calls, data between zones, support, taxes, and what you run beside Slipway.",
  "Discounts: Savings Plans, Spot, free tiers, your own contract.",
];

/** Estimates for people: each line, what was assumed, and what is not in them. */
export function costText(
  costs: readonly EnvironmentCost[],
  assumptions: Assumptions,
  prices: Prices | undefined,
): string {
  return [
    ...costs.map(environmentText),
    "Assumed (each can be changed):",
    ...assumptionNames.map((name) => {
      const { option, means } = assumptionTable[name];
      return `  --${option.padEnd(17)} ${String(assumptions[name]).padStart(5)}  ${means}`;
    }),
    "",
    "Not included:",
    ...notIncluded.map((line) => `  ${line}`),
    ...(prices === undefined ? [] : [`  ${fargateText(prices, assumptions)}`]),
    "",
    `List prices in US dollars, put together in ${pricesDate}:`,
    ...priceSources.map((source) => `  ${source}`),
    "",
  ].join("\n");
}

function environmentText({ environment, region, pricedAs, estimate }: EnvironmentCost): string {
  const title = environment === undefined ? "The account's own" : `Environment ${environment}`;
  if (estimate === undefined) {
    return [
      chalk.bold(`${title} (${region}): no prices of this region are here, so there is no figure.`),
      "  --as-region us-east-1 takes those of another region; --prices <file> your own.",
      "",
    ].join("\n");
  }
  const as = pricedAs === region ? "" : `, at the prices of ${pricedAs ?? region}`;
  const width = Math.max(0, ...estimate.items.map(({ what }) => what.length));
  const lines = estimate.items.map(({ what, quantity, unit, monthly }) => {
    const price = monthly === undefined ? "no price here" : dollars(monthly);
    return `  ${what.padEnd(width)}  ${price.padStart(13)}  ${counted(quantity, unit)}`;
  });
  if (estimate.items.length === 0) {
    return [chalk.bold(`${title} (${region}): nothing that AWS charges for by itself`), ""].join("\n");
  }
  const unknown = Object.entries(estimate.unknownTypes).map(([type, count]) => `${count} ${type}`);
  return [
    chalk.bold(`${title} (${region}${as}): about ${dollars(estimate.total)} a month`),
    ...lines,
    ...(estimate.unpriced.length === 0
      ? []
      : [chalk.yellow(`  Not in the sum, since no price is here: ${estimate.unpriced.join(", ")}.`)]),
    ...(unknown.length === 0 ? [] : [`  Not looked at: ${unknown.join(", ")}.`]),
    "",
  ].join("\n");
}

function fargateText({ fargateVcpuHour, fargateGbHour }: Prices, { hours }: Assumptions): string {
  const small = hours * (0.25 * fargateVcpuHour + 0.5 * fargateGbHour);
  return `A Fargate task: ${fargateVcpuHour} a vCPU and ${fargateGbHour} a GB an hour; 0.25 vCPU with 0.5 GB all month is ${dollars(small)}.`;
}

/** Units are written in the plural. */
function counted(quantity: number, unit: string): string {
  const one = unit.replace(/(ss)es\b/, "$1").replace(/(?<!s)s\b/, "");
  return `${quantity} ${quantity === 1 ? one : unit}`;
}

function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}
