import { describe, expect, test } from "@jest/globals";
import { problemsOf, type Fields } from "../helpers/environments-file.ts";

const certificate = "arn:aws:acm:us-east-1:123456789012:certificate/1234abcd";
const elsewhere = "arn:aws:acm:eu-west-1:123456789012:certificate/1234abcd";
const staged = { containerPort: 80, networkMode: "awsvpc", blueGreen: { by: "stage" } };

/** An environment with these settings of its external load balancer and its domain. */
function environment(external: Fields, domain?: Fields, services: Fields = {}): Fields {
  return {
    region: "us-east-1",
    network: { cidr: "10.0.0.0/16", zones: 2 },
    loadBalancers: { external },
    cluster: { ec2: null },
    services,
    ...(domain === undefined ? {} : { domain: { name: "example.com", ...domain } }),
  };
}

/** What is wrong, the environment, where it is found and what is said. */
type Broken = readonly [title: string, environment: Fields, path: string, message: RegExp];

const broken: readonly Broken[] = [
  [
    "HTTPS without a certificate",
    environment({ https: {} }),
    ".loadBalancers.external.https",
    /needs a certificate\. Give its ARN in certificateArn, or .*"certificate": "request"/,
  ],
  [
    "HTTPS with a domain that has no certificate",
    environment({ https: {} }, { hostedZoneId: "Z1" }),
    ".loadBalancers.external.https",
    /needs a certificate/,
  ],
  [
    "a certificate of another region",
    environment({ https: { certificateArn: elsewhere } }),
    ".loadBalancers.external.https.certificateArn",
    /in eu-west-1, the load balancer in us-east-1\. Request one there/,
  ],
  [
    "an additional certificate of another region",
    environment({ https: { certificateArn: certificate, additionalCertificateArns: [elsewhere] } }),
    ".loadBalancers.external.https.additionalCertificateArns[0]",
    /in eu-west-1/,
  ],
  [
    "a certificate that is none",
    environment({ https: { certificateArn: "my-certificate" } }),
    ".loadBalancers.external.https.certificateArn",
    /"my-certificate" is not allowed here\. The certificate/,
  ],
  [
    "HTTPS on the port of HTTP",
    environment({ https: { certificateArn: certificate, port: 80 } }),
    ".loadBalancers.external.https.port",
    /Port 80 is the listener's for HTTP\. Choose another/,
  ],
  [
    "HTTPS on the port of the test listener",
    environment({ testListenerPort: 443, https: { certificateArn: certificate } }),
    ".loadBalancers.external.https.port",
    /Port 443 is the test listener's/,
  ],
  [
    "a policy that takes TLS 1.0",
    environment({ https: { certificateArn: certificate, policy: "ELBSecurityPolicy-2016-08" } }),
    ".loadBalancers.external.https.policy",
    /"ELBSecurityPolicy-2016-08" is not allowed here\. Security policy with TLS 1\.3/,
  ],
  [
    "mutual TLS that says nobody to trust",
    environment({ https: { certificateArn: certificate, mutualTls: { mode: "verify" } } }),
    ".loadBalancers.external.https.mutualTls",
    /Nothing says whose certificates to accept/,
  ],
  [
    "mutual TLS with two trust stores",
    environment({
      https: {
        certificateArn: certificate,
        mutualTls: {
          mode: "verify",
          trustStoreArn:
            "arn:aws:elasticloadbalancing:us-east-1:123456789012:truststore/ours/0123456789abcdef",
          caCertificates: { bucket: "authorities", key: "all.pem" },
        },
      },
    }),
    ".loadBalancers.external.https.mutualTls",
    /Remove trustStoreArn or caCertificates/,
  ],
  [
    "a web ACL of another region",
    environment({ webAclArn: "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/site/0f1e2d3c" }),
    ".loadBalancers.external.webAclArn",
    /web ACL is in eu-west-1, the load balancer in us-east-1/,
  ],
  [
    "a web ACL of CloudFront",
    environment({ webAclArn: "arn:aws:wafv2:us-east-1:123456789012:global/webacl/site/0f1e2d3c" }),
    ".loadBalancers.external.webAclArn",
    /is not allowed here\. ARN of a web ACL/,
  ],
  [
    "a certificate to be requested without a zone",
    environment({}, { certificate: "request" }),
    ".domain.certificate",
    /by a record in its public zone, and there is none\. Give the domain hostedZoneId/,
  ],
  [
    "names without a zone",
    environment({}, { records: { external: ["@"] } }),
    ".domain.records.external",
    /There is no zone for these names\. Give the domain hostedZoneId or hostedZone/,
  ],
  [
    "names of a load balancer that is not there",
    environment({}, { privateZone: "own", records: { internal: ["api"] } }),
    ".domain.records.internal",
    /has no internal load balancer/,
  ],
  [
    "a name twice",
    environment({}, { hostedZone: "own", records: { external: ["www", "www"] } }),
    ".domain.records.external[1]",
    /"www\.example\.com" stands twice/,
  ],
  [
    "a name in full",
    environment({}, { hostedZone: "own", records: { external: ["www.example.com."] } }),
    ".domain.records.external[0]",
    /is not allowed here\. Names within the zone/,
  ],
  [
    "a name that deployments make",
    environment({}, { hostedZone: "own", records: { external: ["shop"] } }, { shop: staged }),
    ".domain.records.external[0]",
    /is the host of service "shop", whose deployments make its record themselves/,
  ],
  [
    "a zone that is given and one to be made",
    environment({}, { hostedZoneId: "Z1", hostedZone: "own" }),
    ".domain.hostedZone",
    /Remove hostedZone or hostedZoneId/,
  ],
  [
    "a staged service on the port that sends clients on to HTTPS",
    environment(
      { https: { certificateArn: certificate } },
      {},
      { shop: { ...staged, blueGreen: { by: "stage", listener: { port: 80 } } } },
    ),
    ".services.shop.blueGreen.listener.port",
    /Port 80 is that of the load balancer's own listener, which sends clients on to HTTPS/,
  ],
  [
    "a staged service for HTTP on the port of HTTPS",
    environment(
      { https: { certificateArn: certificate } },
      {},
      { shop: { ...staged, blueGreen: { by: "stage", listener: { port: 443 } } } },
    ),
    ".services.shop.blueGreen.listener.port",
    /Port 443 is that of the load balancer's own listener, which is for HTTPS/,
  ],
];

describe("HTTPS and names", () => {
  test.each(broken)("%s is refused with what to do", (_title, written, path, message) => {
    const problems = problemsOf({ test: written });
    expect(problems).toEqual([
      expect.objectContaining({
        path: `$.environments.test${path}`,
        message: expect.stringMatching(message),
      }),
    ]);
  });

  test("one public zone of a name is made in all", () => {
    const one = environment({}, { hostedZone: "own" });
    const problems = problemsOf({
      test: one,
      live: { ...one, network: { cidr: "10.1.0.0/16", zones: 2 } },
    });
    expect(problems).toEqual([
      expect.objectContaining({
        path: "$.environments.live.domain.hostedZone",
        message: expect.stringMatching(/is made by environment "test"/),
      }),
    ]);
  });

  test("a staged service may use the load balancer's own listener for HTTPS without a certificate of its own", () => {
    const listener = { port: 443, protocol: "HTTPS" };
    const services = { shop: { ...staged, blueGreen: { by: "stage", listener } } };
    expect(
      problemsOf({ test: environment({ https: { certificateArn: certificate } }, {}, services) }),
    ).toEqual([]);
  });
});
