/**
 * What has to hold between a load balancer's HTTPS, its other ports and its environment's domain.
 */
import type { Environment, LoadBalancerSettings } from "../environments.ts";
import type { Finding } from "./checks.ts";
import { wrongRegion } from "./checks-domain.ts";
import { below } from "./parts.ts";

/** What of an environment bears on HTTPS. */
export interface HttpsSurroundings {
  readonly region: string | undefined;
  /** `unknown` is there, and its own shape is wrong. */
  readonly domain: Environment["domain"] | "unknown";
}

/** Checks the HTTPS of a load balancer, and what else names something in another region. */
export function checkHttps(balancer: LoadBalancerSettings, surroundings: HttpsSurroundings): Finding[] {
  const { https, webAclArn } = balancer;
  const { region } = surroundings;
  const aclRegion = webAclArn?.split(":")[3];
  const acl = `The web ACL is in ${String(aclRegion)}, the load balancer in ${String(region)}. Name one of that region.`;
  return [
    ...(https === undefined ? [] : below(["https"], checkListener(https, balancer, surroundings))),
    ...(aclRegion !== undefined && region !== undefined && aclRegion !== region
      ? [{ path: ["webAclArn"], message: acl }]
      : []),
  ];
}

function checkListener(
  https: NonNullable<LoadBalancerSettings["https"]>,
  { listenerPort, testListenerPort }: LoadBalancerSettings,
  { region, domain }: HttpsSurroundings,
): Finding[] {
  const { port, certificateArn, additionalCertificateArns, mutualTls } = https;
  const findings: Finding[] = [];
  if (certificateArn === undefined && domain !== "unknown" && domain?.certificate === undefined) {
    const message =
      "HTTPS needs a certificate. Give its ARN in certificateArn, or have one made by the environment's domain: " +
      '"certificate": "request".';
    findings.push({ path: [], message });
  }
  const arns = [
    ...(certificateArn === undefined ? [] : [{ arn: certificateArn, path: ["certificateArn"] }]),
    ...additionalCertificateArns.map((arn, index) => ({ arn, path: ["additionalCertificateArns", index] })),
  ];
  for (const { arn, path } of arns) {
    findings.push(...wrongRegion(arn, region).map((message) => ({ path, message })));
  }
  if (port === listenerPort || port === testListenerPort) {
    const whose = port === listenerPort ? "the listener's for HTTP" : "the test listener's";
    findings.push({ path: ["port"], message: `Port ${port} is ${whose}. Choose another for HTTPS.` });
  }
  return [...findings, ...checkMutualTls(mutualTls)];
}

type MutualTls = NonNullable<NonNullable<LoadBalancerSettings["https"]>["mutualTls"]>;

function checkMutualTls(mutualTls: MutualTls | undefined): Finding[] {
  if (mutualTls?.mode !== "verify") return [];
  const { trustStoreArn, caCertificates } = mutualTls;
  if ((trustStoreArn === undefined) !== (caCertificates === undefined)) return [];
  const message =
    trustStoreArn === undefined
      ? "Nothing says whose certificates to accept. Give trustStoreArn or caCertificates."
      : "There is a trust store and what to make one of. Remove trustStoreArn or caCertificates.";
  return [{ path: ["mutualTls"], message }];
}
