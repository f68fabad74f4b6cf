/**
 * Rule conditions, each made into a function once.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html
 */
import type { RuleCondition } from "@aws-sdk/client-elastic-load-balancing-v2";
import ipaddr from "ipaddr.js";

import type { RoutedRequest } from "./routed-request.ts";

/** Whether a request meets a condition. */
export type Predicate = (request: RoutedRequest) => boolean;
type TextTest = (text: string) => boolean;

/** The function of a condition; a condition of a kind that is not known is never met. */
export function predicate(condition: RuleCondition): Predicate {
  switch (condition.Field ?? "") {
    case "host-header": {
      const fits = someText(condition, condition.HostHeaderConfig, "any-case");
      return ({ host }) => fits(host);
    }
    case "path-pattern": {
      const fits = someText(condition, condition.PathPatternConfig, "same-case");
      return ({ path }) => fits(path);
    }
    case "http-header": {
      const name = condition.HttpHeaderConfig?.HttpHeaderName?.toLowerCase() ?? "";
      const fits = someText(condition, condition.HttpHeaderConfig, "any-case");
      return ({ headers }) => [headers[name] ?? []].flat().some(fits);
    }
    case "http-request-method": {
      const methods = new Set(condition.HttpRequestMethodConfig?.Values ?? condition.Values ?? []);
      return ({ method }) => methods.has(method);
    }
    case "query-string":
      return queryPredicate(condition);
    case "source-ip":
      return addressPredicate(condition.SourceIpConfig?.Values ?? condition.Values ?? []);
    default:
      return () => false;
  }
}

interface TextConfig {
  readonly Values?: readonly string[] | undefined;
  readonly RegexValues?: readonly string[] | undefined;
}

/** Whether a text fits one of a condition's wildcards or regular expressions; both stand in either of two places. */
function someText(condition: RuleCondition, config: TextConfig | undefined, letters: Letters): TextTest {
  const wildcards = config?.Values ?? condition.Values ?? [];
  const expressions = config?.RegexValues ?? condition.RegexValues ?? [];
  const tests = [
    ...wildcards.map((pattern) => wildcard(pattern, letters)),
    ...expressions.map((source) => expression(source, letters)),
  ];
  return (text) => tests.some((test) => test(text));
}

type Letters = "any-case" | "same-case";

/** A pattern in which `*` stands for any characters and `?` for exactly one. */
function wildcard(pattern: string, letters: Letters): TextTest {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const regex = new RegExp(`^${source}$`, letters === "any-case" ? "si" : "s");
  return (text) => regex.test(text);
}

function expression(source: string, letters: Letters): TextTest {
  try {
    const regex = new RegExp(source, letters === "any-case" ? "i" : "");
    return (text) => regex.test(text);
  } catch {
    return () => false;
  }
}

function queryPredicate({ QueryStringConfig }: RuleCondition): Predicate {
  const pairs = (QueryStringConfig?.Values ?? []).map(({ Key, Value }) => ({
    key: Key === undefined ? () => true : wildcard(Key, "any-case"),
    value: wildcard(Value ?? "", "any-case"),
  }));
  return (request) =>
    request.queryPairs.some(([key, value]) => pairs.some((pair) => pair.key(key) && pair.value(value)));
}

function addressPredicate(ranges: readonly string[]): Predicate {
  const parsed = ranges.filter((range) => ipaddr.isValidCIDR(range)).map((range) => ipaddr.parseCIDR(range));
  return ({ clientAddress }) => {
    if (!ipaddr.isValid(clientAddress)) return false;
    const address = ipaddr.process(clientAddress);
    return parsed.some(([range, bits]) => address.kind() === range.kind() && address.match(range, bits));
  };
}
