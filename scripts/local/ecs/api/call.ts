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

/** The cluster of a call by name or ARN; `default` when it names none. */
export function findCluster({ state }: Transaction, nameOrArn: string | undefined): ClusterRecord {
  const cluster = state.ecs.clusters[nameOf(nameOrArn ?? "default")];
  if (!cluster || cluster.status === "INACTIVE") {
    throw new AwsError("ClusterNotFoundException", "Cluster not found.");
  }
  return cluster;
}

/** A time for an answer; undefined for one that has not come. */
export function optionalDate(call: Call, instant: number | null): Date | undefined {
  return instant === null ? undefined : call.toDate(instant);
}

/** One page of a list, by an offset that goes to the client as an opaque token. */
export function page<Item>(
  items: readonly Item[],
  limits: { maxResults: number | undefined; nextToken: string | undefined; standard: number },
): { items: Item[]; nextToken: string | undefined } {
  const start = limits.nextToken === undefined ? 0 : offsetOf(limits.nextToken);
  const end = start + Math.min(100, limits.maxResults ?? limits.standard);
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
