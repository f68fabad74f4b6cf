import {
  CreateBucketCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLocationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
  type BucketLocationConstraint,
  type LifecycleRule,
  type PublicAccessBlockConfiguration,
  type ServerSideEncryptionRule,
} from "@aws-sdk/client-s3";

import { AwsCallError } from "../core/errors.ts";
import type { FoundBucket, StateBucketPort } from "../core/ports/state-bucket.ts";
import type { BucketSettings } from "../core/state/bucket-settings.ts";
import type { BucketSetting } from "../core/state/plan-bucket.ts";
import type { SettingsWithKeys } from "./account.ts";
import { call, isAwsError, type CallObserver } from "./call.ts";

/** What S3 answers where a bucket has none of a setting. */
const none = [
  "ServerSideEncryptionConfigurationNotFoundError",
  "NoSuchPublicAccessBlockConfiguration",
  "OwnershipControlsNotFoundError",
  "NoSuchBucketPolicy",
  "NoSuchLifecycleConfiguration",
  "NoSuchTagSet",
];

/** A bucket for state through the AWS SDK. */
export function stateBucketPort(settings: SettingsWithKeys, observe: CallObserver): StateBucketPort {
  const client = new S3Client({ ...settings, followRegionRedirects: true });

  return {
    async find(name, owner): Promise<FoundBucket> {
      const whose = { Bucket: name, ExpectedBucketOwner: owner };
      let region: string | undefined;
      try {
        ({ BucketRegion: region } = await call("s3:ListBucket", observe, () =>
          client.send(new HeadBucketCommand(whose)),
        ));
      } catch (error) {
        if (isAwsError(error, "NotFound") || isAwsError(error, "NoSuchBucket")) return { kind: "missing" };
        // An answer to HEAD has no body that would say more.
        if (statusOf(error) === 403) return { kind: "foreign" };
        throw error;
      }
      region ??= await locationOf(whose);
      return { kind: "own", region, settings: await settingsOf(whose) };
    },

    async apply(name, step, wanted) {
      if (step.type === "create") return createBucket(name);
      return write(step.setting, { Bucket: name }, wanted);
    },
  };

  async function locationOf(whose: Whose): Promise<string> {
    const { LocationConstraint } = await call("s3:GetBucketLocation", observe, () =>
      client.send(new GetBucketLocationCommand(whose)),
    );
    return LocationConstraint ?? "us-east-1";
  }

  async function createBucket(name: string): Promise<void> {
    const { region } = settings;
    // The first Region has no name as a location.
    const place =
      region === "us-east-1"
        ? {}
        : { CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint } };
    await call("s3:CreateBucket", observe, () =>
      client.send(
        new CreateBucketCommand({ Bucket: name, ObjectOwnership: "BucketOwnerEnforced", ...place }),
      ),
    );
  }

  async function settingsOf(whose: Whose): Promise<BucketSettings> {
    const ask = async <Value>(operation: string, send: () => Promise<Value>): Promise<Value | undefined> => {
      try {
        return await call(operation, observe, send);
      } catch (error) {
        if (none.some((code) => isAwsError(error, code))) return undefined;
        throw error;
      }
    };
    const [versioning, encryption, publicAccess, ownership, policy, lifecycle, tags] = await Promise.all([
      ask("s3:GetBucketVersioning", () => client.send(new GetBucketVersioningCommand(whose))),
      ask("s3:GetEncryptionConfiguration", () => client.send(new GetBucketEncryptionCommand(whose))),
      ask("s3:GetBucketPublicAccessBlock", () => client.send(new GetPublicAccessBlockCommand(whose))),
      ask("s3:GetBucketOwnershipControls", () => client.send(new GetBucketOwnershipControlsCommand(whose))),
      ask("s3:GetBucketPolicy", () => client.send(new GetBucketPolicyCommand(whose))),
      ask("s3:GetLifecycleConfiguration", () =>
        client.send(new GetBucketLifecycleConfigurationCommand(whose)),
      ),
      ask("s3:GetBucketTagging", () => client.send(new GetBucketTaggingCommand(whose))),
    ]);
    const text = policy?.Policy;
    return {
      versioning: versioning?.Status,
      encryption: encryption?.ServerSideEncryptionConfiguration?.Rules,
      publicAccess: publicAccess?.PublicAccessBlockConfiguration,
      ownership: ownership?.OwnershipControls?.Rules?.[0]?.ObjectOwnership,
      policy: text === undefined ? undefined : (JSON.parse(text) as unknown),
      lifecycle: lifecycle?.Rules,
      tags: Object.fromEntries((tags?.TagSet ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
    };
  }

  /** Makes what was read of a bucket, or is wanted of it, what S3 takes: the settings are kept in S3's own form. */
  async function write(
    setting: BucketSetting,
    whose: Pick<Whose, "Bucket">,
    wanted: Required<BucketSettings>,
  ): Promise<void> {
    switch (setting) {
      case "versioning":
        await call("s3:PutBucketVersioning", observe, () =>
          client.send(
            new PutBucketVersioningCommand({ ...whose, VersioningConfiguration: { Status: "Enabled" } }),
          ),
        );
        return;
      case "encryption": {
        const Rules = wanted.encryption as ServerSideEncryptionRule[];
        await call("s3:PutEncryptionConfiguration", observe, () =>
          client.send(
            new PutBucketEncryptionCommand({ ...whose, ServerSideEncryptionConfiguration: { Rules } }),
          ),
        );
        return;
      }
      case "publicAccess": {
        const PublicAccessBlockConfiguration = wanted.publicAccess as PublicAccessBlockConfiguration;
        await call("s3:PutBucketPublicAccessBlock", observe, () =>
          client.send(new PutPublicAccessBlockCommand({ ...whose, PublicAccessBlockConfiguration })),
        );
        return;
      }
      case "ownership":
        await call("s3:PutBucketOwnershipControls", observe, () =>
          client.send(
            new PutBucketOwnershipControlsCommand({
              ...whose,
              OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
            }),
          ),
        );
        return;
      case "policy": {
        const Policy = JSON.stringify(wanted.policy);
        await call("s3:PutBucketPolicy", observe, () =>
          client.send(new PutBucketPolicyCommand({ ...whose, Policy })),
        );
        return;
      }
      case "lifecycle": {
        const Rules = wanted.lifecycle as LifecycleRule[];
        await call("s3:PutLifecycleConfiguration", observe, () =>
          client.send(
            new PutBucketLifecycleConfigurationCommand({ ...whose, LifecycleConfiguration: { Rules } }),
          ),
        );
        return;
      }
      case "tags": {
        const all = Object.entries(wanted.tags ?? {});
        const TagSet = all.map(([Key, Value]) => ({ Key, Value }));
        await call("s3:PutBucketTagging", observe, () =>
          client.send(new PutBucketTaggingCommand({ ...whose, Tagging: { TagSet } })),
        );
      }
    }
  }
}

interface Whose {
  readonly Bucket: string;
  readonly ExpectedBucketOwner: string;
}

function statusOf(error: unknown): number | undefined {
  if (!(error instanceof AwsCallError)) return undefined;
  const { cause } = error;
  const metadata =
    cause instanceof Error && "$metadata" in cause
      ? (cause.$metadata as { httpStatusCode?: number })
      : undefined;
  return metadata?.httpStatusCode;
}
