import {
  DescribeRulesCommand,
  ModifyRuleCommand,
  SetRulePrioritiesCommand,
  type RuleCondition,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { expect } from "@jest/globals";

import { contractCase, refusal, type ContractCase } from "../suite/contract-case.ts";
import { addRule, ask, makeListener, saying, unreachable, type Asked } from "../suite/listeners.ts";
import { elbApi, elbGuide } from "../suite/sources.ts";

const onPath = (...Values: string[]): RuleCondition => ({
  Field: "path-pattern",
  PathPatternConfig: { Values },
});

const real = { needs: ["load balancer"], localOnly: unreachable } as const;

/** A rule with a condition takes the requests that fit and leaves the others to the default action. */
function condition(
  id: string,
  title: string,
  conditions: RuleCondition[],
  requests: { readonly fit: readonly Asked[]; readonly others: readonly Asked[] },
): ContractCase {
  return contractCase({
    id: `rule.${id}`,
    title,
    source: elbGuide("rule-condition-types"),
    ...real,
    run: async (context) => {
      const listener = await makeListener(context);
      await addRule(context, listener, { priority: 1, conditions, action: saying("rule") });
      for (const asked of requests.fit) {
        expect([asked, (await ask(context, listener, asked)).body]).toEqual([asked, "rule"]);
      }
      for (const asked of requests.others) {
        expect([asked, (await ask(context, listener, asked)).body]).toEqual([asked, "default"]);
      }
    },
  });
}

export const loadBalancerRuleCases: readonly ContractCase[] = [
  refusal({
    id: "rule.priority-in-use",
    title: "Two rules of a listener cannot have one priority",
    source: elbApi("CreateRule"),
    wording: "observed",
    needs: ["load balancer"],
    type: "PriorityInUseException",
    message: "Priority '7' is currently in use",
    call: async (context) => {
      const listener = await makeListener(context);
      const rule = { priority: 7, conditions: [onPath("/a")], action: saying("a") };
      await addRule(context, listener, rule);
      return addRule(context, listener, { ...rule, conditions: [onPath("/b")] });
    },
  }),
  contractCase({
    id: "rule.default-last",
    title: "A listener's default rule has priority `default` and no condition",
    source: elbApi("Rule"),
    needs: ["load balancer"],
    run: async (context) => {
      const ListenerArn = await makeListener(context);
      await addRule(context, ListenerArn, { priority: 5, conditions: [onPath("/a")], action: saying("a") });
      const { Rules = [] } = await context.clients.elb.send(new DescribeRulesCommand({ ListenerArn }));
      const told = Rules.map(({ Priority, IsDefault, Conditions }) => [
        Priority,
        IsDefault,
        Conditions?.length,
      ]);
      expect(told).toEqual([
        ["5", false, 1],
        ["default", true, 0],
      ]);
    },
  }),
  contractCase({
    id: "rule.order",
    title: "The rule with the lowest priority number wins, also after SetRulePriorities",
    source: elbGuide("listener-rules"),
    ...real,
    run: async (context) => {
      const listener = await makeListener(context);
      const conditions = [onPath("/shop/*")];
      const first = await addRule(context, listener, { priority: 10, conditions, action: saying("first") });
      await addRule(context, listener, { priority: 20, conditions, action: saying("second") });
      expect((await ask(context, listener, { path: "/shop/1" })).body).toBe("first");
      await context.clients.elb.send(
        new SetRulePrioritiesCommand({ RulePriorities: [{ RuleArn: first, Priority: 30 }] }),
      );
      expect((await ask(context, listener, { path: "/shop/1" })).body).toBe("second");
    },
  }),
  contractCase({
    id: "rule.modified",
    title: "ModifyRule takes effect with the next request",
    source: elbApi("ModifyRule"),
    ...real,
    run: async (context) => {
      const listener = await makeListener(context);
      const RuleArn = await addRule(context, listener, {
        priority: 1,
        conditions: [onPath("/*")],
        action: saying("before"),
      });
      expect((await ask(context, listener)).body).toBe("before");
      await context.clients.elb.send(new ModifyRuleCommand({ RuleArn, Actions: [saying("after", "418")] }));
      expect(await ask(context, listener)).toMatchObject({ status: 418, body: "after" });
    },
  }),
  condition(
    "host",
    "A host condition goes by the Host header in any case, with wildcards and without the port",
    [{ Field: "host-header", HostHeaderConfig: { Values: ["*.example.com"] } }],
    {
      fit: [{ headers: { host: "shop.example.com" } }, { headers: { host: "SHOP.Example.com:8080" } }],
      others: [{ headers: { host: "example.com" } }],
    },
  ),
  condition(
    "path",
    "A path condition goes by the path in its case, without the query",
    [onPath("/img/?.png")],
    {
      fit: [{ path: "/img/a.png" }, { path: "/img/a.png?size=/x" }],
      others: [{ path: "/img/ab.png" }, { path: "/IMG/a.png" }, { path: "/?/img/a.png" }],
    },
  ),
  condition(
    "header",
    "A header condition goes by name and value in any case",
    [{ Field: "http-header", HttpHeaderConfig: { HttpHeaderName: "X-Canary", Values: ["yes*"] } }],
    {
      fit: [{ headers: { "x-canary": "YES please" } }],
      others: [{ headers: { "x-canary": "no" } }, {}],
    },
  ),
  condition(
    "method",
    "A method condition goes by the very method",
    [{ Field: "http-request-method", HttpRequestMethodConfig: { Values: ["POST"] } }],
    { fit: [{ method: "POST" }], others: [{ method: "GET" }, { method: "PUT" }] },
  ),
  condition(
    "query",
    "A query condition goes by a pair, or by a value under any key",
    [
      {
        Field: "query-string",
        QueryStringConfig: { Values: [{ Key: "version", Value: "v1" }, { Value: "*beta*" }] },
      },
    ],
    {
      fit: [{ path: "/?version=v1" }, { path: "/?a=1&channel=a-beta-1" }],
      others: [{ path: "/?version=v2" }, { path: "/version=v1" }],
    },
  ),
  condition(
    "all-conditions",
    "A rule with several conditions wants all of them",
    [onPath("/api/*"), { Field: "http-request-method", HttpRequestMethodConfig: { Values: ["GET"] } }],
    {
      fit: [{ path: "/api/x" }],
      others: [{ path: "/api/x", method: "POST" }, { path: "/" }],
    },
  ),
  contractCase({
    id: "rule.redirect",
    title: "A redirect keeps what it does not name of protocol, host, path and query",
    source: elbGuide("rule-action-types"),
    ...real,
    run: async (context) => {
      const listener = await makeListener(context, {
        Type: "redirect",
        RedirectConfig: { StatusCode: "HTTP_301", Protocol: "HTTPS", Port: "443", Path: "/new/#{path}" },
      });
      const answer = await ask(context, listener, { path: "/a/b?c=d", headers: { host: "example.com" } });
      expect(answer.status).toBe(301);
      expect(answer.headers.location).toBe("https://example.com:443/new/a/b?c=d");
    },
  }),
  contractCase({
    id: "rule.fixed-response",
    title: "A fixed response comes with its status, type and text, from awselb/2.0",
    source: elbGuide("rule-action-types"),
    ...real,
    run: async (context) => {
      const answer = await ask(context, await makeListener(context, saying("closed", "503")));
      expect(answer).toMatchObject({ status: 503, body: "closed" });
      expect(answer.headers).toMatchObject({ server: "awselb/2.0" });
      expect(answer.headers["content-type"]).toMatch(/^text\/plain/);
    },
  }),
];
