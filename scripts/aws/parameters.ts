import { GetParametersCommand, SSMClient } from "@aws-sdk/client-ssm";

import type { ParametersPort, ParameterValue } from "../core/ports.ts";
import { inBatches } from "./batches.ts";
import { call, type CallObserver } from "./call.ts";
import type { ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

/** GetParameters takes at most ten names. */
const parametersPerCall = 10;

/** Parameter Store through the AWS SDK. A SecureString is never decrypted: its value belongs in `secrets`. */
export function parametersPort(settings: ClientSettings, observe: CallObserver): ParametersPort {
  const client = paced(new SSMClient(settings));

  return {
    async read(names) {
      const answers = await inBatches(names, parametersPerCall, (batch) =>
        call("ssm:GetParameters", observe, () =>
          client.send(new GetParametersCommand({ Names: batch, WithDecryption: false })),
        ),
      );
      const found = answers
        .flatMap(({ Parameters }) => Parameters ?? [])
        .flatMap(({ Name, Value, Type }): [string, ParameterValue][] => {
          if (Name === undefined) return [];
          return [
            [Name, Type === "SecureString" ? { kind: "secure" } : { kind: "plain", value: Value ?? "" }],
          ];
        });
      return new Map(found);
    },
  };
}
