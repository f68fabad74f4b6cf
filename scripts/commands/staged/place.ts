import type { Environment } from "../../core/environments.ts";
import { InvalidInputError } from "../../core/errors.ts";
import { stackOutputFolder } from "../../core/naming.ts";
import type { TrafficPlace } from "../../core/staged/model.ts";
import { stagedHost } from "../../core/staged/names.ts";
import type { ServiceAddress } from "../addresses.ts";
import type { RunContext } from "../run-context.ts";
import type { StageSettings } from "../strategy.ts";

/** The longest host that a rule may ask for. */
const longestHost = 128;

const anyId = "0".repeat(12);

/** An application whose deployments are services of their own. */
export interface StagedService {
  readonly address: ServiceAddress;
  readonly settings: StageSettings;
}

/** Hosts of an application, which the environments file alone tells. */
export type Hosts = Pick<TrafficPlace, "liveHost" | "stageUnder" | "hostedZoneId">;

/** The stacks know the id of a zone that they make. */
const ownZoneOutput = "hosted-zone-id";

/**
 * The live host, and what staged ones are below of: the environment's domain, else the live host.
 *
 * @throws InvalidInputError where the file does not tell them
 */
export function hostsOf(
  { name, domain, services }: Pick<Environment, "name" | "domain" | "services">,
  { address, settings }: StagedService,
): Hosts {
  const key = services[address.name] === undefined ? address.serviceName : address.name;
  const where = `environments.${name}.services.${key}.blueGreen.host`;
  const liveHost = settings.host ?? (domain && `${key}.${domain.name}`);
  if (liveHost === undefined) {
    throw new InvalidInputError(
      `${address.name} has no host: environment ${name} has no domain, and ${where} is not set in environments.jsonc. Set environments.${name}.domain.name or that host. Nothing was called.`,
    );
  }
  if (!/^[A-Za-z0-9.*?-]+$/.test(liveHost)) {
    throw new InvalidInputError(
      `${liveHost} can't be a host: a load balancer's rules take letters, digits, '-' and '.' alone. Set ${where} in environments.jsonc. Nothing was called.`,
    );
  }
  const stageUnder = domain?.name ?? liveHost.replace(/^\*\./, "");
  if (/[*?]/.test(stageUnder) || stagedHost(anyId, stageUnder).length > longestHost) {
    throw new InvalidInputError(
      `Staged deployments answer at <id>.stage.<domain>, and without a domain below their live host, ${liveHost}, which ${/[*?]/.test(stageUnder) ? "has wildcards" : "is too long for that"}. Set environments.${name}.domain.name in environments.jsonc. Nothing was called.`,
    );
  }
  return {
    liveHost: liveHost.toLowerCase(),
    stageUnder: stageUnder.toLowerCase(),
    ...(domain?.hostedZoneId === undefined ? {} : { hostedZoneId: domain.hostedZoneId }),
  };
}

/**
 * What the application's traffic goes through, as the stacks published it; with the stack's own listener.
 *
 * @throws InvalidInputError where the stacks have not published it, or the environments file does not tell the hosts
 */
export async function findPlace(
  service: StagedService,
  { environment, region, parameters }: RunContext,
): Promise<TrafficPlace & { readonly listenerArn: string }> {
  const hosts = hostsOf(environment, service);
  const { loadBalancer } = service.settings;
  const folder = stackOutputFolder(environment.name);
  const prefix = `${folder}alb-${loadBalancer}`;
  const hasOwnZone = environment.domain?.hostedZone === "own";
  const names = {
    ...(hasOwnZone ? { hostedZoneId: `${folder}${ownZoneOutput}` } : {}),
    loadBalancerArn: `${prefix}-arn`,
    dnsName: `${prefix}-dns-name`,
    zoneId: `${prefix}-zone-id`,
    listenerArn: `${prefix}-listener-arn`,
    vpcId: `${folder}vpc-id`,
  };
  const found = await parameters.read(Object.values(names));
  const missing: string[] = [];
  const valueOf = (name: string): string => {
    const value = found.get(name);
    if (value?.kind === "plain") return value.value;
    missing.push(name);
    return "";
  };
  const place = {
    ...hosts,
    ...(names.hostedZoneId === undefined ? {} : { hostedZoneId: valueOf(names.hostedZoneId) }),
    loadBalancerArn: valueOf(names.loadBalancerArn),
    dnsName: valueOf(names.dnsName),
    zoneId: valueOf(names.zoneId),
    listenerArn: valueOf(names.listenerArn),
    vpcId: valueOf(names.vpcId),
  };
  if (missing.length === 0) return place;
  throw new InvalidInputError(
    `The ${loadBalancer} load balancer of environment ${environment.name} can't be found: ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing in Parameter Store in ${region}. Its stack publishes them: npx cdktf deploy '${environment.name}-*'; or set ${service.address.name}'s blueGreen.loadBalancer. Nothing was changed.`,
  );
}
