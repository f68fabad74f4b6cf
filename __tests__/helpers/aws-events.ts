import { readFileSync } from "node:fs";

/** An event as AWS publishes it in its guides. */
export type AwsEvent = Readonly<Record<string, Json>> & { readonly detail: Readonly<Record<string, Json>> };

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** What AWS's sample of an event becomes with other fields. */
export function sampleEvent(
  name: "task-state-change" | "deployment-state-change" | "service-action" | "codedeploy-state-change",
  detail: Readonly<Record<string, Json>> = {},
  fields: Readonly<Record<string, Json>> = {},
): AwsEvent {
  const file = new URL(`../fixtures/events/${name}.json`, import.meta.url);
  const event = JSON.parse(readFileSync(file, "utf8")) as AwsEvent;
  return { ...event, ...fields, detail: { ...event.detail, ...detail } };
}
