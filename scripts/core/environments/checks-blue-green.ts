/**
 * What has to hold between a service's blue/green settings and its environment.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 */
import type { Environment, LoadBalancerSettings } from "../environments.ts";
import { checkHealthCheck } from "./checks.ts";
import type { Finding } from "./checks.ts";
import { wrongRegion } from "./checks-domain.ts";
import { liveHost } from "./live-host.ts";
import { below } from "./parts.ts";
import { hostName } from "./schema-load-balancer.ts";

/** A service of an environment. */
export type ServiceSettings = Environment["services"][string];
/** How its deployments get their traffic. */
type BlueGreenSettings = NonNullable<ServiceSettings["blueGreen"]>;
/** Internet-facing, or inside the VPC. */
export type Variant = "external" | "internal";

/** What of an environment bears on its services; `unknown` is there, and its own shape is wrong. */
export interface ServiceSurroundings {
  readonly region: string | undefined;
  readonly loadBalancers: Readonly<Record<Variant, LoadBalancerSettings | "unknown" | undefined>>;
  readonly domain: Environment["domain"] | "unknown";
  readonly hasHosts: boolean;
}

/** Checks one service's way of deploying, where it has one. */
export function checkBlueGreen(
  name: string,
  service: ServiceSettings,
  surroundings: ServiceSurroundings,
): Finding[] {
  const { blueGreen } = service;
  if (blueGreen === undefined) return [];
  const { domain } = surroundings;
  const findings = [
    ...checkBalancer(blueGreen, surroundings),
    ...(domain === "unknown" ? [] : checkHost(name, blueGreen, domain)),
    ...checkCapacity(service.networkMode, surroundings.hasHosts),
    ...below(["targetGroup", "healthCheck"], checkHealthCheck(blueGreen.targetGroup.healthCheck)),
    ...(blueGreen.by === "stage" ? checkListener(blueGreen, surroundings) : []),
    ...(blueGreen.by === "codeDeploy" ? checkApproval(blueGreen, surroundings) : []),
  ];
  return below(["blueGreen"], findings);
}

function checkBalancer(
  { loadBalancer }: BlueGreenSettings,
  { loadBalancers }: ServiceSurroundings,
): Finding[] {
  if (loadBalancers[loadBalancer] !== undefined) return [];
  const other = loadBalancer === "external" ? "internal" : "external";
  const has = loadBalancers[other] === undefined ? "has none" : `has "${other}" alone`;
  const message = `The environment ${has}, not "${loadBalancer}". Name one that it has, or describe it in loadBalancers.`;
  return [{ path: ["loadBalancer"], message }];
}

function checkHost(name: string, settings: BlueGreenSettings, domain: Environment["domain"]): Finding[] {
  const { by, host } = settings;
  if (by === "stage" && domain === undefined) {
    const message =
      "A staged deployment answers at <id>.stage.<domain>, and the environment has no domain. Give it one.";
    return [{ path: [], message }];
  }
  if (by !== "stage" && host === undefined && domain === undefined && settings.paths === undefined) {
    const message =
      "Nothing says which requests are the service's. Give it a host or paths, or the environment a domain.";
    return [{ path: [], message }];
  }
  if (by === "stage" && host !== undefined && /[*?]/.test(host.replace(/^\*\./, ""))) {
    const message = `"${host}" cannot be a DNS record: of wildcards, that takes a first label of * alone. Name it in full.`;
    return [{ path: ["host"], message }];
  }
  const live = liveHost(name, settings, domain);
  return host !== undefined || live === undefined ? [] : checkDefaultHost(name, live);
}

/** The host that follows from the service's name has to be one: the name takes more than DNS does. */
function checkDefaultHost(name: string, live: string): Finding[] {
  const problem =
    live.length > 128
      ? `has ${live.length} characters; a load balancer takes 128`
      : name.length > 63
        ? `begins with a label of ${name.length} characters; DNS takes 63`
        : !hostName.safeParse(live).success || /^-|^[^.]*-\./.test(live)
          ? "is no host name: letters, digits and inner hyphens only"
          : undefined;
  return problem === undefined
    ? []
    : [{ path: [], message: `The service's host, "${live}", ${problem}. Give it another in "host".` }];
}

/** Target groups of type instance have no target where there is no host. */
function checkCapacity(networkMode: ServiceSettings["networkMode"], hasHosts: boolean): Finding[] {
  if (networkMode === "awsvpc" || hasHosts) return [];
  const message =
    `In network mode ${networkMode} the service's target groups take hosts, and the environment has none. ` +
    "Use awsvpc, or describe hosts in cluster.ec2.";
  return [{ path: [], message }];
}

type StageSettings = Extract<BlueGreenSettings, { by: "stage" }>;

function checkListener(settings: StageSettings, { region, loadBalancers }: ServiceSurroundings): Finding[] {
  const { listener } = settings;
  if (listener === undefined) return [];
  const { port, protocol, certificateArn } = listener;
  const balancer = loadBalancers[settings.loadBalancer];
  const known = balancer === "unknown" ? undefined : balancer;
  const findings: Finding[] = [];
  const isOwnHttps = known?.https !== undefined && port === known.https.port;
  if (protocol === "HTTPS" && certificateArn === undefined && !isOwnHttps) {
    const message = "An HTTPS listener needs a certificate. Give its ARN in certificateArn.";
    findings.push({ path: ["protocol"], message });
  }
  if (protocol === "HTTP" && certificateArn !== undefined) {
    const message =
      'A listener for HTTP has no certificate. Set protocol to "HTTPS", or remove certificateArn.';
    findings.push({ path: ["certificateArn"], message });
  }
  if (certificateArn !== undefined) {
    const wrong = wrongRegion(certificateArn, region);
    findings.push(...wrong.map((message) => ({ path: ["certificateArn"], message })));
  }
  if (isOwnHttps && protocol === "HTTP") {
    const message = `Port ${port} is that of the load balancer's own listener, which is for HTTPS. Choose another port.`;
    findings.push({ path: ["port"], message });
  }
  if (port === known?.listenerPort && (protocol === "HTTPS" || known.https !== undefined)) {
    const purpose = known.https === undefined ? "is for HTTP" : "sends clients on to HTTPS";
    const message = `Port ${port} is that of the load balancer's own listener, which ${purpose}. Choose another port.`;
    findings.push({ path: ["port"], message });
  }
  if (port === known?.testListenerPort) {
    const message = `Port ${port} is that of the test listener. Choose another port for the service.`;
    findings.push({ path: ["port"], message });
  }
  return below(["listener"], findings);
}

/** Who approves has to be able to look at it first. */
function checkApproval(
  { approvalMinutes, loadBalancer }: Extract<BlueGreenSettings, { by: "codeDeploy" }>,
  { loadBalancers }: ServiceSurroundings,
): Finding[] {
  const balancer = loadBalancers[loadBalancer];
  if (approvalMinutes === 0 || typeof balancer !== "object" || balancer.testListenerPort !== undefined) {
    return [];
  }
  const message =
    `Deployments wait ${approvalMinutes} minutes for approval, and nobody could look at them: the load balancer has no ` +
    `test listener. Give it a testListenerPort, or set approvalMinutes to 0.`;
  return [{ path: ["approvalMinutes"], message }];
}
