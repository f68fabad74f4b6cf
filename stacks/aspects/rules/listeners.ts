import { block, blocks, found, isExpression } from "../attributes.ts";
import type { Attributes } from "../attributes.ts";
import type { Inventory, Resource } from "../inventory.ts";
import type { RuleBody } from "../rule.ts";

const listenerTypes = ["aws_lb_listener", "aws_alb_listener"];
const listenerRuleTypes = ["aws_lb_listener_rule", "aws_alb_listener_rule"];

/** Policies without TLS 1.0 and 1.1. Checkov lets every TLS13 policy pass, of which two still take those. */
const strictPolicy = /^ELBSecurityPolicy-(FS-1-2|TLS-1-2|TLS13-1-[23])(-|$)/;

/** What a listener speaks; those of gateways have no protocol, those of applications speak HTTP unless told. */
function protocolOf(listener: Resource, all: Inventory): unknown {
  const balancer = all.reference(listener, listener.attributes["load_balancer_arn"])?.resource;
  const isGateway = balancer?.attributes["load_balancer_type"] === "gateway";
  return listener.attributes["protocol"] ?? (isGateway ? "GENEVE" : "HTTP");
}

/** Ports on which the listener's load balancer takes HTTPS, 443 among them. */
function securePorts(listener: Resource, all: Inventory): readonly string[] {
  const balancer = all.reference(listener, listener.attributes["load_balancer_arn"])?.resource;
  const listeners =
    balancer === undefined ? [] : all.pointingAt(balancer, listenerTypes, "load_balancer_arn");
  const secure = listeners.filter(({ attributes }) => attributes["protocol"] === "HTTPS");
  return ["443", ...secure.map(({ attributes }) => String(attributes["port"]))];
}

/** The action that answers the request; those before it only say who asks. */
function lastAction(attributes: Attributes, name: string): Attributes {
  return blocks(attributes, name).at(-1) ?? {};
}

/** What is wrong with an action that has to send the client to HTTPS. */
function unlessRedirected(action: Attributes, name: string, ports: readonly string[]): readonly string[] {
  if (action["type"] !== "redirect") return [found(`${name}.type`, action["type"])];
  const { protocol, port } = block(action, "redirect");
  return [
    ...(protocol === "HTTPS" ? [] : [found(`${name}.redirect.protocol`, protocol)]),
    ...(ports.includes(String(port)) ? [] : [found(`${name}.redirect.port`, port)]),
  ];
}

const transportSecurity: RuleBody = {
  why: "What travels in the clear, or under a broken TLS, can be read and changed on its way.",
  types: listenerTypes,
  beyond: "The policies with TLS 1.3 that still take TLS 1.0 or 1.1 are refused.",
  mend: "Set loadBalancers.<variant>.https.",
  check(listener, all) {
    const protocol = protocolOf(listener, all);
    if (protocol === "HTTPS" || protocol === "TLS") {
      const policy = listener.attributes["ssl_policy"];
      return strictPolicy.test(String(policy)) ? [] : [found("ssl_policy", policy)];
    }
    if (protocol === "HTTP" || isExpression(protocol)) {
      const action = lastAction(listener.attributes, "default_action");
      const isRedirect = action["type"] === "redirect" && block(action, "redirect")["protocol"] === "HTTPS";
      return isRedirect ? [] : [`${found("protocol", protocol)}, and it does not redirect to HTTPS`];
    }
    return [];
  },
};

const redirect: RuleBody = {
  why: "Clients that begin in the clear go on so unless they are sent to HTTPS, by every rule of the listener.",
  types: [...listenerTypes, ...listenerRuleTypes],
  beyond:
    "Rules of an HTTP listener have to redirect as well; a redirect may go to any port of the load balancer that has HTTPS.",
  mend: "Set loadBalancers.<variant>.https.",
  check(resource, all) {
    const isRule = listenerRuleTypes.includes(resource.type);
    const listener = isRule
      ? all.reference(resource, resource.attributes["listener_arn"])?.resource
      : resource;
    if (listener === undefined) return undefined;
    const protocol = protocolOf(listener, all);
    if (protocol === "HTTPS") return [];
    if (protocol !== "HTTP" && !isExpression(protocol)) return undefined;
    const name = isRule ? "action" : "default_action";
    return unlessRedirected(lastAction(resource.attributes, name), name, securePorts(listener, all));
  },
};

/** Rules for what load balancers take from clients. */
export const listenerRules = { CKV_AWS_103: transportSecurity, CKV2_AWS_20: redirect };
