/**
 * The listeners of a load balancer. Deployments move what they do by default; Terraform must not move it back.
 */
import { AlbListenerCertificate } from "@cdktf/provider-aws/lib/alb-listener-certificate/index.js";
import { AlbListener } from "@cdktf/provider-aws/lib/alb-listener/index.js";
import type { AlbListenerConfig } from "@cdktf/provider-aws/lib/alb-listener/index.js";
import { LbTrustStore } from "@cdktf/provider-aws/lib/lb-trust-store/index.js";
import type { Construct } from "constructs";
import type { LoadBalancerSettings } from "../../scripts/core/environments.ts";

type HttpsSettings = NonNullable<LoadBalancerSettings["https"]>;

/** What the listeners of a load balancer are made of. */
export interface ListenersProps {
  readonly loadBalancerArn: string;
  /** Of the load balancer, and of its trust store: at most 32 characters. */
  readonly name: string;
  readonly loadBalancer: LoadBalancerSettings;
  readonly defaultTargetGroupArn: string;
  /** Of the environment's domain, for HTTPS without a certificate of its own. */
  readonly certificateArn: string | undefined;
}

/** Those that carry requests: the production one, and the test one if there is to be one. */
export interface Listeners {
  readonly production: AlbListener;
  readonly test: AlbListener | undefined;
}

/**
 * Adds the listeners: for HTTP alone, or for HTTPS with the HTTP port sending clients on to it.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html
 */
export function addListeners(scope: Construct, props: ListenersProps): Listeners {
  const { loadBalancerArn, loadBalancer, defaultTargetGroupArn } = props;
  const { listenerPort, testListenerPort, https } = loadBalancer;
  const speaks = https === undefined ? { protocol: "HTTP" } : secure(scope, https, props);
  const add = (id: string, port: number): AlbListener =>
    new AlbListener(scope, id, {
      loadBalancerArn,
      port,
      ...speaks,
      defaultAction: [{ type: "forward", targetGroupArn: defaultTargetGroupArn }],
      lifecycle: { ignoreChanges: ["default_action"] },
    });
  const production = https === undefined ? add("listener", listenerPort) : add("https-listener", https.port);
  if (https !== undefined) {
    addRedirect(scope, props, https.port);
    for (const [index, certificateArn] of https.additionalCertificateArns.entries()) {
      addCertificate(scope, `additional-certificate-${index}`, production.arn, certificateArn);
    }
  }
  // What is not tested is answered as in production: ECS refuses listeners that mix in fixed answers.
  const test = testListenerPort === undefined ? undefined : add("test-listener", testListenerPort);
  return { production, test };
}

/** Adds a further certificate to a listener. */
export function addCertificate(
  scope: Construct,
  id: string,
  listenerArn: string,
  certificateArn: string,
): void {
  new AlbListenerCertificate(scope, id, { listenerArn, certificateArn });
}

/** It has the id of the listener that carries requests where there is no HTTPS, since both want its port. */
function addRedirect(
  scope: Construct,
  { loadBalancerArn, loadBalancer }: ListenersProps,
  httpsPort: number,
): void {
  new AlbListener(scope, "listener", {
    loadBalancerArn,
    port: loadBalancer.listenerPort,
    protocol: "HTTP",
    defaultAction: [
      {
        type: "redirect",
        redirect: { port: String(httpsPort), protocol: "HTTPS", statusCode: "HTTP_301" },
      },
    ],
  });
}

type Security = Pick<AlbListenerConfig, "protocol" | "sslPolicy" | "certificateArn" | "mutualAuthentication">;

function secure(scope: Construct, https: HttpsSettings, { name, certificateArn }: ListenersProps): Security {
  const { mutualTls } = https;
  const arn = https.certificateArn ?? certificateArn;
  if (arn === undefined) throw new TypeError("The checks have let HTTPS through without a certificate.");
  const security = { protocol: "HTTPS", sslPolicy: https.policy, certificateArn: arn };
  if (mutualTls === undefined) return security;
  if (mutualTls.mode === "passthrough") return { ...security, mutualAuthentication: { mode: "passthrough" } };
  const { caCertificates, ignoreExpiry } = mutualTls;
  const trustStoreArn =
    caCertificates === undefined
      ? mutualTls.trustStoreArn
      : new LbTrustStore(scope, "trust-store", {
          name,
          caCertificatesBundleS3Bucket: caCertificates.bucket,
          caCertificatesBundleS3Key: caCertificates.key,
        }).arn;
  return {
    ...security,
    mutualAuthentication: {
      mode: "verify",
      ignoreClientCertificateExpiry: ignoreExpiry,
      ...(trustStoreArn === undefined ? {} : { trustStoreArn }),
    },
  };
}
