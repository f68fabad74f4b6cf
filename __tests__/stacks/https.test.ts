import { describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { onlyResource, resourcesOf, stackOf, synthesize } from "../helpers/terraform-synthesis.ts";
import type { Block } from "../helpers/terraform-synthesis.ts";

const full = synthesize(
  readFileSync(new URL("../fixtures/environments/full.jsonc", import.meta.url), "utf8"),
);
const external = stackOf(full, "full-load-balancer-external");
const internal = stackOf(full, "full-load-balancer-internal");
const preview = stackOf(full, "preview-load-balancer-external");
const domain = stackOf(full, "full-domain");

function listener(id: string, stack = external): Block {
  return resourcesOf(stack, "aws_alb_listener")[id] ?? {};
}

const outputOf = (stack: string, what: RegExp) =>
  expect.stringMatching(new RegExp(`remote_state\\.cross-stack-reference-input-${stack}.*${what.source}`));

describe("a load balancer with HTTPS", () => {
  test("sends clients of the HTTP port on to it, for good", () => {
    expect(listener("listener")).toMatchObject({
      port: 80,
      protocol: "HTTP",
      default_action: [
        { type: "redirect", redirect: { port: "443", protocol: "HTTPS", status_code: "HTTP_301" } },
      ],
    });
    expect(listener("listener")).not.toHaveProperty("lifecycle");
  });

  test("speaks TLS 1.3 and 1.2 with the certificate of its domain, on the test listener too", () => {
    for (const id of ["https-listener", "test-listener"]) {
      expect(listener(id)).toMatchObject({
        protocol: "HTTPS",
        ssl_policy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        certificate_arn: outputOf("full-domain", /certificate_arn/),
        lifecycle: { ignore_changes: ["default_action"] },
      });
    }
  });

  test("has its rules, and those of services, on the listener for HTTPS", () => {
    const rules = Object.values(resourcesOf(external, "aws_alb_listener_rule"));
    const listeners = new Set(rules.map((rule) => rule["listener_arn"]));
    expect([...listeners].toSorted()).toEqual([
      "${aws_alb_listener.https-listener.arn}",
      "${aws_alb_listener.test-listener.arn}",
    ]);
    expect(external.output["alb-external-listener-arn"]?.["value"]).toBe(
      "${aws_alb_listener.https-listener.arn}",
    );
  });

  test("opens the port to its clients: the internet, or the VPC alone", () => {
    const rule = (stack: typeof external) =>
      resourcesOf(stack, "aws_vpc_security_group_ingress_rule")["from-https-clients"];
    expect(rule(external)).toMatchObject({ from_port: 443, cidr_ipv4: "0.0.0.0/0" });
    expect(rule(internal)).toMatchObject({ from_port: 8443, cidr_ipv4: "10.3.0.0/16" });
  });

  test("asks clients for certificates of the authorities given", () => {
    expect(onlyResource(external, "aws_lb_trust_store")).toMatchObject({
      name: "full-external",
      ca_certificates_bundle_s3_bucket: "client-authorities",
    });
    expect(listener("https-listener")["mutual_authentication"]).toEqual({
      mode: "verify",
      trust_store_arn: "${aws_lb_trust_store.trust-store.arn}",
      ignore_client_certificate_expiry: false,
    });
    expect(listener("https-listener", internal)).not.toHaveProperty("mutual_authentication");
  });

  test("shows the certificate of an environment that shares it as well", () => {
    expect(onlyResource(preview, "aws_alb_listener_certificate")).toMatchObject({
      listener_arn: outputOf("full-load-balancer-external", /https-listener/),
      certificate_arn: outputOf("preview-domain", /certificate_arn/),
    });
  });
});

describe("a load balancer's surroundings", () => {
  test("names lead to it: those of the external one in the public zone, of the internal one in the private one", () => {
    const names = (stack: typeof external) =>
      Object.values(resourcesOf(stack, "aws_route53_record"))
        .map((record) => [record["name"], record["zone_id"]])
        .toSorted();
    expect(names(external)).toEqual([
      ["*.example.com", outputOf("full-domain", /public-zone/)],
      ["example.com", outputOf("full-domain", /public-zone/)],
    ]);
    expect(names(internal)).toEqual([
      ["*.internal.example.com", outputOf("full-domain", /private-zone/)],
      ["internal.example.com", outputOf("full-domain", /private-zone/)],
    ]);
    expect(names(preview)).toEqual([["*.preview.test", outputOf("preview-domain", /public-zone/)]]);
  });

  test("a web ACL looks at its requests", () => {
    expect(onlyResource(external, "aws_wafv2_web_acl_association")).toMatchObject({
      resource_arn: "${aws_alb.load-balancer.arn}",
    });
  });

  test("it writes access logs to a bucket that is closed, encrypted and emptied in time, once it may", () => {
    expect(onlyResource(external, "aws_alb")).toMatchObject({
      access_logs: { bucket: "${aws_s3_bucket.access-logs.bucket}", enabled: true },
      depends_on: ["aws_s3_bucket_policy.access-logs-policy"],
    });
    expect(onlyResource(external, "aws_s3_bucket_public_access_block")).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(onlyResource(internal, "aws_s3_bucket_lifecycle_configuration")).toMatchObject({
      rule: [{ status: "Enabled", expiration: [{ days: 400 }] }],
    });
    const { Statement } = JSON.parse(String(onlyResource(external, "aws_s3_bucket_policy")["policy"])) as {
      Statement: Record<string, unknown>[];
    };
    expect(Statement).toMatchObject([
      {
        Effect: "Allow",
        Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
        Resource: expect.stringMatching(
          /\/AWSLogs\/\$\{data\.aws_caller_identity\.account\.account_id\}\/\*$/,
        ),
      },
      { Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } },
    ]);
  });
});

describe("the domain", () => {
  test("has a public zone, whose name servers are told, and a private one inside the VPC", () => {
    expect(resourcesOf(domain, "aws_route53_zone")).toMatchObject({
      "public-zone": { name: "example.com" },
      "private-zone": { name: "internal.example.com", vpc: [{ vpc_id: outputOf("full-network", /vpc/) }] },
    });
    expect(domain.output).toHaveProperty("name-servers");
  });

  test("has a certificate for its names, for those of staged deployments and for the private zone", () => {
    expect(onlyResource(domain, "aws_acm_certificate")).toMatchObject({
      domain_name: "example.com",
      subject_alternative_names: [
        "*.example.com",
        "*.stage.example.com",
        "internal.example.com",
        "*.internal.example.com",
      ],
      validation_method: "DNS",
      lifecycle: { create_before_destroy: true },
    });
    // A name and its wildcard are shown to be ours by one record.
    expect(Object.keys(resourcesOf(domain, "aws_route53_record"))).toHaveLength(3);
    expect(onlyResource(domain, "aws_acm_certificate_validation")["validation_record_fqdns"]).toHaveLength(3);
  });

  test("lets deployments change records of the zone that is made, and of no other", () => {
    const { "deployer-boundary": _, ...granting } = resourcesOf(stackOf(full, "users"), "aws_iam_policy");
    const policies = Object.values(granting);
    const zones = policies.flatMap((policy) => String(policy["policy"]).match(/hostedzone\/[^"]*"/g) ?? []);
    expect(zones).toEqual([
      expect.stringMatching(/remote_state\.cross-stack-reference-input-full-domain.*public-zone/),
    ]);
  });
});
