/**
 * EventBridge's default bus, as far as ECS's and CodeDeploy's own events go: moto keeps the rules, and here they are
 * compared and their SNS topics told. Moto itself tells no topic.
 */
import { randomUUID } from "node:crypto";
import { z } from "zod";

import type { Region } from "../region.ts";
import { matches, PatternError } from "./pattern.ts";
import { eventsBetween, type ServiceEvent } from "./service-events.ts";
import { transformed } from "./transform.ts";

const json: z.ZodType<Json> = z.json();
type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const rulesAnswer = z.object({
  Rules: z.array(z.object({ Name: z.string(), State: z.string(), EventPattern: z.string().exactOptional() })),
});
const targetsAnswer = z.object({
  Targets: z.array(
    z.object({
      Arn: z.string(),
      InputTransformer: z
        .object({
          InputPathsMap: z.record(z.string(), z.string()).exactOptional(),
          InputTemplate: z.string(),
        })
        .exactOptional(),
    }),
  ),
});

interface Rule {
  readonly name: string;
  readonly pattern: Readonly<Record<string, Json>>;
  readonly targets: z.output<typeof targetsAnswer>["Targets"];
}

/** The rules of a Region, and the way from its events to the topics. */
export class EventBus {
  readonly #region: Region;
  readonly #motoEndpoint: string;
  readonly #log: (message: string) => void;
  #rules: readonly Rule[] = [];

  constructor(region: Region, motoEndpoint: string, log: (message: string) => void) {
    this.#region = region;
    this.#motoEndpoint = motoEndpoint;
    this.#log = log;
    region.onChange((after, before) => {
      if (this.#rules.length === 0) return;
      const toDate = (instant: number) => region.clock.toDate(instant);
      for (const event of eventsBetween(before, after, toDate)) this.#send(event);
    });
  }

  /** Reads the rules again, after a call that may have changed them. */
  async readRules(): Promise<void> {
    const { Rules: rules } = rulesAnswer.parse(await this.#askEvents("ListRules", {}));
    this.#rules = await Promise.all(
      rules
        .filter(({ State, EventPattern }) => State === "ENABLED" && EventPattern !== undefined)
        .map(async ({ Name: name, EventPattern: pattern = "{}" }) => ({
          name,
          pattern: z.record(z.string(), json).parse(JSON.parse(pattern)),
          targets: targetsAnswer.parse(await this.#askEvents("ListTargetsByRule", { Rule: name })).Targets,
        })),
    );
  }

  #send(about: ServiceEvent): void {
    const { region, account } = this.#region.state;
    const time = new Date(this.#region.clock.toDate(this.#region.clock.now())).toISOString();
    const event: Readonly<Record<string, Json>> = z
      .record(z.string(), json)
      // What is undefined is not in the JSON that a rule sees.
      .parse(JSON.parse(JSON.stringify({ version: "0", id: randomUUID(), account, time, region, ...about })));
    for (const { name, pattern, targets } of this.#rules) {
      if (!this.#fits(name, pattern, event)) continue;
      for (const { Arn: arn, InputTransformer: transformer } of targets) {
        if (!arn.startsWith("arn:aws:sns:")) continue;
        const told = this.#publish(arn, transformed(event, transformer)).catch((error: unknown) => {
          this.#log(`events ${name}: ${arn}: ${String(error)}`);
        });
        this.#region.clock.track(told);
      }
    }
  }

  #fits(name: string, pattern: Rule["pattern"], event: Readonly<Record<string, Json>>): boolean {
    try {
      return matches(pattern, event);
    } catch (error) {
      if (!(error instanceof PatternError)) throw error;
      this.#log(`events ${name}: ${error.message}`);
      return false;
    }
  }

  async #publish(topicArn: string, message: string): Promise<void> {
    const form = new URLSearchParams({
      Action: "Publish",
      Version: "2010-03-31",
      TopicArn: topicArn,
      Message: message,
    });
    await this.#post("sns", form.toString(), { "content-type": "application/x-www-form-urlencoded" });
  }

  async #askEvents(operation: string, input: unknown): Promise<unknown> {
    const headers = {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": `AWSEvents.${operation}`,
    };
    return JSON.parse(await this.#post("events", JSON.stringify(input), headers));
  }

  async #post(service: string, body: string, headers: Readonly<Record<string, string>>): Promise<string> {
    const scope = `local/20250101/${this.#region.state.region}/${service}/aws4_request`;
    // Moto takes service and Region from the scope and checks no signature.
    const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`;
    const response = await fetch(this.#motoEndpoint, {
      method: "POST",
      headers: { ...headers, authorization },
      body,
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`status ${response.status}: ${text.slice(0, 200)}`);
    return text;
  }
}
