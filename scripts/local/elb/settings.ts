/**
 * What the attributes of load balancers and target groups come to, with AWS's defaults.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_LoadBalancerAttribute.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroupAttribute.html
 */
import type { LoadBalancerRecord, TargetGroupRecord } from "./state.ts";

type Attributes = Readonly<Record<string, string>>;

/** How a load balancer treats connections and headers. */
export interface LoadBalancerSettings {
  readonly idleTimeoutMs: number;
  readonly clientKeepAliveMs: number;
  readonly http2: boolean;
  readonly dropInvalidHeaders: boolean;
  readonly preserveHost: boolean;
  readonly tlsHeaders: boolean;
  readonly clientPort: boolean;
  readonly forwardedFor: "append" | "preserve" | "remove";
}

/** How long, and by which cookie, requests of a client go to the same target. */
export type Stickiness =
  | { readonly type: "lb_cookie"; readonly durationMs: number }
  | { readonly type: "app_cookie"; readonly durationMs: number; readonly cookieName: string };

/** How a target group shares out its requests. */
export interface TargetGroupSettings {
  readonly algorithm: "round_robin" | "least_outstanding_requests" | "weighted_random";
  readonly slowStartMs: number;
  readonly stickiness: Stickiness | null;
}

const none: Attributes = {};
const day = 86_400;

/** Reads each set of attributes once: a record of the state never changes, a changed one is another. */
function remembered<Settings>(
  read: (attributes: Attributes) => Settings,
): (attributes: Attributes) => Settings {
  const known = new WeakMap<Attributes, Settings>();
  return (attributes) => {
    const settings = known.get(attributes) ?? read(attributes);
    known.set(attributes, settings);
    return settings;
  };
}

function milliseconds(attributes: Attributes, key: string, defaultSeconds: number): number {
  return Number(attributes[key] ?? defaultSeconds) * 1000;
}

const readLoadBalancer = remembered((attributes): LoadBalancerSettings => {
  const mode = attributes["routing.http.xff_header_processing.mode"];
  return {
    idleTimeoutMs: milliseconds(attributes, "idle_timeout.timeout_seconds", 60),
    clientKeepAliveMs: milliseconds(attributes, "client_keep_alive.seconds", 3600),
    http2: attributes["routing.http2.enabled"] !== "false",
    dropInvalidHeaders: attributes["routing.http.drop_invalid_header_fields.enabled"] === "true",
    preserveHost: attributes["routing.http.preserve_host_header.enabled"] === "true",
    tlsHeaders: attributes["routing.http.x_amzn_tls_version_and_cipher_suite.enabled"] === "true",
    clientPort: attributes["routing.http.xff_client_port.enabled"] === "true",
    forwardedFor: mode === "preserve" || mode === "remove" ? mode : "append",
  };
});

/** The settings of a load balancer; AWS's defaults for one that is not there. */
export function loadBalancerSettings(loadBalancer: LoadBalancerRecord | undefined): LoadBalancerSettings {
  return readLoadBalancer(loadBalancer?.attributes ?? none);
}

const readTargetGroup = remembered((attributes): TargetGroupSettings => {
  const algorithm = attributes["load_balancing.algorithm.type"];
  return {
    algorithm:
      algorithm === "least_outstanding_requests" || algorithm === "weighted_random"
        ? algorithm
        : "round_robin",
    slowStartMs: milliseconds(attributes, "slow_start.duration_seconds", 0),
    stickiness: readStickiness(attributes),
  };
});

function readStickiness(attributes: Attributes): Stickiness | null {
  if (attributes["stickiness.enabled"] !== "true") return null;
  if (attributes["stickiness.type"] !== "app_cookie") {
    const durationMs = milliseconds(attributes, "stickiness.lb_cookie.duration_seconds", day);
    return { type: "lb_cookie", durationMs };
  }
  return {
    type: "app_cookie",
    durationMs: milliseconds(attributes, "stickiness.app_cookie.duration_seconds", day),
    cookieName: attributes["stickiness.app_cookie.cookie_name"] ?? "",
  };
}

/** The settings of a target group; AWS's defaults for one that is not there. */
export function targetGroupSettings(group: TargetGroupRecord | undefined): TargetGroupSettings {
  return readTargetGroup(group?.attributes ?? none);
}
