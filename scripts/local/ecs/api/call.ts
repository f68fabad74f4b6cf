import type { Transaction } from "../../world/transaction.ts";
import type { ClusterRecord } from "../state.ts";
import { AwsError } from "./errors.ts";

/** One call of the API: the transaction it runs in, who calls, and the wall clock for times in answers. */
export interface Call extends Transaction {
  readonly toDate: (instant: number) => Date;
}

/** Answers one operation. It may throw an AwsError; then nothing has changed. */
export type Handler<Input, Output> = (call: Call, input: Input) => Output;

/** The last part of an ARN, or the name itself. */
export function nameOf(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1);
}

/**
 * The cluster of a call by name or ARN; `default` when it names none.
 *
 * @throws AwsError InvalidParameterException for what is no name, ClusterNotFoundException when it is not ACTIVE
 */
export function findCluster({ state }: Transaction, nameOrArn: string | undefined): ClusterRecord {
  checkClusterName(nameOrArn ?? "default");
  const cluster = state.ecs.clusters[nameOf(nameOrArn ?? "default")];
  if (!cluster || cluster.status === "INACTIVE") {
    throw new AwsError("ClusterNotFoundException", "Cluster not found.");
  }
  return cluster;
}

/** Refuses what can be neither the name nor the ARN of a cluster. */
function checkClusterName(nameOrArn: string): void {
  const name = /^arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:cluster\/(.*)$/s.exec(nameOrArn)?.[1] ?? nameOrArn;
  if (/^[A-Za-z0-9_-]{1,255}$/.test(name)) return;
  throw new AwsError(
    "InvalidParameterException",
    name.includes("/")
      ? "Invalid identifier: Unexpected number of separators"
      : `Cluster must match ^[a-zA-Z0-9\\-_]{1,255}$, but was ${name}`,
  );
}

/**
 * Refuses the ARN of a service or task of another cluster than the call's.
 *
 * @throws AwsError InvalidParameterException; a bare name passes
 */
export function checkBelongsTo(cluster: string, nameOrArn: string): void {
  const [, of] = /^arn:[^/]+\/([^/]+)\/.+$/.exec(nameOrArn) ?? [];
  if (of === undefined || of === cluster) return;
  throw new AwsError(
    "InvalidParameterException",
    `Invalid identifier: Identifier is for cluster ${of}. Your cluster is ${cluster}`,
  );
}

/** A time for an answer; undefined for one that has not come. */
export function optionalDate(call: Call, instant: number | null): Date | undefined {
  return instant === null ? undefined : call.toDate(instant);
}

/** One page of a list, by an offset that goes to the client as an opaque token. */
export function page<Item>(
  items: readonly Item[],
  limits: { maxResults: number | undefined; nextToken: string | undefined; standard: number; most?: number },
): { items: Item[]; nextToken: string | undefined } {
  const start = limits.nextToken === undefined ? 0 : offsetOf(limits.nextToken);
  const { maxResults, standard, most = 100 } = limits;
  if (maxResults !== undefined && (maxResults < 1 || maxResults > most)) {
    throw new AwsError("InvalidParameterException", `maxResults should be between 1 and ${most}`);
  }
  const end = start + (maxResults ?? standard);
  return {
    items: items.slice(start, end),
    nextToken: end < items.length ? Buffer.from(`offset:${end}`).toString("base64") : undefined,
  };
}

function offsetOf(nextToken: string): number {
  const match = /^offset:(\d+)$/.exec(Buffer.from(nextToken, "base64").toString());
  if (!match) throw new AwsError("InvalidParameterException", "Invalid token");
  return Number(match[1]);
}
