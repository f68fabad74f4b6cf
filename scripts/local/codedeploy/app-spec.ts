/**
 * Reads the AppSpec of an ECS deployment, YAML or JSON, with names in any case.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html#reference-appspec-file-structure-resources-ecs
 */
import { parse } from "yaml";
import { z } from "zod";

import { hookableEvents, type LifecycleEventName } from "./lifecycle-events.ts";

/** What an AppSpec says of the replacement task set, and the functions that judge its deployment. */
export interface AppSpec {
  taskDefinition: string;
  containerName: string;
  containerPort: number;
  platformVersion: string | null;
  awsvpcConfiguration: {
    subnets: string[];
    securityGroups: string[];
    assignPublicIp: "ENABLED" | "DISABLED";
  } | null;
  capacityProviderStrategy: { capacityProvider: string; weight: number; base: number }[] | null;
  /** Function names or ARNs by event. */
  hooks: Partial<Record<LifecycleEventName, string>>;
}

/** An AppSpec that cannot be deployed; the message is for the deployment's error information. */
export class AppSpecError extends Error {
  override readonly name = "AppSpecError";
}

const text = z.union([z.string().min(1), z.number().transform(String)]);
const properties = z.object({
  taskdefinition: z.string().min(1),
  loadbalancerinfo: z.object({ containername: z.string().min(1), containerport: z.coerce.number().int() }),
  platformversion: text.nullish(),
  networkconfiguration: z
    .object({
      awsvpcconfiguration: z.object({
        subnets: z.array(z.string()).min(1),
        securitygroups: z.array(z.string()).default([]),
        assignpublicip: z.enum(["ENABLED", "DISABLED"]).default("DISABLED"),
      }),
    })
    .nullish(),
  capacityproviderstrategy: z
    .array(
      z.object({
        capacityprovider: z.string().min(1),
        weight: z.coerce.number().int().default(0),
        base: z.coerce.number().int().default(0),
      }),
    )
    .nullish(),
});
const resource = z.object({ type: z.literal("AWS::ECS::Service"), properties });
const document = z.object({
  version: z.union([z.literal(0), z.literal("0.0")]),
  resources: z.array(z.record(z.string(), resource)).length(1),
  hooks: z.array(z.record(z.string(), z.string().min(1))).nullish(),
});

/** Parses an AppSpec. @throws AppSpecError that says what is wrong with it */
export function parseAppSpec(content: string): AppSpec {
  const parsed = document.safeParse(lowerCaseKeys(parseText(content)));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join(".") ?? "";
    throw new AppSpecError(
      `The AppSpec file for an Amazon ECS deployment is not valid${where && ` at ${where}`}: ${issue?.message ?? ""}`,
    );
  }
  const resources = Object.values(parsed.data.resources[0] ?? {});
  const [found] = resources;
  if (!found || resources.length > 1) {
    throw new AppSpecError("The AppSpec file must name exactly one target service in its Resources section.");
  }
  const { loadbalancerinfo, networkconfiguration, capacityproviderstrategy, ...own } = found.properties;
  const network = networkconfiguration?.awsvpcconfiguration;
  return {
    taskDefinition: own.taskdefinition,
    containerName: loadbalancerinfo.containername,
    containerPort: loadbalancerinfo.containerport,
    platformVersion: own.platformversion ?? null,
    awsvpcConfiguration: network
      ? {
          subnets: network.subnets,
          securityGroups: network.securitygroups,
          assignPublicIp: network.assignpublicip,
        }
      : null,
    capacityProviderStrategy:
      capacityproviderstrategy?.map(({ capacityprovider, weight, base }) => ({
        capacityProvider: capacityprovider,
        weight,
        base,
      })) ?? null,
    hooks: hooksOf(parsed.data.hooks ?? []),
  };
}

function parseText(content: string): unknown {
  try {
    return parse(content) as unknown;
  } catch (error) {
    throw new AppSpecError(
      `The AppSpec file is neither well-formed YAML nor JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function lowerCaseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerCaseKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key.toLowerCase(), lowerCaseKeys(item)]),
  );
}

function hooksOf(entries: readonly Record<string, string>[]): AppSpec["hooks"] {
  const hooks: AppSpec["hooks"] = {};
  for (const [name, functionName] of entries.flatMap((entry) => Object.entries(entry))) {
    const event = hookableEvents.find((candidate) => candidate.toLowerCase() === name);
    if (!event) {
      throw new AppSpecError(
        `The AppSpec file has a hook for ${name}; an Amazon ECS deployment has hooks for ${hookableEvents.join(", ")}.`,
      );
    }
    hooks[event] = functionName;
  }
  return hooks;
}
