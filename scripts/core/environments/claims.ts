/**
 * Who wants requests of the load balancers of a file whose every part may still be wrong.
 */
import type { Claim } from "./checks-traffic.ts";
import type { Variant } from "./checks-blue-green.ts";
import { ownerOf } from "./checks-sharing.ts";
import type { DocumentPath } from "./document.ts";
import { liveHost } from "./live-host.ts";
import { asObject, type Raw } from "./parts.ts";
import { service as serviceSchema } from "./schema-cluster.ts";
import { loadBalancer as loadBalancerSchema } from "./schema-load-balancer.ts";
import { environmentSchema } from "./schema.ts";

const variants = ["external", "internal"] as const;

/** The claims on each load balancer of the file, rules first, then services in the order of the file. */
export function claimsByBalancer(environments: Raw): readonly (readonly Claim[])[] {
  const names = Object.keys(environments);
  return names.flatMap((owner) => {
    const users = names.filter((name) => ownerOf(environments, name) === owner);
    return variants.map((variant) => [
      ...ruleClaims(environments, owner, variant),
      ...users.flatMap((user) =>
        serviceClaims(environments, user, variant, user === owner ? undefined : user),
      ),
    ]);
  });
}

function ruleClaims(environments: Raw, owner: string, variant: Variant): Claim[] {
  const balancer = asObject(asObject(asObject(environments[owner]).loadBalancers)[variant]);
  const rules = loadBalancerSchema.shape.rules.safeParse(balancer.rules);
  return (rules.data ?? []).map((rule, index) => ({
    path: [owner, "loadBalancers", variant, "rules", index],
    owner: `rules[${index}]`,
    isRule: true,
    priority: rule.priority,
    hosts: (rule.hosts ?? []).map((host) => host.toLowerCase()),
    paths: rule.paths ?? [],
  }));
}

/** @param abroad the environment's name, where the load balancer is another's */
function serviceClaims(
  environments: Raw,
  user: string,
  variant: Variant,
  abroad: string | undefined,
): Claim[] {
  const raw = asObject(environments[user]);
  const domain = environmentSchema.shape.domain.safeParse(raw.domain).data;
  return Object.entries(asObject(raw.services)).flatMap(([name, written]) => {
    const settings = serviceSchema.safeParse(written).data?.blueGreen;
    if (settings?.loadBalancer !== variant) return [];
    const path: DocumentPath = [user, "services", name, "blueGreen"];
    const host = liveHost(name, settings, domain)?.toLowerCase();
    const listener = settings.by === "stage" ? settings.listener : undefined;
    const claim: Claim = {
      path,
      owner: `service "${name}"${abroad === undefined ? "" : ` of environment "${abroad}"`}`,
      isRule: false,
      priority: settings.by === "stage" ? undefined : settings.priority,
      hosts: host === undefined ? [] : [host],
      paths: settings.by === "stage" ? [] : (settings.paths ?? []),
      hostField: settings.host === undefined ? undefined : "host",
      listener: listener && {
        port: listener.port,
        settings: `${listener.protocol} ${listener.certificateArn ?? ""}`,
      },
    };
    return [claim];
  });
}
