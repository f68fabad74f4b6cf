import {
  DeleteParametersCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
  type GetParametersCommandOutput,
  type Parameter,
} from "@aws-sdk/client-ssm";

import { AwsCallError } from "../core/errors.ts";
import type { LocksPort, StoredLock } from "../core/ports/locks.ts";
import { inBatches } from "./batches.ts";
import { call, isAwsError, type CallObserver } from "./call.ts";
import { onceOnly, type ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

/** GetParameters and DeleteParameters take at most ten names. */
const parametersPerCall = 10;

/** A renewal has a quarter of a minute, so a connection that says nothing is given up early. */
const requestHandler = { connectionTimeout: 4_000, requestTimeout: 6_000 };

/** Somebody else writes the same parameter at the moment. */
const busy = "TooManyUpdates";
const triesWhileBusy = 5;

/**
 * Locks in Parameter Store through the AWS SDK: plain parameters of the standard tier.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
 */
export function locksPort(settings: ClientSettings, observe: CallObserver): LocksPort {
  const quick = { ...settings, requestHandler };
  const client = paced(new SSMClient(quick));
  const deleter = paced(new SSMClient(onceOnly(quick)));

  const put = async (Name: string, Value: string, Overwrite: boolean): Promise<number> => {
    const input = { Name, Value, Overwrite, Type: "String", Tier: "Standard" } as const;
    for (let attempt = 1; ; attempt += 1) {
      try {
        const { Version } = await call("ssm:PutParameter", observe, () =>
          client.send(new PutParameterCommand(input)),
        );
        if (Version !== undefined) return Version;
        throw new AwsCallError("EmptyAnswer", "ssm:PutParameter: AWS answered without a version.");
      } catch (error) {
        // The rate of these calls, which the client keeps, is pause enough.
        if (!isAwsError(error, busy) || attempt === triesWhileBusy) throw error;
      }
    }
  };

  return {
    async create(name, value) {
      try {
        return await put(name, value, false);
      } catch (error) {
        if (isAwsError(error, "ParameterAlreadyExists")) return undefined;
        throw error;
      }
    },

    overwrite: (name, value) => put(name, value, true),

    async read(names) {
      const answers = await inBatches(names, parametersPerCall, (Names) =>
        getParameters(client, observe, Names),
      );
      const dates = answers.flatMap(({ at }) => at ?? []);
      return {
        locks: new Map(
          answers.flatMap(({ found }) =>
            found.flatMap((parameter): [string, StoredLock][] =>
              parameter.Name === undefined ? [] : [[parameter.Name, storedLock(parameter)]],
            ),
          ),
        ),
        // The earliest: an age that is told too small is safe.
        at: dates.length < answers.length ? undefined : Math.min(...dates),
      };
    },

    async readVersion(name, version) {
      const { found } = await getParameters(client, observe, [`${name}:${version}`]);
      return found.map(storedLock).find((lock) => lock.version === version);
    },

    async delete(names) {
      await inBatches(names, parametersPerCall, (Names) =>
        call("ssm:DeleteParameters", observe, () => deleter.send(new DeleteParametersCommand({ Names }))),
      );
    },
  };
}

async function getParameters(
  client: SSMClient,
  observe: CallObserver,
  Names: string[],
): Promise<{ readonly found: readonly Parameter[]; readonly at: number | undefined }> {
  const command = new GetParametersCommand({ Names, WithDecryption: false });
  let at: number | undefined;
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      at = dateOf(result.response);
      return result;
    },
    { step: "deserialize", priority: "low", name: "slipwayAnswerDate" },
  );
  const { Parameters = [] }: GetParametersCommandOutput = await call("ssm:GetParameters", observe, () =>
    client.send(command),
  );
  return { found: Parameters, at };
}

/** The time at which AWS answered, by the answer's `Date` header. */
function dateOf(response: unknown): number | undefined {
  const { headers } = (response ?? {}) as { readonly headers?: Readonly<Record<string, string>> };
  const date = Date.parse(headers?.["date"] ?? "");
  return Number.isNaN(date) ? undefined : date;
}

function storedLock({ Value, Version, LastModifiedDate }: Parameter): StoredLock {
  return { value: Value ?? "", version: Version ?? 0, modifiedAt: LastModifiedDate?.getTime() ?? 0 };
}
