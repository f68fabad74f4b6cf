/**
 * What has to hold between all who want requests of one load balancer: its own rules, and services, also those of
 * environments that share it.
 */
import type { Finding } from "./checks.ts";
import type { DocumentPath } from "./document.ts";

/** Requests that somebody wants. */
export interface Claim {
  /** The rule or the service's settings, from the environments on. */
  readonly path: DocumentPath;
  /** As a message names it. */
  readonly owner: string;
  /** Rules of the file are checked against each other elsewhere. */
  readonly isRule: boolean;
  /** Absent for what gets its rules from deployments, whose priorities come before all of these. */
  readonly priority?: number | undefined;
  /** Lower case; none means any. */
  readonly hosts: readonly string[];
  /** None means any. */
  readonly paths: readonly string[];
  /** Where the host stands, if not in `path`. */
  readonly hostField?: string | undefined;
  /** The listener that a staged service wants for itself. */
  readonly listener?: { readonly port: number; readonly settings: string } | undefined;
}

/** Checks the claim of each service against those before it; rules come first. */
export function checkClaims(claims: readonly Claim[]): Finding[] {
  return claims.flatMap((claim, index) => {
    const others = claims.slice(0, index);
    return claim.isRule
      ? []
      : [...samePriority(claim, others), ...sameHost(claim, others), ...samePort(claim, others)];
  });
}

function samePriority({ path, priority }: Claim, others: readonly Claim[]): Finding[] {
  const other = others.find((candidate) => priority !== undefined && candidate.priority === priority);
  if (other === undefined) return [];
  const message = `Priority ${String(priority)} is taken by ${other.owner}. Give the service one of its own.`;
  return [{ path: [...path, "priority"], message }];
}

function sameHost(claim: Claim, others: readonly Claim[]): Finding[] {
  for (const host of claim.hosts) {
    const other = others.find((candidate) => candidate.hosts.includes(host) && collides(claim, candidate));
    if (other !== undefined) {
      const path = claim.hostField === undefined ? claim.path : [...claim.path, claim.hostField];
      const message =
        `Requests for ${host}${describePaths(claim, other)} belong to ${other.owner} on the same load balancer. ` +
        "Give the service a host of its own, or paths that are asked for first.";
      return [{ path, message }];
    }
  }
  return [];
}

/** Whether one of two that want the same host would get nothing of it, or both the same path. */
function collides(one: Claim, other: Claim): boolean {
  if (one.priority === undefined || other.priority === undefined) return true;
  if (one.paths.length === 0 && other.paths.length === 0) return true;
  if (one.paths.length === 0) return one.priority < other.priority;
  if (other.paths.length === 0) return other.priority < one.priority;
  return one.paths.some((path) => other.paths.includes(path));
}

function describePaths({ paths }: Claim, other: Claim): string {
  const shared = paths.filter((path) => other.paths.includes(path));
  return shared.length === 0 ? "" : shared.join(" and ");
}

function samePort({ path, listener }: Claim, others: readonly Claim[]): Finding[] {
  if (listener === undefined) return [];
  const other = others.find(
    (candidate) =>
      candidate.listener?.port === listener.port && candidate.listener.settings !== listener.settings,
  );
  if (other === undefined) return [];
  const message =
    `${other.owner} has a listener on port ${listener.port} with another protocol or certificate. ` +
    "Use the same, or another port.";
  return [{ path: [...path, "listener", "port"], message }];
}
