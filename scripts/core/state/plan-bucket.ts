/**
 * What has to be done to a bucket so that it can hold state: pure, from what S3 says of it and what it has to be.
 */
import { asObject } from "../environments/parts.ts";
import type { BucketSettings } from "./bucket-settings.ts";

/** One setting that is written. */
export type BucketSetting = keyof BucketSettings;

/** One thing to do. */
export type BucketStep =
  { readonly type: "create" } | { readonly type: "set"; readonly setting: BucketSetting };

/** The order matters: nothing is public for a moment, and nothing is kept without versions. */
const order: readonly BucketSetting[] = [
  "publicAccess",
  "ownership",
  "encryption",
  "versioning",
  "lifecycle",
  "tags",
  "policy",
];

/**
 * The steps that are left, none where the bucket is as it has to be.
 *
 * @param observed undefined where there is no such bucket
 */
export function planBucket(
  observed: BucketSettings | undefined,
  wanted: Required<BucketSettings>,
): BucketStep[] {
  const settings = order.filter((setting) => !covers(observed?.[setting], wanted[setting]));
  const create: BucketStep[] = observed === undefined ? [{ type: "create" }] : [];
  return [...create, ...settings.map((setting): BucketStep => ({ type: "set", setting }))];
}

/** What is wanted, with what somebody added to the bucket: statements, rules and tags of other names stay. */
export function withOthers(
  observed: BucketSettings | undefined,
  wanted: Required<BucketSettings>,
): Required<BucketSettings> {
  const theirs = asObject(observed?.policy);
  const ours = asObject(wanted.policy);
  return {
    ...wanted,
    policy: { ...ours, Statement: merged(theirs.Statement, ours.Statement, "Sid") },
    lifecycle: merged(observed?.lifecycle, wanted.lifecycle, "ID"),
    tags: { ...observed?.tags, ...wanted.tags },
  };
}

function merged(theirs: unknown, ours: unknown, key: string): unknown[] {
  const names = new Set(asList(ours).map((one) => asObject(one)[key]));
  return [...asList(theirs).filter((one) => !names.has(asObject(one)[key])), ...asList(ours)];
}

/** Whether everything that is wanted is there; AWS answers with fields of its own besides. */
function covers(observed: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return wanted.every((one) => asList(observed).some((other) => covers(other, one)));
  }
  if (typeof wanted !== "object" || wanted === null) return observed === wanted;
  const found = Array.isArray(observed) && observed.length === 1 ? (observed[0] as unknown) : observed;
  return Object.entries(wanted).every(([key, value]) => covers(asObject(found)[key], value));
}

/** S3 may give a list of one as one. */
function asList(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

/** What a step does, for people. */
export function stepText(step: BucketStep): string {
  return step.type === "create" ? "made the bucket" : texts[step.setting];
}

const texts: Readonly<Record<BucketSetting, string>> = {
  publicAccess: "blocked public access",
  ownership: "turned access lists off: the account owns every object",
  encryption: "encrypted what is written to it",
  versioning: "turned versions on",
  lifecycle: "old versions go after 365 days, unfinished uploads after 7",
  tags: "tagged it slipway:purpose=terraform-state",
  policy: "denied unencrypted connections, and deleting state, its versions or the bucket",
};
