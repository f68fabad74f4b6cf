/**
 * What a call of S3 asks for: the operation is told by method, bucket, key and query.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
 */
import type { ApiRequest } from "../../gateway/request.ts";
import type { Asked } from "./asked.ts";

/** Subresources of a bucket that have actions of their own: reading and writing. Deleting needs the writing one. */
const bucketActions: Readonly<Record<string, readonly [read: string, write: string]>> = {
  accelerate: ["GetAccelerateConfiguration", "PutAccelerateConfiguration"],
  acl: ["GetBucketAcl", "PutBucketAcl"],
  analytics: ["GetAnalyticsConfiguration", "PutAnalyticsConfiguration"],
  cors: ["GetBucketCORS", "PutBucketCORS"],
  encryption: ["GetEncryptionConfiguration", "PutEncryptionConfiguration"],
  "intelligent-tiering": ["GetIntelligentTieringConfiguration", "PutIntelligentTieringConfiguration"],
  inventory: ["GetInventoryConfiguration", "PutInventoryConfiguration"],
  lifecycle: ["GetLifecycleConfiguration", "PutLifecycleConfiguration"],
  location: ["GetBucketLocation", "GetBucketLocation"],
  logging: ["GetBucketLogging", "PutBucketLogging"],
  metrics: ["GetMetricsConfiguration", "PutMetricsConfiguration"],
  notification: ["GetBucketNotification", "PutBucketNotification"],
  "object-lock": ["GetBucketObjectLockConfiguration", "PutBucketObjectLockConfiguration"],
  ownershipControls: ["GetBucketOwnershipControls", "PutBucketOwnershipControls"],
  policy: ["GetBucketPolicy", "PutBucketPolicy"],
  policyStatus: ["GetBucketPolicyStatus", "GetBucketPolicyStatus"],
  publicAccessBlock: ["GetBucketPublicAccessBlock", "PutBucketPublicAccessBlock"],
  replication: ["GetReplicationConfiguration", "PutReplicationConfiguration"],
  requestPayment: ["GetBucketRequestPayment", "PutBucketRequestPayment"],
  tagging: ["GetBucketTagging", "PutBucketTagging"],
  uploads: ["ListBucketMultipartUploads", "ListBucketMultipartUploads"],
  versioning: ["GetBucketVersioning", "PutBucketVersioning"],
  versions: ["ListBucketVersions", "ListBucketVersions"],
  website: ["GetBucketWebsite", "PutBucketWebsite"],
};

const deleteActions: Readonly<Record<string, string>> = {
  policy: "DeleteBucketPolicy",
  website: "DeleteBucketWebsite",
};

const objectActions: Readonly<Record<string, readonly [read: string, write: string, remove: string]>> = {
  acl: ["GetObjectAcl", "PutObjectAcl", "PutObjectAcl"],
  tagging: ["GetObjectTagging", "PutObjectTagging", "DeleteObjectTagging"],
  retention: ["GetObjectRetention", "PutObjectRetention", "PutObjectRetention"],
  "legal-hold": ["GetObjectLegalHold", "PutObjectLegalHold", "PutObjectLegalHold"],
  attributes: ["GetObjectAttributes", "GetObjectAttributes", "GetObjectAttributes"],
  restore: ["RestoreObject", "RestoreObject", "RestoreObject"],
  torrent: ["GetObjectTorrent", "GetObjectTorrent", "GetObjectTorrent"],
};

/** Every action that a call can be taken for. */
export function s3Actions(): string[] {
  const tables = [...Object.values(bucketActions), ...Object.values(objectActions)].flat();
  return [...new Set([...tables, ...Object.values(deleteActions), ...plainActions])];
}

const plainActions = [
  "ListAllMyBuckets",
  "CreateBucket",
  "DeleteBucket",
  "ListBucket",
  "GetObject",
  "GetObjectVersion",
  "PutObject",
  "DeleteObject",
  "DeleteObjectVersion",
  "AbortMultipartUpload",
  "ListMultipartUploadParts",
] as const;
type PlainAction = (typeof plainActions)[number];

/** What a call of S3 asks for; path-style and virtual-hosted buckets alike. */
export function s3Asks(call: ApiRequest): Asked[] {
  const url = new URL(call.url, "http://localhost");
  const host = (call.headers.host ?? "").split(":")[0] ?? "";
  const virtual = /^(.+)\.s3[.-]/.exec(host)?.[1];
  const path = decodeURIComponent(url.pathname.slice(1));
  const whole = virtual === undefined ? path : `${virtual}/${path}`;
  const [bucket = ""] = whole.split("/");
  const key = whole.slice(bucket.length + 1);
  if (bucket === "") return [asked("ListAllMyBuckets", "*")];
  return key === "" ? bucketAsks(call, url, bucket) : objectAsks(call, url, bucket, key);
}

function asked(action: string, resource: string, context: Asked["context"] = {}): Asked {
  return { action: `s3:${action}`, resource, context };
}

function bucketAsks({ method, body }: ApiRequest, url: URL, bucket: string): Asked[] {
  const resource = `arn:aws:s3:::${bucket}`;
  const ask = (action: string, context: Asked["context"] = {}): Asked[] => [asked(action, resource, context)];
  const plain = (action: PlainAction, context?: Asked["context"]): Asked[] => ask(action, context);
  if (method === "POST" && url.searchParams.has("delete")) {
    const keys = [...body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)];
    return keys.map(([, key = ""]) => asked("DeleteObject", `${resource}/${key}`));
  }
  const [name, actions] = Object.entries(bucketActions).find(([part]) => url.searchParams.has(part)) ?? [];
  if (name !== undefined && actions) {
    if (method === "DELETE") return ask(deleteActions[name] ?? actions[1]);
    return ask(method === "PUT" ? actions[1] : actions[0], listing(url));
  }
  if (method === "PUT") return plain("CreateBucket");
  if (method === "DELETE") return plain("DeleteBucket");
  return plain("ListBucket", listing(url));
}

function listing({ searchParams }: URL): Asked["context"] {
  const keys = { prefix: "s3:prefix", delimiter: "s3:delimiter", "max-keys": "s3:max-keys" };
  return Object.fromEntries(
    Object.entries(keys).flatMap(([name, key]) => {
      const value = searchParams.get(name);
      return value === null ? [] : [[key, value]];
    }),
  );
}

function objectAsks({ method, headers }: ApiRequest, url: URL, bucket: string, key: string): Asked[] {
  const resource = `arn:aws:s3:::${bucket}/${key}`;
  const one = (action: string): Asked[] => [asked(action, resource)];
  const plain = (action: PlainAction): Asked[] => one(action);
  const reading = method === "GET" || method === "HEAD";
  const actions = Object.entries(objectActions).find(([name]) => url.searchParams.has(name))?.[1];
  if (actions) return one(actions[reading ? 0 : method === "DELETE" ? 2 : 1]);
  if (reading && url.searchParams.has("uploadId")) return plain("ListMultipartUploadParts");
  if (method === "DELETE" && url.searchParams.has("uploadId")) return plain("AbortMultipartUpload");
  const version = url.searchParams.has("versionId");
  if (reading) return plain(version ? "GetObjectVersion" : "GetObject");
  if (method === "DELETE") return plain(version ? "DeleteObjectVersion" : "DeleteObject");
  const writing = plain("PutObject");
  if (headers["x-amz-tagging"] !== undefined) writing.push(...one("PutObjectTagging"));
  const source = headers["x-amz-copy-source"];
  if (typeof source === "string") {
    const from = decodeURIComponent(source).replace(/^\//, "").split("?")[0] ?? "";
    writing.push(asked("GetObject", `arn:aws:s3:::${from}`));
  }
  return writing;
}
