import type {
  CapacityProvider,
  CreateCapacityProviderCommandInput,
  DeleteCapacityProviderCommandInput,
  DescribeCapacityProvidersCommandInput,
  Failure,
  UpdateCapacityProviderCommandInput,
} from "@aws-sdk/client-ecs";

import { noticeScaling } from "../managed-scaling.ts";
import type { CapacityProviderRecord } from "../state.ts";
import { nameOf, page, type Call } from "./call.ts";
import { AwsError, clientException, invalidParameter } from "./errors.ts";

interface CapacityProviderAnswer {
  capacityProvider: CapacityProvider;
}

const fargateProviders = ["FARGATE", "FARGATE_SPOT"];

/** Creates a capacity provider for an auto-scaling group. */
export function createCapacityProvider(
  call: Call,
  input: CreateCapacityProviderCommandInput,
): CapacityProviderAnswer {
  const { state } = call;
  const name = input.name ?? "";
  if (/^(aws|ecs|fargate)/i.test(name)) {
    throw invalidParameter(
      "The specified capacity provider name is invalid. Up to 255 characters are allowed, including letters " +
        '(upper and lowercase), numbers, underscores, and hyphens. The name cannot be prefixed with "aws", "ecs", ' +
        'or "fargate". Specify a valid name and try again.',
    );
  }
  if (!input.autoScalingGroupProvider?.autoScalingGroupArn) {
    throw clientException(
      "The specified Auto Scaling group ARN is invalid. Specify a valid ARN and try again.",
    );
  }
  if (state.ecs.capacityProviders[name]?.status === "ACTIVE") {
    throw invalidParameter(
      "The specified capacity provider already exists. To change the configuration of an existing capacity " +
        "provider, update the capacity provider.",
    );
  }
  const { managedScaling, ...group } = input.autoScalingGroupProvider;
  const record: CapacityProviderRecord = {
    arn: `arn:aws:ecs:${state.region}:${state.account}:capacity-provider/${name}`,
    name,
    status: "ACTIVE",
    autoScalingGroupProvider: {
      managedTerminationProtection: "DISABLED",
      managedDraining: "ENABLED",
      ...group,
      managedScaling: {
        status: "DISABLED",
        targetCapacity: 100,
        minimumScalingStepSize: 1,
        maximumScalingStepSize: 10000,
        instanceWarmupPeriod: 300,
        ...managedScaling,
      },
    },
  };
  state.ecs.capacityProviders[name] = record;
  if (input.tags && input.tags.length > 0) state.ecs.tags[record.arn] = input.tags;
  return { capacityProvider: describe(call, record, true) };
}

function describe({ state }: Call, record: CapacityProviderRecord, tags: boolean): CapacityProvider {
  return {
    capacityProviderArn: record.arn,
    name: record.name,
    status: record.status,
    autoScalingGroupProvider: record.autoScalingGroupProvider,
    updateStatus: record.status === "INACTIVE" ? "DELETE_COMPLETE" : undefined,
    tags: tags ? (state.ecs.tags[record.arn] ?? []) : [],
  };
}

/** Describes capacity providers, AWS's own FARGATE and FARGATE_SPOT among them. */
export function describeCapacityProviders(
  call: Call,
  input: DescribeCapacityProvidersCommandInput,
): { capacityProviders: CapacityProvider[]; failures: Failure[]; nextToken: string | undefined } {
  const { state } = call;
  const arnOf = (name: string) => `arn:aws:ecs:${state.region}:${state.account}:capacity-provider/${name}`;
  const records = state.ecs.capacityProviders;
  const names = input.capacityProviders?.map(nameOf) ?? [...fargateProviders, ...Object.keys(records)];
  const { items, nextToken } = page(names, {
    maxResults: input.maxResults,
    nextToken: input.nextToken,
    standard: 10,
  });
  const capacityProviders = items.flatMap((name): CapacityProvider[] => {
    if (fargateProviders.includes(name))
      return [{ capacityProviderArn: arnOf(name), name, status: "ACTIVE", tags: [] }];
    const record = records[name];
    return record ? [describe(call, record, input.include?.includes("TAGS") ?? false)] : [];
  });
  const missing = items.filter((name) => !fargateProviders.includes(name) && !records[name]);
  return {
    capacityProviders,
    failures: missing.map((name) => ({ arn: arnOf(name), reason: "MISSING" })),
    nextToken,
  };
}

/** Changes managed scaling, termination protection or draining. */
export function updateCapacityProvider(
  call: Call,
  input: UpdateCapacityProviderCommandInput,
): CapacityProviderAnswer {
  const record = find(call, input.name ?? "");
  const { managedScaling, ...update } = input.autoScalingGroupProvider ?? {};
  const current = record.autoScalingGroupProvider;
  record.autoScalingGroupProvider = {
    ...current,
    ...update,
    managedScaling: { ...current.managedScaling, ...managedScaling },
  };
  noticeScaling(call);
  return { capacityProvider: { ...describe(call, record, true), updateStatus: "UPDATE_COMPLETE" } };
}

/** Deletes a capacity provider that no cluster uses; it stays describable as INACTIVE. */
export function deleteCapacityProvider(
  call: Call,
  input: DeleteCapacityProviderCommandInput,
): CapacityProviderAnswer {
  const record = find(call, nameOf(input.capacityProvider ?? ""));
  const used = Object.values(call.state.ecs.clusters).some(
    (cluster) => cluster.status === "ACTIVE" && cluster.capacityProviders.includes(record.name),
  );
  if (used) {
    throw clientException(
      "The specified capacity provider is associated with a cluster. Remove the capacity provider from the " +
        "cluster and try again.",
    );
  }
  record.status = "INACTIVE";
  return { capacityProvider: describe(call, record, true) };
}

function find({ state }: Call, name: string): CapacityProviderRecord {
  const record = state.ecs.capacityProviders[name];
  if (record?.status === "ACTIVE") return record;
  throw new AwsError("ClientException", "The specified capacity provider does not exist.");
}
