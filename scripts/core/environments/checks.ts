/**
 * What has to hold between several fields of environments.jsonc.
 */
import type { Environment, InstanceGroupSettings, LoadBalancerSettings } from "../environments.ts";
import { alignedBlock, formatCidr, overlaps, parseCidr } from "./cidr.ts";
import type { DocumentPath } from "./document.ts";
import { LONGEST_VPC_PREFIX, SHORTEST_VPC_PREFIX } from "./subnets.ts";

/** A finding, placed relative to what was checked. */
export interface Finding {
  readonly path: DocumentPath;
  readonly message: string;
  readonly place?: "key" | "value";
}

/** Checks a name that every resource of the environment will carry. */
export function checkName(name: string): Finding[] {
  const reserved = /^(aws|ecs|fargate|internal-)/.exec(name)?.[0];
  const findings: Finding[] = [];
  if (reserved !== undefined) {
    const owner = reserved === "internal-" ? "a load balancer" : "a capacity provider";
    const message = `"${name}" begins with "${reserved}", which AWS refuses in the name of ${owner}. Choose another.`;
    findings.push({ path: [], message, place: "key" });
  }
  if (name.endsWith("-") || name.includes("--")) {
    const message = `"${name}" ends in a hyphen or has two in a row; load balancer names take single inner ones only.`;
    findings.push({ path: [], message, place: "key" });
  }
  return findings;
}

/** Checks that a VPC's block is one, and of a size that AWS and the load balancers accept. */
export function checkCidr(cidr: string): Finding[] {
  const block = parseCidr(cidr);
  if (block === undefined) {
    return here(`"${cidr}" is not an IPv4 block. Write an address and a prefix length, as in 10.0.0.0/16.`);
  }
  const aligned = alignedBlock(block);
  if (aligned.first !== block.first) {
    return here(
      `${cidr} does not start where its prefix does. The block around it is ${formatCidr(aligned)}.`,
    );
  }
  const allowed = `Use a /${SHORTEST_VPC_PREFIX} to a /${LONGEST_VPC_PREFIX}.`;
  if (block.prefix < SHORTEST_VPC_PREFIX) {
    return here(`${cidr} is larger than AWS allows. ${allowed}`);
  }
  return block.prefix > LONGEST_VPC_PREFIX
    ? here(`${cidr} is too small for subnets that hold a load balancer. ${allowed}`)
    : [];
}

/** Checks named zones: of the region if that is known, and each once. */
export function checkZones(zones: Environment["network"]["zones"], region: string | undefined): Finding[] {
  if (typeof zones === "number") {
    return [];
  }
  return zones.flatMap((zone, index): Finding[] => {
    if (region !== undefined && !new RegExp(`^${region}[a-z]$`).test(zone)) {
      return [
        { path: [index], message: `"${zone}" is not a zone of ${region}; those are named as in ${region}a.` },
      ];
    }
    return zones.indexOf(zone) < index
      ? [{ path: [index], message: `"${zone}" stands twice. Name each zone once; at least two are needed.` }]
      : [];
  });
}

/** Checks that listener rules have a priority of their own and as many conditions as AWS allows. */
export function checkRules(rules: LoadBalancerSettings["rules"]): Finding[] {
  return rules.flatMap((rule, index): Finding[] => {
    const first = rules.findIndex((other) => other.priority === rule.priority);
    const taken = `Priority ${rule.priority} is taken by rules[${first}]. Give each rule one of its own.`;
    const count = (rule.hosts?.length ?? 0) + (rule.paths?.length ?? 0);
    return [
      ...(first < index ? [{ path: [index, "priority"], message: taken }] : []),
      ...(count === 0
        ? [{ path: [index], message: "The rule has no condition. Give it hosts, paths or both." }]
        : []),
      ...(count > 5
        ? [
            {
              path: [index],
              message: `The rule has ${count} condition values; AWS allows 5. Split it in two.`,
            },
          ]
        : []),
    ];
  });
}

/** Checks that a health check ends before the next one begins, and that its ranges of codes run upwards. */
export function checkHealthCheck(
  check: LoadBalancerSettings["targetGroups"]["ip"]["healthCheck"],
): Finding[] {
  const { timeoutSeconds, intervalSeconds, matcher } = check;
  const message = `A timeout of ${timeoutSeconds} s is not below the interval of ${intervalSeconds} s. Lower it.`;
  const empty = matcher.split(",").flatMap((range) => {
    const [from = "", to = from] = range.split("-");
    return from <= to ? [] : [{ path: ["matcher"], message: `${range} holds no code. Write ${to}-${from}.` }];
  });
  return [...(timeoutSeconds < intervalSeconds ? [] : [{ path: ["timeoutSeconds"], message }]), ...empty];
}

/** Checks the name of an extra instance group. */
export function checkGroupName(name: string): Finding[] {
  const message = '"default" is the name of the group "ec2". Choose another.';
  return name === "default" ? [{ path: [], message, place: "key" }] : [];
}

/** Checks that the numbers of hosts are in order; a group of none is allowed. */
export function checkSizes({ min, desired, max }: InstanceGroupSettings): Finding[] {
  if (min > max) {
    return [{ path: ["min"], message: `min ${min} is above max ${max}. Lower min or raise max.` }];
  }
  const message = `desired ${desired} is not between min ${min} and max ${max}. Change one of them.`;
  return desired < min || desired > max ? [{ path: ["desired"], message }] : [];
}

/** Checks that the default strategy places tasks, and has one base at most. */
export function checkStrategy(strategy: Environment["cluster"]["defaultStrategy"]): Finding[] {
  if (strategy === undefined) return [];
  const { fargate, fargateSpot } = strategy;
  const findings: Finding[] = [];
  if (fargate.weight + fargateSpot.weight === 0) {
    findings.push(...here("Both weights are 0, so no task could be placed. Give one a weight."));
  }
  if (fargate.base > 0 && fargateSpot.base > 0) {
    const message = "AWS allows one base in a strategy. Set one of the two to 0.";
    findings.push({ path: ["fargateSpot", "base"], message });
  }
  return findings;
}

/** Checks that a service names a host port only where it has one. */
export function checkService(service: Environment["services"][string]): Finding[] {
  const message = `In network mode ${service.networkMode} the host port is the container's. Remove hostPort.`;
  return service.hostPort === undefined || service.networkMode === "bridge"
    ? []
    : [{ path: ["hostPort"], message }];
}

/** Checks the secrets prefix against what Parameter Store keeps for AWS. */
export function checkSecretsPrefix(prefix: string): Finding[] {
  return /^\/(aws|ssm)/i.test(prefix)
    ? here(`"${prefix}" begins with a name that Parameter Store keeps for AWS. Choose another.`)
    : [];
}

/** Checks environments against each other: networks that overlap could never be connected. */
export function checkTogether(
  environments: readonly { readonly name: string; readonly cidr: string }[],
): { readonly name: string; readonly finding: Finding }[] {
  return environments.flatMap((one, index) =>
    environments.slice(0, index).flatMap((other) => {
      const [block, otherBlock] = [parseCidr(one.cidr), parseCidr(other.cidr)];
      if (!block || !otherBlock || !overlaps(alignedBlock(block), alignedBlock(otherBlock))) {
        return [];
      }
      const message =
        `${one.cidr} overlaps ${other.cidr} of environment "${other.name}", so the two could never be connected. ` +
        "Choose a block of its own.";
      return [{ name: one.name, finding: { path: ["network", "cidr"], message } }];
    }),
  );
}

function here(message: string): Finding[] {
  return [{ path: [], message }];
}
