import {
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { DescribeParametersCommand, SSMClient } from "@aws-sdk/client-ssm";

import type { Parameter, SecretsPort } from "../core/ports/secrets.ts";
import { inBatches } from "./batches.ts";
import { call, isAwsError, type CallObserver } from "./call.ts";
import type { ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

/** A filter of DescribeParameters takes so many values, and a page has so many parameters. */
const parametersPerCall = 50;

/** Secrets and parameters, without their values, through the AWS SDK. */
export function secretsPort(settings: ClientSettings, observe: CallObserver): SecretsPort {
  const secretClients = new Map<string, SecretsManagerClient>();
  const parameterClients = new Map<string, SSMClient>();

  const secretsIn = (region: string): SecretsManagerClient => {
    const client = secretClients.get(region) ?? paced(new SecretsManagerClient({ ...settings, region }));
    secretClients.set(region, client);
    return client;
  };

  return {
    async hasPolicy(id, region) {
      const { ResourcePolicy = "" } = await call("secretsmanager:GetResourcePolicy", observe, () =>
        secretsIn(region).send(new GetResourcePolicyCommand({ SecretId: id })),
      );
      return ResourcePolicy !== "";
    },

    async secret(id, region) {
      try {
        const found = await call("secretsmanager:DescribeSecret", observe, () =>
          secretsIn(region).send(new DescribeSecretCommand({ SecretId: id })),
        );
        return {
          arn: found.ARN ?? id,
          isDeleted: found.DeletedDate !== undefined,
          versionStages: found.VersionIdsToStages ?? {},
          ...(found.KmsKeyId === undefined ? {} : { kmsKeyId: found.KmsKeyId }),
        };
      } catch (error) {
        if (isAwsError(error, "ResourceNotFoundException")) return undefined;
        throw error;
      }
    },

    async parameters(names, region) {
      const client = parameterClients.get(region) ?? paced(new SSMClient({ ...settings, region }));
      parameterClients.set(region, client);
      const answers = await inBatches(names, parametersPerCall, (Values) =>
        call("ssm:DescribeParameters", observe, () =>
          client.send(
            new DescribeParametersCommand({
              ParameterFilters: [{ Key: "Name", Option: "Equals", Values }],
              MaxResults: parametersPerCall,
            }),
          ),
        ),
      );
      return answers
        .flatMap(({ Parameters = [] }) => Parameters)
        .map(({ Name, ARN, Type, KeyId }): Parameter => ({
          name: Name ?? "",
          type: Type ?? "",
          ...(ARN === undefined ? {} : { arn: ARN }),
          ...(KeyId === undefined ? {} : { kmsKeyId: KeyId }),
        }));
    },
  };
}
