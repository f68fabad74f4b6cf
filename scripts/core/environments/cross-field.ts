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
import { checkBlueGreen } from "./checks-blue-green.ts";
import type { ServiceSurroundings, Variant } from "./checks-blue-green.ts";
import { checkTestListener } from "./checks-load-balancer.ts";
import { checkTargetGroupNames } from "./checks-names.ts";
import { checkPipelines } from "./checks-pipelines.ts";
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
    ...checkTogether(networks).flatMap(({ name, finding }) => below([name], [finding])),
    ...claimsByBalancer(written).flatMap(checkClaims),
    ...checkTargetGroupNames(written),
  ];
  return [
    ...empty,
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
    ...within(["network", "cidr"], cidr, rawNetwork.cidr, checkCidr),
    ...within(["network", "zones"], zones, rawNetwork.zones, (given) => checkZones(given, knownRegion)),
    ...below(["loadBalancers"], checkLoadBalancers(asObject(raw.loadBalancers))),
    ...below(["cluster"], checkCluster(asObject(raw.cluster))),
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
    ...within(["ec2"], instanceGroup, raw.ec2, checkSizes),
    ...Object.entries(asObject(raw.extraInstanceGroups)).flatMap(([name, group]) => [
      ...below(["extraInstanceGroups", name], checkGroupName(name)),
      ...within(["extraInstanceGroups", name], instanceGroup, group, checkSizes),
    ]),
    ...within(["defaultStrategy"], defaultStrategy, raw.defaultStrategy, checkStrategy),
  ];
}
