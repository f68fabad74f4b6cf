/**
 * The AppSpec of an ECS deployment: what CodeDeploy makes the replacement task set of, and which functions judge it.
 *
 * @see https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html#reference-appspec-file-structure-resources-ecs
 */
import type { CapacityProviderStrategyItem, NetworkConfiguration } from "@aws-sdk/client-ecs";
import { parse } from "yaml";
import * as z from "zod";

/** The events at which CodeDeploy asks a function, in their order. */
export const hookableEvents = [
  "BeforeInstall",
  "AfterInstall",
  "AfterAllowTestTraffic",
  "BeforeAllowTraffic",
  "AfterAllowTraffic",
] as const;

/** A Lambda function that judges a deployment at an event. */
export interface Hook {
  readonly event: (typeof hookableEvents)[number];
  /** Its name or ARN. */
  readonly function: string;
}

/** What a replacement task set is made of; what is absent stays as the original one has it. */
export interface AppSpecSubject {
  /** A revision's ARN, or the marker of the one that is about to be registered. */
  readonly taskDefinition: string;
  readonly containerName: string;
  readonly containerPort: number;
  readonly platformVersion?: string;
  readonly networkConfiguration?: NetworkConfiguration;
  readonly capacityProviderStrategy?: readonly CapacityProviderStrategyItem[];
  readonly hooks: readonly Hook[];
}

/** The AppSpec as JSON; the same text for the same subject, since CodeDeploy knows a revision by its hash. */
export function appSpecText(subject: AppSpecSubject): string {
  const { awsvpcConfiguration } = subject.networkConfiguration ?? {};
  const strategy = subject.capacityProviderStrategy ?? [];
  return JSON.stringify({
    version: 0,
    Resources: [
      {
        TargetService: {
          Type: "AWS::ECS::Service",
          Properties: {
            TaskDefinition: subject.taskDefinition,
            LoadBalancerInfo: {
              ContainerName: subject.containerName,
              ContainerPort: subject.containerPort,
            },
            ...(subject.platformVersion === undefined ? {} : { PlatformVersion: subject.platformVersion }),
            ...(awsvpcConfiguration === undefined
              ? {}
              : {
                  NetworkConfiguration: {
                    AwsvpcConfiguration: {
                      Subnets: awsvpcConfiguration.subnets,
                      SecurityGroups: awsvpcConfiguration.securityGroups,
                      AssignPublicIp: awsvpcConfiguration.assignPublicIp,
                    },
                  },
                }),
            ...(strategy.length === 0
              ? {}
              : {
                  CapacityProviderStrategy: strategy.map(({ capacityProvider, base, weight }) => ({
                    CapacityProvider: capacityProvider,
                    Base: base ?? 0,
                    Weight: weight ?? 0,
                  })),
                }),
          },
        },
      },
    ],
    ...(subject.hooks.length === 0
      ? {}
      : { Hooks: subject.hooks.map(({ event, function: name }) => ({ [event]: name })) }),
  });
}

const document = z.object({
  resources: z.array(
    z.record(z.string(), z.object({ properties: z.object({ taskdefinition: z.string().min(1) }) })),
  ),
});

/** The revision that an AppSpec deploys, also one that somebody else wrote; undefined where it says none. */
export function taskDefinitionIn(appSpec: string): string | undefined {
  let read: unknown;
  try {
    read = parse(appSpec);
  } catch {
    return undefined;
  }
  const { data } = document.safeParse(lowerCaseKeys(read));
  const [resource] = Object.values(data?.resources[0] ?? {});
  return resource?.properties.taskdefinition;
}

/** CodeDeploy takes its names in any case. */
function lowerCaseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(lowerCaseKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key.toLowerCase(), lowerCaseKeys(inner)]),
  );
}
