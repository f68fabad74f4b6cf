/**
 * What has to hold between an environment's domain, its zones and its load balancers.
 *
 * @see https://docs.aws.amazon.com/acm/latest/userguide/dns-validation.html
 */
import type { Environment } from "../environments.ts";
import type { Finding } from "./checks.ts";
import { recordHost } from "./domain-names.ts";
import { liveHost } from "./live-host.ts";
import { below } from "./parts.ts";

type Domain = NonNullable<Environment["domain"]>;

/** What of an environment bears on its domain; `undefined` is not there, or its own shape is wrong. */
export interface DomainSurroundings {
  readonly region: string | undefined;
  /** The load balancers that the environment's requests come through. */
  readonly balancers: Readonly<Record<"external" | "internal", boolean>>;
  readonly services: Environment["services"];
}

/** Checks a domain: one zone of each kind at most, and a zone for whatever needs one. */
export function checkDomain(domain: Domain, surroundings: DomainSurroundings): Finding[] {
  return [
    ...checkZonesOf(domain),
    ...checkCertificate(domain, surroundings.region),
    ...below(
      ["records"],
      (["external", "internal"] as const).flatMap((variant) => checkRecords(domain, variant, surroundings)),
    ),
  ];
}

function hasPublicZone({ hostedZoneId, hostedZone }: Domain): boolean {
  return hostedZoneId !== undefined || hostedZone !== undefined;
}

function checkZonesOf({ hostedZoneId, hostedZone }: Domain): Finding[] {
  const message =
    "The domain has a zone that is given and one to be made. Remove hostedZone or hostedZoneId.";
  return hostedZoneId !== undefined && hostedZone !== undefined
    ? [{ path: ["hostedZone"], message, place: "key" }]
    : [];
}

function checkCertificate(domain: Domain, region: string | undefined): Finding[] {
  const { certificate, name } = domain;
  if (certificate === undefined) return [];
  if (certificate !== "request") {
    return wrongRegion(certificate, region).map((message) => ({ path: ["certificate"], message }));
  }
  const message =
    `ACM validates a certificate for ${name} by a record in its public zone, and there is none. Give the domain ` +
    'hostedZoneId, or "hostedZone": "own"; or name a certificate that is there by its ARN.';
  return hasPublicZone(domain) ? [] : [{ path: ["certificate"], message }];
}

/** What to say of a certificate that lies in another region than the load balancer that is to use it. */
export function wrongRegion(certificateArn: string, region: string | undefined): string[] {
  const other = certificateArn.split(":")[3];
  return region === undefined || other === region
    ? []
    : [`The certificate is in ${String(other)}, the load balancer in ${region}. Request one there.`];
}

function checkRecords(
  domain: Domain,
  variant: "external" | "internal",
  { balancers, services }: DomainSurroundings,
): Finding[] {
  const names = domain.records[variant];
  if (names === undefined) return [];
  const findings = names.flatMap((name, index): Finding[] => {
    const host = recordHost(name, variant, domain);
    const message = takenBy(host, names.slice(0, index).includes(name), { domain, services });
    return message === undefined ? [] : [{ path: [index], message }];
  });
  if (!balancers[variant]) {
    const message = `The environment has no ${variant} load balancer. Describe it in loadBalancers, or remove these names.`;
    findings.push({ path: [], message, place: "key" });
  }
  if (variant === "external" ? !hasPublicZone(domain) : domain.privateZone === undefined) {
    const zone = variant === "external" ? "hostedZoneId or hostedZone" : "a privateZone";
    const message = `There is no zone for these names. Give the domain ${zone}, or remove them.`;
    findings.push({ path: [], message, place: "key" });
  }
  return below([variant], findings);
}

/** Why a record can't be made of a name, if so. */
function takenBy(
  host: string,
  twice: boolean,
  { domain, services }: { readonly domain: Domain; readonly services: Environment["services"] },
): string | undefined {
  if (twice) return `"${host}" stands twice. Name it once.`;
  const staged = Object.entries(services).find(
    ([name, { blueGreen }]) =>
      blueGreen?.by === "stage" && liveHost(name, blueGreen, domain)?.toLowerCase() === host,
  );
  return staged === undefined
    ? undefined
    : `"${host}" is the host of service "${staged[0]}", whose deployments make its record themselves. Remove it here.`;
}

/** Checks environments against each other: a public zone of a name is made once. */
export function checkZonesTogether(
  domains: readonly { readonly name: string; readonly domain: Domain }[],
): { readonly name: string; readonly finding: Finding }[] {
  const own = domains.filter(({ domain }) => domain.hostedZone === "own");
  return own.flatMap(({ name, domain }, index) => {
    const other = own.slice(0, index).find((one) => one.domain.name === domain.name);
    const message =
      `The public zone ${domain.name} is made by environment "${String(other?.name)}"; of two zones with one name ` +
      "only one is asked. Give this environment a domain of its own, as in test.example.com.";
    return other === undefined ? [] : [{ name, finding: { path: ["domain", "hostedZone"], message } }];
  });
}
