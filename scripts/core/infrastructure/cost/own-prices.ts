import { z } from "zod";
import { pricesByRegion } from "./prices.ts";
import type { Prices } from "./prices.ts";

const price = z.number().nonnegative();

/** Prices of a region of one's own: what is not named is as in the region that it is like. */
const ownSchema = z.record(
  z.string(),
  z.strictObject({
    like: z.string(),
    instances: z.record(z.string(), price).optional(),
    volumeGb: z.record(z.string(), price).optional(),
    insightsMetricMonth: z.strictObject({ enabled: price, enhanced: price }).optional(),
    natGatewayHour: price.optional(),
    natGatewayGb: price.optional(),
    loadBalancerHour: price.optional(),
    loadBalancerLcuHour: price.optional(),
    publicIpv4Hour: price.optional(),
    endpointHour: price.optional(),
    endpointGb: price.optional(),
    logIngestedGb: price.optional(),
    logStoredGbMonth: price.optional(),
    internetOutGb: price.optional(),
    kmsKeyMonth: price.optional(),
    wafAclMonth: price.optional(),
    wafRuleMonth: price.optional(),
    wafMillionRequests: price.optional(),
    hostedZoneMonth: price.optional(),
    alarmMonth: price.optional(),
    dashboardMonth: price.optional(),
    fargateVcpuHour: price.optional(),
    fargateGbHour: price.optional(),
  }),
);

/** The table with somebody's own prices, as in `{ "eu-west-1": { "like": "us-east-1", "natGatewayHour": 0.048 } }`; throws with every mistake. */
export function withOwnPrices(text: string): Readonly<Record<string, Prices>> {
  const parsed = ownSchema.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
  const own = Object.entries(parsed.data).map(([region, { like, instances, volumeGb, ...given }]) => {
    const base = Object.hasOwn(pricesByRegion, like) ? pricesByRegion[like] : undefined;
    if (base === undefined) {
      throw new Error(
        `${region} is like ${JSON.stringify(like)}, of which there are no prices. Allowed: ${Object.keys(pricesByRegion).join(", ")}.`,
      );
    }
    const merged = {
      ...base,
      ...definedOnly(given),
      instances: { ...base.instances, ...instances },
      volumeGb: { ...base.volumeGb, ...volumeGb },
    };
    return [region, merged] as const;
  });
  return { ...pricesByRegion, ...Object.fromEntries(own) };
}

type Given<Value> = { readonly [Key in keyof Value]?: Exclude<Value[Key], undefined> };

function definedOnly<Value extends object>(value: Value): Given<Value> {
  // Only undefined values are left out.
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Given<Value>;
}
