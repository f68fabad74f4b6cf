import type { BucketSettings } from "../state/bucket-settings.ts";
import type { BucketStep } from "../state/plan-bucket.ts";

/** A bucket as those find it who want it. */
export type FoundBucket =
  | { readonly kind: "missing" }
  /** It is there, and of another account, or of one that keeps the caller out. */
  | { readonly kind: "foreign" }
  | { readonly kind: "own"; readonly region: string; readonly settings: BucketSettings };

/** What `npm run bootstrap` asks of S3. Every method throws AwsCallError. */
export interface StateBucketPort {
  /** @param owner the account that it has to belong to */
  find(name: string, owner: string): Promise<FoundBucket>;

  /** Brings one step about. */
  apply(name: string, step: BucketStep, wanted: Required<BucketSettings>): Promise<void>;
}
