import { Route53Record } from "@cdktf/provider-aws/lib/route53-record/index.js";
import type { Construct } from "constructs";
import type { Environment } from "../../scripts/core/environments.ts";
import { recordHost } from "../../scripts/core/environments/domain-names.ts";
import type { DomainEntry } from "../domain.ts";

/** What the records of a load balancer are made of. */
export interface AliasRecordsProps {
  readonly variant: "external" | "internal";
  readonly domain: Environment["domain"];
  readonly zones: DomainEntry;
  /** Of the load balancer. */
  readonly dnsName: string;
  readonly zoneId: string;
}

/**
 * Adds the names that lead to a load balancer: an internal one's in the private zone.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/routing-to-elb-load-balancer.html
 */
export function addAliasRecords(
  scope: Construct,
  { variant, domain, zones, dnsName, zoneId }: AliasRecordsProps,
): void {
  const zone = variant === "internal" ? zones.privateZoneId : zones.publicZoneId;
  if (domain === undefined || zone === undefined) return;
  for (const name of domain.records[variant] ?? []) {
    new Route53Record(scope, `record-${idOf(name)}`, {
      zoneId: zone,
      name: recordHost(name, variant, domain),
      type: "A",
      alias: { name: dnsName, zoneId, evaluateTargetHealth: true },
    });
  }
}

/** Names in the file are lower-case. */
function idOf(name: string): string {
  return name.replace("@", "DOMAIN").replace("*", "ANY");
}
