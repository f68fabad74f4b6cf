/**
 * Runs the checks that span fields on every part of the file whose own shape is right, so that a mistake in one place
 * hides none in another.
 */
import type * as z from "zod";
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
import type { DocumentPath, ParsedDocument, Problem } from "./document.ts";
import { instanceGroup, service } from "./schema-cluster.ts";
import { loadBalancer, targetGroup } from "./schema-load-balancer.ts";
import { environmentSchema } from "./schema.ts";

type Raw = Readonly<Record<string, unknown>>;

/** Everything that is wrong between fields, placed in the document. */
export function crossFieldProblems(document: ParsedDocument): Problem[] {
  const file = asObject(document.value);
  const environments = Object.entries(asObject(file.environments)).map(([name, raw]) => ({
    name,
    raw: asObject(raw),
  }));
  const empty =
    typeof file.environments === "object" && environments.length === 0
      ? [document.problemAt(["environments"], "There is no environment. Describe at least one.")]
      : [];
  const networks = environments.map(({ name, raw }) => ({ name, cidr: String(asObject(raw.network).cidr) }));
  const findings = [
    ...environments.flatMap(({ name, raw }) => below([name], checkEnvironment(name, raw))),
    ...checkTogether(networks).flatMap(({ name, finding }) => below([name], [finding])),
  ];
  return [
    ...empty,
    ...findings.map(({ path, message, place }) =>
      document.problemAt(["environments", ...path], message, place),
    ),
  ];
}

function checkEnvironment(name: string, raw: Raw): Finding[] {
  const { network, region, secretsPrefix } = environmentSchema.shape;
  const rawNetwork = asObject(raw.network);
  const knownRegion = region.safeParse(raw.region).data;
  return [
    ...checkName(name),
    ...within(["network", "cidr"], network.shape.cidr, rawNetwork.cidr, checkCidr),
    ...within(["network", "zones"], network.shape.zones, rawNetwork.zones, (zones) =>
      checkZones(zones, knownRegion),
    ),
    ...below(["loadBalancers"], checkLoadBalancers(asObject(raw.loadBalancers))),
    ...below(["cluster"], checkCluster(asObject(raw.cluster))),
    ...Object.entries(asObject(raw.services)).flatMap(([key, value]) =>
      within(["services", key], service, value, checkService),
    ),
    ...within(["secretsPrefix"], secretsPrefix.unwrap(), raw.secretsPrefix, checkSecretsPrefix),
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
    return below([variant], [...rules, ...health]);
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

/** Checks a part whose shape is right and places what is found below `prefix`. */
function within<Schema extends z.ZodType>(
  prefix: DocumentPath,
  schema: Schema,
  raw: unknown,
  check: (value: z.output<Schema>) => Finding[],
): Finding[] {
  const parsed = schema.safeParse(raw);
  return parsed.success ? below(prefix, check(parsed.data)) : [];
}

function below(prefix: DocumentPath, findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => ({ ...finding, path: [...prefix, ...finding.path] }));
}

function asObject(value: unknown): Raw {
  // Narrowed to any object but an array, whose fields stay unknown.
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Raw) : {};
}
