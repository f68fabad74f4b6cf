import { request, type IncomingHttpHeaders } from "node:http";
import { text } from "node:stream/consumers";

import {
  CreateListenerCommand,
  CreateRuleCommand,
  DeleteListenerCommand,
  type Action,
  type RuleCondition,
} from "@aws-sdk/client-elastic-load-balancing-v2";

import type { Status } from "../../../scripts/local/gateway/status.ts";
import { given } from "./clients.ts";
import type { Context } from "./context.ts";

/** Why cases with real requests run against a local AWS only. */
export const unreachable = "the suite's load balancer is internal, so that its requests would not get there";

/** An action that answers with a text of its own. */
export const saying = (MessageBody: string, StatusCode = "200"): Action => ({
  Type: "fixed-response",
  FixedResponseConfig: { StatusCode, ContentType: "text/plain", MessageBody },
});

/** Makes a listener on the shared load balancer that answers `default` unless told otherwise. @returns its ARN */
export async function makeListener(context: Context, action: Action = saying("default")): Promise<string> {
  const { elb } = context.clients;
  const { Listeners } = await elb.send(
    new CreateListenerCommand({
      LoadBalancerArn: await context.loadBalancer(),
      Port: context.nextPort(),
      Protocol: "HTTP",
      DefaultActions: [action],
    }),
  );
  const ListenerArn = given(Listeners?.[0]?.ListenerArn);
  context.afterwards(() => elb.send(new DeleteListenerCommand({ ListenerArn })));
  return ListenerArn;
}

/** Adds a rule to a listener; it goes with the listener. @returns its ARN */
export async function addRule(
  { clients }: Context,
  ListenerArn: string,
  rule: { priority: number; conditions: RuleCondition[]; action: Action },
): Promise<string> {
  const { Rules } = await clients.elb.send(
    new CreateRuleCommand({
      ListenerArn,
      Priority: rule.priority,
      Conditions: rule.conditions,
      Actions: [rule.action],
    }),
  );
  return given(Rules?.[0]?.RuleArn);
}

/** What a request to a listener asks for. */
export interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What a listener answered. */
export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends a real request to where the local AWS serves a listener. */
export async function ask({ target }: Context, listenerArn: string, asked: Asked = {}): Promise<Answered> {
  const status = (await (await fetch(`${target.endpoint ?? ""}/_slipway/status`)).json()) as Status;
  const url = given(status.listeners.find((open) => open.listenerArn === listenerArn)?.url, "the listener");
  return new Promise((resolve, reject) => {
    const { path = "/", method = "GET", headers = {} } = asked;
    const sent = request(url, { path, method, headers: { ...headers }, agent: false }, (answer) => {
      text(answer).then(
        (body) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }),
        reject,
      );
    });
    sent.on("error", reject);
    sent.end();
  });
}
