import { Alb } from "@cdktf/provider-aws/lib/alb/index.js";
import { AlbListener } from "@cdktf/provider-aws/lib/alb-listener/index.js";
import type { AlbListenerConfig } from "@cdktf/provider-aws/lib/alb-listener/index.js";
import { AlbListenerRule } from "@cdktf/provider-aws/lib/alb-listener-rule/index.js";
import type { TerraformStack } from "cdktf";
import type { Build, RuleCase } from "../../../helpers/hardening.ts";

const targetGroupArn = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/web/1";
const forward = { type: "forward", targetGroupArn };
const toHttps = (port: string) => ({
  type: "redirect",
  redirect: { protocol: "HTTPS", port, statusCode: "HTTP_301" },
});

function add(
  stack: TerraformStack,
  id: string,
  config: Omit<AlbListenerConfig, "loadBalancerArn">,
  alb?: Alb,
) {
  const balancer = alb ?? new Alb(stack, `${id}-balancer`, {});
  return new AlbListener(stack, id, { loadBalancerArn: balancer.arn, ...config });
}

const listener =
  (config: Omit<AlbListenerConfig, "loadBalancerArn">): Build =>
  (stack) => {
    add(stack, "listener", config);
  };

const https = (sslPolicy: string): Omit<AlbListenerConfig, "loadBalancerArn"> => ({
  protocol: "HTTPS",
  port: 443,
  sslPolicy,
  defaultAction: [forward],
});

export const listenerCases = {
  CKV_AWS_103: {
    refused: [
      {
        what: "HTTP that goes to the targets",
        build: listener({ protocol: "HTTP", port: 80, defaultAction: [forward] }),
        found: "it does not redirect to HTTPS",
      },
      {
        what: "HTTPS with the policy that AWS takes by default",
        build: listener({ protocol: "HTTPS", port: 443, defaultAction: [forward] }),
        found: "ssl_policy is not set",
      },
      {
        what: "a policy with TLS 1.0, although it has TLS 1.3 as well",
        build: listener(https("ELBSecurityPolicy-TLS13-1-0-2021-06")),
        found: "ELBSecurityPolicy-TLS13-1-0-2021-06",
      },
    ],
    taken: [
      { what: "TLS 1.3", build: listener(https("ELBSecurityPolicy-TLS13-1-3-2021-06")) },
      { what: "TLS 1.2", build: listener(https("ELBSecurityPolicy-TLS13-1-2-2021-06")) },
      {
        what: "HTTP that redirects",
        build: listener({ protocol: "HTTP", port: 80, defaultAction: [toHttps("443")] }),
      },
      { what: "TCP", build: listener({ protocol: "TCP", port: 5000, defaultAction: [forward] }) },
    ],
  },
  CKV2_AWS_20: {
    refused: [
      {
        what: "HTTP that goes to the targets",
        build: listener({ port: 80, defaultAction: [forward] }),
        found: 'default_action.type is "forward"',
      },
      {
        what: "a redirect to a port where nothing speaks HTTPS",
        build: listener({ protocol: "HTTP", port: 80, defaultAction: [toHttps("8443")] }),
        found: 'default_action.redirect.port is "8443"',
      },
      {
        what: "a redirect to HTTP",
        build: listener({
          protocol: "HTTP",
          port: 80,
          defaultAction: [{ type: "redirect", redirect: { port: "443", statusCode: "HTTP_301" } }],
        }),
        found: "default_action.redirect.protocol is not set",
      },
      {
        what: "a rule that goes to the targets past the redirect",
        build: (stack) => {
          const { arn } = add(stack, "listener", {
            protocol: "HTTP",
            port: 80,
            defaultAction: [toHttps("443")],
          });
          new AlbListenerRule(stack, "rule", {
            listenerArn: arn,
            condition: [{ pathPattern: { values: ["/a"] } }],
            action: [forward],
          });
        },
        found: 'action.type is "forward"',
      },
    ],
    taken: [
      {
        what: "a redirect to 443",
        build: listener({ protocol: "HTTP", port: 80, defaultAction: [toHttps("443")] }),
      },
      {
        what: "a redirect to another port on which the load balancer has HTTPS",
        build: (stack) => {
          const alb = new Alb(stack, "balancer", {});
          add(stack, "http", { protocol: "HTTP", port: 80, defaultAction: [toHttps("8443")] }, alb);
          add(stack, "https", { ...https("ELBSecurityPolicy-TLS13-1-2-2021-06"), port: 8443 }, alb);
        },
      },
      {
        what: "rules that go to the targets on HTTPS",
        build: (stack) => {
          const { arn } = add(stack, "listener", https("ELBSecurityPolicy-TLS13-1-2-2021-06"));
          new AlbListenerRule(stack, "rule", {
            listenerArn: arn,
            condition: [{ pathPattern: { values: ["/a"] } }],
            action: [forward],
          });
        },
      },
    ],
  },
} satisfies Record<string, RuleCase>;
