/**
 * What has to hold where an environment uses the network and the load balancers of another.
 */
import type { Finding } from "./checks.ts";
import { accountOf } from "./checks-account.ts";
import { asObject, type Raw } from "./parts.ts";

/** The environment whose network one uses, by name, as the file has it; undefined where it describes its own. */
function namedOwner(raw: Raw): string | undefined {
  return typeof raw.sharesNetworkOf === "string" ? raw.sharesNetworkOf : undefined;
}

/** The environment that has the network which one uses, as far as the file tells: itself, or the one that it names. */
export function ownerOf(environments: Raw, name: string): string {
  const owner = namedOwner(asObject(environments[name]));
  return owner !== undefined && Object.hasOwn(environments, owner) ? owner : name;
}

/** Checks that an environment has one network: its own, or that of another in its Region that has its own. */
export function checkSharing(environments: Raw, name: string): Finding[] {
  const raw = asObject(environments[name]);
  if (raw.sharesNetworkOf === undefined) {
    const message =
      'The field "network" is missing. Describe the VPC, or name the environment whose VPC this one uses in "sharesNetworkOf".';
    return raw.network === undefined ? [{ path: ["network"], message }] : [];
  }
  const owner = namedOwner(raw);
  return [
    ...["network", "loadBalancers"].flatMap((field): Finding[] =>
      raw[field] === undefined ? [] : [{ path: [field], message: bothGiven(field, owner), place: "key" }],
    ),
    ...(owner === undefined ? [] : checkOwner(environments, name, owner)),
  ];
}

function bothGiven(field: string, owner: string | undefined): string {
  const whose = owner === undefined ? "the environment in sharesNetworkOf" : `environment "${owner}"`;
  const what = field === "network" ? "network is that" : "load balancers are those";
  return `The ${what} of ${whose}. Remove ${field}, or sharesNetworkOf.`;
}

function checkOwner(environments: Raw, name: string, owner: string): Finding[] {
  const at = (message: string): Finding[] => [{ path: ["sharesNetworkOf"], message }];
  if (owner === name) {
    return at(`"${name}" is this environment itself. Describe its network, or name another environment.`);
  }
  if (!Object.hasOwn(environments, owner)) {
    const others = Object.keys(environments).filter((other) => other !== name);
    const known = others.length === 0 ? "There is no other." : `There is ${others.join(", ")}.`;
    return at(`There is no environment "${owner}" in this file. ${known}`);
  }
  const next = asObject(environments[owner]);
  const further = namedOwner(next);
  if (further !== undefined) {
    return at(
      `"${owner}" itself shares the network of "${further}". Name the environment that has the network.`,
    );
  }
  const accounts = [accountOf(asObject(environments[name])), accountOf(next)];
  if (accounts.every((account) => account !== undefined) && accounts[0] !== accounts[1]) {
    return at(
      `"${owner}" is in account ${String(accounts[1])} and this environment in ${String(accounts[0])}; a VPC lies in ` +
        "one account. Move one of them, or describe a network here.",
    );
  }
  const regions = [asObject(environments[name]).region, next.region];
  return regions.every((region) => typeof region === "string") && regions[0] !== regions[1]
    ? at(
        `"${owner}" is in ${String(regions[1])} and this environment in ${String(regions[0])}; a VPC lies in one Region. ` +
          "Move one of them, or describe a network here.",
      )
    : [];
}
