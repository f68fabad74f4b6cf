import { describe, expect, test } from "@jest/globals";
import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";

import { RoutedRequest } from "../../scripts/local/elb/routed-request.ts";
import {
  chooseTargetGroup,
  forwardTargets,
  inOrderOfEvaluation,
  matchRule,
} from "../../scripts/local/elb/rules.ts";
import type { RuleRecord } from "../../scripts/local/elb/state.ts";

const host = (...values: string[]): RuleCondition => ({
  Field: "host-header",
  HostHeaderConfig: { Values: values },
});
const path = (...values: string[]): RuleCondition => ({
  Field: "path-pattern",
  PathPatternConfig: { Values: values },
});
const sourceIp = (...values: string[]): RuleCondition => ({
  Field: "source-ip",
  SourceIpConfig: { Values: values },
});
const rule = (arn: string, priority: number, ...conditions: RuleCondition[]): RuleRecord => ({
  arn,
  isDefault: false,
  priority,
  conditions,
  actions: [],
});
const standard: RuleRecord = { arn: "default", isDefault: true, priority: 0, conditions: [], actions: [] };
interface Sent {
  host?: string;
  url?: string;
  method?: string;
  headers?: Record<string, string>;
  from?: string;
}
const request = ({ host: name = "example.com", headers, from, ...rest }: Sent = {}): RoutedRequest =>
  new RoutedRequest(
    { url: "/", method: "GET", headers: { host: name, ...headers }, ...rest },
    from ?? "127.0.0.1",
  );

describe("a listener's rules", () => {
  test("are tried by priority as numbers, the default rule last", () => {
    const rules = inOrderOfEvaluation([standard, rule("ten", 10), rule("nine", 9), rule("hundred", 100)]);
    expect(rules.map(({ arn }) => arn)).toEqual(["nine", "ten", "hundred", "default"]);
  });

  test("let the first one win whose every condition holds", () => {
    const rules = [
      rule("both", 1, host("a.example.com"), path("/api/*")),
      rule("host", 2, host("a.example.com")),
      standard,
    ];
    const arnFor = (over: Sent) => matchRule(rules, request(over))?.arn;
    expect(arnFor({ host: "a.example.com", url: "/api/users" })).toBe("both");
    expect(arnFor({ host: "a.example.com", url: "/" })).toBe("host");
    expect(arnFor({ host: "b.example.com", url: "/api/users" })).toBe("default");
  });
});

describe("a condition", () => {
  test.each([
    ["host", host("*.example.com"), { host: "a.example.com" }, true],
    ["host, without the bare domain", host("*.example.com"), { host: "example.com" }, false],
    ["host in any case, port aside", host("A.Example.com"), { host: "a.eXAMPLE.com:8080" }, true],
    ["host as text, not as a pattern", host("a.example.com"), { host: "axexample.com" }, false],
    ["path with one character", path("/v?/*"), { url: "/v2/things" }, true],
    ["path in the same case only", path("/API"), { url: "/api" }, false],
    ["path without its query", path("/api"), { url: "/api?x=1" }, true],
    ["one path of several", path("/a", "/b"), { url: "/b" }, true],
    [
      "method",
      { Field: "http-request-method", HttpRequestMethodConfig: { Values: ["POST"] } },
      { method: "GET" },
      false,
    ],
    [
      "header",
      { Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "X-Stage", Values: ["beta*"] } },
      { headers: { "x-stage": "BETA-1" } },
      true,
    ],
    [
      "query",
      { Field: "query-string", QueryStringConfig: { Values: [{ Key: "v", Value: "2" }] } },
      { url: "/?v=2&w=3" },
      true,
    ],
    [
      "query without a key, which any key has",
      { Field: "query-string", QueryStringConfig: { Values: [{ Value: "b*" }] } },
      { url: "/?anything=BLUE" },
      true,
    ],
    [
      "query of another key",
      { Field: "query-string", QueryStringConfig: { Values: [{ Key: "v", Value: "2" }] } },
      { url: "/?w=2" },
      false,
    ],
    ["source in the range", sourceIp("10.0.0.0/8"), { from: "10.1.2.3" }, true],
    ["source out of the range", sourceIp("10.0.0.0/8"), { from: "11.1.2.3" }, false],
    ["source of IPv4 written as IPv6", sourceIp("127.0.0.0/8"), { from: "::ffff:127.0.0.1" }, true],
    ["source of IPv6", sourceIp("2001:db8::/32"), { from: "2001:db8::1" }, true],
    [
      "source, whatever a proxy before it forwards",
      sourceIp("10.0.0.0/8"),
      { headers: { "x-forwarded-for": "10.0.0.1" } },
      false,
    ],
    [
      "host by a regular expression",
      { Field: "host-header", HostHeaderConfig: { RegexValues: ["^(beta|next)\\."] } },
      { host: "NEXT.example.com" },
      true,
    ],
    [
      "path by a regular expression, in its case",
      { Field: "path-pattern", PathPatternConfig: { RegexValues: ["^/v[0-9]+/"] } },
      { url: "/V2/things" },
      false,
    ],
    [
      "path by a regular expression",
      { Field: "path-pattern", RegexValues: ["^/v[0-9]+/"] },
      { url: "/v22/things" },
      true,
    ],
    ["absolute URL's path", path("/api"), { url: "http://example.com/api?x=1" }, true],
    ["kind that is not known", { Field: "moon-phase", Values: ["full"] }, {}, false],
  ] as const)("on the %s holds as AWS documents it", (_what, condition, over, holds) => {
    const found = matchRule([rule("rule", 1, condition as RuleCondition)], request(over));
    expect(found !== undefined).toBe(holds);
  });

  test("of the older form, with bare values, works as well", () => {
    const rules = [rule("rule", 1, { Field: "path-pattern", Values: ["/old/*"] })];
    expect(matchRule(rules, request({ url: "/old/x" }))?.arn).toBe("rule");
  });
});

describe("a forward action", () => {
  test("divides requests by weight and never chooses a group of weight 0", () => {
    const groups = forwardTargets({
      Type: "forward",
      ForwardConfig: {
        TargetGroups: [
          { TargetGroupArn: "none", Weight: 0 },
          { TargetGroupArn: "one", Weight: 1 },
          { TargetGroupArn: "three", Weight: 3 },
        ],
      },
    });
    const draws = Array.from({ length: 100 }, (_, index) => chooseTargetGroup(groups, index / 100));
    expect(draws.filter((arn) => arn === "one")).toHaveLength(25);
    expect(draws.filter((arn) => arn === "three")).toHaveLength(75);
  });

  test("with every weight 0 goes nowhere", () => {
    expect(chooseTargetGroup([{ arn: "a", weight: 0 }], 0)).toBeUndefined();
  });
});
