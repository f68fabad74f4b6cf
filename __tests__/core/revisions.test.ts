import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { deploymentsByRevision } from "../../scripts/core/revisions/list.ts";
import { revisionsToPrune } from "../../scripts/core/revisions/prune.ts";

describe("pruning", () => {
  test("takes the oldest first and keeps the newest and what is in use", () => {
    expect(revisionsToPrune(["f:6", "f:5", "f:4", "f:3", "f:2", "f:1"], 2, new Set(["f:3", "f:6"]))).toEqual([
      "f:1",
      "f:2",
      "f:4",
    ]);
  });

  test("never takes one in use nor one of the newest, whatever there is", () => {
    const revisions = fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { maxLength: 60 });
    fc.assert(
      fc.property(
        revisions,
        fc.integer({ min: 1, max: 70 }),
        fc.func(fc.boolean()),
        (numbers, keep, isUsed) => {
          const active = numbers.sort((left, right) => right - left).map((number) => `f:${number}`);
          const inUse = new Set(active.filter((arn) => isUsed(arn)));
          const pruned = revisionsToPrune(active, keep, inUse);
          expect(pruned.some((arn) => inUse.has(arn) || active.indexOf(arn) < keep)).toBe(false);
          expect(active.length - pruned.length).toBeLessThanOrEqual(keep + inUse.size);
        },
      ),
    );
  });
});

describe("how a revision's deployments ended", () => {
  test("is told by the newest of them, with their number", () => {
    const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minute));
    const found = deploymentsByRevision(
      [
        {
          targetServiceRevisionArn: "r2",
          status: "ROLLBACK_SUCCESSFUL",
          statusReason: "breaker",
          finishedAt: at(3),
        },
        { targetServiceRevisionArn: "r1", status: "SUCCESSFUL", finishedAt: at(2) },
        { targetServiceRevisionArn: "r3", status: "SUCCESSFUL", finishedAt: at(1) },
        { targetServiceRevisionArn: "gone", status: "SUCCESSFUL" },
      ],
      [
        { serviceRevisionArn: "r1", taskDefinition: "web:1" },
        { serviceRevisionArn: "r2", taskDefinition: "web:2" },
        { serviceRevisionArn: "r3", taskDefinition: "web:1" },
      ],
    );
    expect([...found]).toEqual([
      ["web:2", { status: "ROLLBACK_SUCCESSFUL", reason: "breaker", at: at(3).toISOString(), times: 1 }],
      ["web:1", { status: "SUCCESSFUL", at: at(2).toISOString(), times: 2 }],
    ]);
  });
});
