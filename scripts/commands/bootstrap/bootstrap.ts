import { stateBucketPort } from "../../aws/state-bucket.ts";
import type { CallObserver } from "../../aws/call.ts";
import type { Environment, S3State, StateSettings } from "../../core/environments.ts";
import { RefusedError } from "../../core/errors.ts";
import { bucketName, defaultBucketName } from "../../core/state/bucket.ts";
import { bucketSettings, type BucketSettings } from "../../core/state/bucket-settings.ts";
import { planBucket, stepText, withOthers, type BucketStep } from "../../core/state/plan-bucket.ts";
import type { StateBucketPort } from "../../core/ports/state-bucket.ts";
import { accountsToPrepare, type AccountToPrepare } from "./accounts.ts";

/** What the file says, and what the command line adds to it. */
export interface BootstrapSettings {
  readonly environments: readonly Environment[];
  readonly state: StateSettings;
  /** For a file that keeps its state local so far; the first environment's Region otherwise. */
  readonly region: string | undefined;
  readonly profile: string | undefined;
  readonly dryRun: boolean;
}

interface Bucket {
  readonly account: AccountToPrepare;
  readonly name: string;
  readonly port: StateBucketPort;
  readonly wanted: Required<BucketSettings>;
  readonly steps: readonly BucketStep[];
}

/**
 * Makes the bucket of each account's state, or mends one that is not as it has to be. All of them are looked at before
 * the first is changed.
 *
 * @param say takes one line for people at a time
 * @throws RefusedError for a bucket of somebody else or in another Region, and for credentials of another account
 */
export async function bootstrap(
  settings: BootstrapSettings,
  observe: CallObserver,
  say: (line: string) => void,
): Promise<void> {
  const { environments, state, dryRun } = settings;
  const [first] = environments;
  const region = state.in === "s3" ? state.region : (settings.region ?? first?.region ?? "us-east-1");
  const accounts = await accountsToPrepare(environments, region, settings.profile, observe);
  const buckets: Bucket[] = [];
  for (const account of accounts) buckets.push(await lookAt(account, state, region, observe));
  for (const { account, name, port, wanted, steps } of buckets) {
    say(`${name} (account ${account.id}, ${region})${steps.length === 0 ? ": nothing to do" : ""}`);
    for (const step of steps) {
      if (!dryRun) await port.apply(name, step, wanted);
      say(`  ${dryRun ? "would do: " : ""}${stepText(step)}`);
    }
  }
  for (const line of nextSteps(settings, region, buckets)) say(line);
}

async function lookAt(
  account: AccountToPrepare,
  state: StateSettings,
  region: string,
  observe: CallObserver,
): Promise<Bucket> {
  const name = state.in === "s3" ? bucketName(state, account.id) : defaultBucketName(account.id, region);
  const port = stateBucketPort(account.settings, observe);
  const found = await port.find(name, account.id);
  if (found.kind === "foreign") {
    throw new RefusedError(
      `The bucket ${name} is there, and account ${account.id} does not own it or these credentials may not look at it. ` +
        `Nothing was changed.\n  Name another in "state": { "bucket": … }, or allow s3:ListBucket.`,
    );
  }
  if (found.kind === "own" && found.region !== region) {
    throw new RefusedError(
      `The bucket ${name} is in ${found.region}, not in ${region}. Nothing was changed.\n  ` +
        `Set "region" of "state" to "${found.region}", or name another bucket.`,
    );
  }
  const observed = found.kind === "own" ? found.settings : undefined;
  const { partition } = account;
  const own = bucketSettings({ name, partition, kmsKeyArn: (state as Partial<S3State>).kmsKeyArn });
  return {
    account,
    name,
    port,
    wanted: withOthers(observed, own),
    steps: planBucket(observed, own),
  };
}

function nextSteps(
  { state, dryRun, environments }: BootstrapSettings,
  region: string,
  buckets: readonly Bucket[],
): string[] {
  if (dryRun) return ["", "Nothing was changed."];
  const move =
    "npx cdktf deploy '*' --migrate-state   moves what local files hold, where there are any; without them leave the flag out";
  if (state.in === "s3") return ["", "Next:", `  ${move}`];
  const [only] = buckets;
  const named = environments.some(({ account }) => account !== undefined) || only === undefined;
  const bucket = named ? "" : `"bucket": "${only.name}", `;
  return [
    "",
    "Next:",
    `  add to environments.jsonc:  "state": { "in": "s3", ${bucket}"region": "${region}" },`,
    `  ${move}`,
  ];
}
