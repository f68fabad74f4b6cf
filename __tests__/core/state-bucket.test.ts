import { describe, expect, test } from "@jest/globals";

import { bucketName, stateKey } from "../../scripts/core/state/bucket.ts";
import { bucketSettings } from "../../scripts/core/state/bucket-settings.ts";
import { planBucket, withOthers } from "../../scripts/core/state/plan-bucket.ts";

const purpose = { name: "state", partition: "aws", kmsKeyArn: undefined };
const wanted = bucketSettings(purpose);
const inS3 = { in: "s3", region: "eu-west-1", keyPrefix: "slipway/" } as const;

describe("the bucket of state", () => {
  test("is named after its account and Region unless the file names it", () => {
    expect(bucketName(inS3, "123456789012")).toBe("slipway-state-123456789012-eu-west-1");
    expect(bucketName({ ...inS3, bucket: "ours" }, undefined)).toBe("ours");
    expect(stateKey(inS3, "test-network")).toBe("slipway/test-network.tfstate");
  });

  test("is closed to the public before anything else is set, and the policy comes last", () => {
    expect(planBucket(undefined, wanted)).toEqual([
      { type: "create" },
      ...["publicAccess", "ownership", "encryption", "versioning", "lifecycle", "tags", "policy"].map(
        (setting) => ({ type: "set", setting }),
      ),
    ]);
  });

  test("is left alone when it is as it has to be, whatever fields S3 adds to its answers", () => {
    const [rule] = wanted.encryption as object[];
    const answered = {
      ...wanted,
      encryption: [{ ...rule, BlockedEncryptionTypes: { EncryptionType: ["NONE"] } }],
      policy: JSON.parse(JSON.stringify(wanted.policy)) as unknown,
      tags: { ...wanted.tags, team: "platform" },
    };
    expect(planBucket(answered, wanted)).toEqual([]);
  });

  test.each([
    ["versioning", "Suspended"],
    ["publicAccess", { ...(wanted.publicAccess as object), BlockPublicPolicy: false }],
    ["encryption", undefined],
    ["tags", { "slipway:purpose": "else" }],
    ["policy", { Version: "2012-10-17", Statement: [] }],
  ])("is mended where its %s is not as it has to be, and nowhere else", (setting, value) => {
    expect(planBucket({ ...wanted, [setting]: value }, wanted)).toEqual([{ type: "set", setting }]);
  });

  test("keeps statements, rules and tags that somebody added", () => {
    const theirs = { Sid: "Readers", Effect: "Allow" };
    const observed = {
      policy: { Statement: [theirs, { Sid: "BucketIsNotDeleted", Effect: "Allow" }] },
      lifecycle: [{ ID: "theirs" }],
      tags: { team: "platform" },
    };
    const both = withOthers(observed, wanted);
    const statements = (both.policy as { Statement: { Sid: string; Effect: string }[] }).Statement;
    expect(statements.map(({ Sid, Effect }) => `${Effect} ${Sid}`)).toEqual([
      "Allow Readers",
      "Deny EncryptedConnectionsOnly",
      "Deny StateIsNotDeleted",
      "Deny VersionsAreNotDeleted",
      "Deny BucketIsNotDeleted",
    ]);
    expect(both.lifecycle).toMatchObject([{ ID: "theirs" }, { ID: "old-versions-of-state" }]);
    expect(both.tags).toEqual({ team: "platform", "slipway:purpose": "terraform-state" });
  });

  test("lets Terraform delete its lock files and nobody anything else", () => {
    const { Statement } = wanted.policy as { Statement: Record<string, unknown>[] };
    expect(Statement.find(({ Sid }) => Sid === "StateIsNotDeleted")).toMatchObject({
      Effect: "Deny",
      Action: "s3:DeleteObject",
      NotResource: "arn:aws:s3:::state/*.tflock",
    });
  });

  test("is encrypted with the key that the file names", () => {
    const kmsKeyArn = "arn:aws:kms:eu-west-1:123456789012:key/1-2";
    expect(bucketSettings({ ...purpose, kmsKeyArn }).encryption).toEqual([
      {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: kmsKeyArn },
        BucketKeyEnabled: true,
      },
    ]);
  });
});
