/**
 * Runs the checks that span fields on every part of the file whose own shape is right, so that a mistake in one place
 * hides none in another.
 */
import {
  checkCidr,
  checkGroupName,
  checkHealthCheck,
  checkName,
  checkRules,
  checkSecretsPrefix,
  checkService,
  checkSizes,
  checkStrategy,
  checkTogether,
  checkZones,
} from "./checks.ts";
import type { Finding } from "./checks.ts";
import type { Environment } from "../environments.ts";
import { checkAccess, checkAccounts, checkRegion, checkState } from "./checks-account.ts";
import { checkBlueGreen } from "./checks-blue-green.ts";
import type { ServiceSurroundings, Variant } from "./checks-blue-green.ts";
import { checkDomain, checkZonesTogether } from "./checks-domain.ts";
import { checkMonitoring } from "./checks-monitoring.ts";
import { checkHosts, checkServicesOnHosts } from "./checks-hosts.ts";
import { checkHttps } from "./checks-https.ts";
import { checkTestListener } from "./checks-load-balancer.ts";
import { checkTargetGroupNames } from "./checks-names.ts";
import { checkPipelines } from "./checks-pipelines.ts";
import { checkRegistries } from "./checks-registry.ts";
import { checkSharing, ownerOf } from "./checks-sharing.ts";
import { checkClaims } from "./checks-traffic.ts";
import { claimsByBalancer } from "./claims.ts";
import type { ParsedDocument, Problem } from "./document.ts";
import { asObject, below, within } from "./parts.ts";
import type { Raw } from "./parts.ts";
import { instanceGroup, service } from "./schema-cluster.ts";
import { loadBalancer, targetGroup } from "./schema-load-balancer.ts";
import { environmentSchema } from "./schema.ts";

/** Everything that is wrong between fields, placed in the document. */
export function crossFieldProblems(document: ParsedDocument): Problem[] {
  const file = asObject(document.value);
  const written = asObject(file.environments);
  const environments = Object.entries(written).map(([name, raw]) => ({ name, raw: asObject(raw) }));
  const empty =
    typeof file.environments === "object" && environments.length === 0
      ? [document.problemAt(["environments"], "There is no environment. Describe at least one.")]
      : [];
  const networks = environments.map(({ name, raw }) => ({ name, cidr: String(asObject(raw.network).cidr) }));
  const findings = [
    ...environments.flatMap(({ name, raw }) =>
      below([name], [...checkEnvironment(name, raw), ...checkSharing(written, name)]),
    ),
    ...environments.flatMap(({ name }) => below([name], checkServices(written, name))),
    ...environments.flatMap(({ name }) => below([name], checkTraffic(written, name))),
    ...checkZonesTogether(domainsOf(environments)).flatMap(({ name, finding }) => below([name], [finding])),
    ...checkTogether(networks).flatMap(({ name, finding }) => below([name], [finding])),
    ...claimsByBalancer(written).flatMap(checkClaims),
    ...checkTargetGroupNames(written),
    ...checkRegistries(written),
    ...checkAccounts(written),
  ];
  return [
    ...empty,
    ...checkState(file.state, written).map(({ path, message, place }) =>
      document.problemAt(path, message, place),
    ),
    ...checkPipelines(file).map(({ path, message, place }) => document.problemAt(path, message, place)),
    ...findings.map(({ path, message, place }) =>
      document.problemAt(["environments", ...path], message, place),
    ),
  ];
}

function checkEnvironment(name: string, raw: Raw): Finding[] {
  const { network, region, secretsPrefix } = environmentSchema.shape;
  const { cidr, zones } = network.unwrap().shape;
  const rawNetwork = asObject(raw.network);
  const knownRegion = region.safeParse(raw.region).data;
  return [
    ...checkName(name),
    ...within(["region"], region, raw.region, checkRegion),
    ...checkAccess(raw),
    ...within(["network", "cidr"], cidr, rawNetwork.cidr, checkCidr),
    ...within(["network", "zones"], zones, rawNetwork.zones, (given) => checkZones(given, knownRegion)),
    ...below(["loadBalancers"], checkLoadBalancers(asObject(raw.loadBalancers))),
    ...below(["cluster"], checkCluster(asObject(raw.cluster))),
    ...checkMonitoring(raw, knownRegion),
    ...checkServicesOnHosts(raw),
    ...within(["secretsPrefix"], secretsPrefix.unwrap(), raw.secretsPrefix, checkSecretsPrefix),
  ];
}

function checkServices(environments: Raw, name: string): Finding[] {
  const raw = asObject(environments[name]);
  const balancers = asObject(asObject(environments[ownerOf(environments, name)]).loadBalancers);
  const known = (variant: Variant): ServiceSurroundings["loadBalancers"][Variant] =>
    balancers[variant] === undefined
      ? undefined
      : (loadBalancer.safeParse(balancers[variant]).data ?? "unknown");
  const { region, domain } = environmentSchema.shape;
  const parsedDomain = domain.safeParse(raw.domain);
  const cluster = asObject(raw.cluster);
  const surroundings: ServiceSurroundings = {
    region: region.safeParse(raw.region).data,
    loadBalancers: { external: known("external"), internal: known("internal") },
    domain: parsedDomain.success ? parsedDomain.data : "unknown",
    hasHosts:
      typeof cluster.ec2 !== "object" ||
      cluster.ec2 !== null ||
      Object.keys(asObject(cluster.extraInstanceGroups)).length > 0,
  };
  return Object.entries(asObject(raw.services)).flatMap(([key, value]) =>
    within(["services", key], service, value, (parsed) => [
      ...checkService(parsed),
      ...checkBlueGreen(key, parsed, surroundings),
    ]),
  );
}

function domainsOf(
  environments: readonly { readonly name: string; readonly raw: Raw }[],
): { readonly name: string; readonly domain: NonNullable<Environment["domain"]> }[] {
  return environments.flatMap(({ name, raw }) => {
    const domain = environmentSchema.shape.domain.safeParse(raw.domain).data;
    return domain === undefined ? [] : [{ name, domain }];
  });
}

/** What the domain and the load balancers want of each other. */
function checkTraffic(environments: Raw, name: string): Finding[] {
  const raw = asObject(environments[name]);
  const { region, domain, services } = environmentSchema.shape;
  const knownRegion = region.safeParse(raw.region).data;
  const parsedDomain = domain.safeParse(raw.domain);
  const own = asObject(raw.loadBalancers);
  const shared = asObject(asObject(environments[ownerOf(environments, name)]).loadBalancers);
  const domainSurroundings = {
    region: knownRegion,
    balancers: { external: shared.external !== undefined, internal: shared.internal !== undefined },
    services: services.safeParse(raw.services).data ?? {},
  };
  const httpsSurroundings = {
    region: knownRegion,
    domain: parsedDomain.success ? parsedDomain.data : ("unknown" as const),
  };
  return [
    ...within(["domain"], domain.unwrap(), raw.domain, (given) => checkDomain(given, domainSurroundings)),
    ...(["external", "internal"] as const).flatMap((variant) =>
      within(["loadBalancers", variant], loadBalancer, own[variant], (given) =>
        checkHttps(given, httpsSurroundings),
      ),
    ),
  ];
}

function checkLoadBalancers(raw: Raw): Finding[] {
  return ["external", "internal"].flatMap((variant) => {
    const balancer = asObject(raw[variant]);
    const targetGroups = asObject(balancer.targetGroups);
    const rules = within(["rules"], loadBalancer.shape.rules, balancer.rules, checkRules);
    const health = ["instance", "ip"].flatMap((type) =>
      within(
        ["targetGroups", type, "healthCheck"],
        targetGroup.shape.healthCheck,
        asObject(targetGroups[type]).healthCheck,
        checkHealthCheck,
      ),
    );
    const listeners = within([], loadBalancer, raw[variant], checkTestListener);
    return below([variant], [...rules, ...health, ...listeners]);
  });
}

function checkCluster(raw: Raw): Finding[] {
  const { defaultStrategy } = environmentSchema.shape.cluster.shape;
  return [
    ...below(["ec2"], checkGroup(raw.ec2)),
    ...Object.entries(asObject(raw.extraInstanceGroups)).flatMap(([name, group]) => [
      ...below(["extraInstanceGroups", name], checkGroupName(name)),
      ...below(["extraInstanceGroups", name], checkGroup(group)),
    ]),
    ...within(["defaultStrategy"], defaultStrategy, raw.defaultStrategy, checkStrategy),
  ];
}

function checkGroup(raw: unknown): Finding[] {
  return [...within([], instanceGroup, raw, checkSizes), ...checkHosts(asObject(raw))];
}
