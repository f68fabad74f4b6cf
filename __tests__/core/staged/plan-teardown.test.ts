import { describe, expect, test } from "@jest/globals";

import { permissions } from "../../../scripts/core/permissions/table.ts";
import { abandonedAfterMs, chooseTeardown } from "../../../scripts/core/staged/choose-teardown.ts";
import { idMadeAt } from "../../../scripts/core/deployment-id.ts";
import { planTeardown } from "../../../scripts/core/staged/plan-teardown.ts";
import { application, deployment, id, type Described } from "../../helpers/observed-application.ts";

const at = "2026-01-01T00:00:00.000Z";
const retired = (letter: string): Described => ({ id: letter, weight: 0, tags: { retiredAt: at } });

function planOf(described: readonly Described[], letter: string, hostedZoneId?: string) {
  const observed = application(described, hostedZoneId === undefined ? {} : { hostedZoneId });
  return planTeardown(observed, deployment(observed, letter));
}

describe("the plan of a teardown", () => {
  test("lets connections drain while the target group is in a rule, and deletes the target group last", () => {
    const steps = planOf([retired("a"), { id: "b", weight: 1 }], "a", "Z1");
    expect(steps.map(({ kind }) => kind)).toEqual([
      "markLeaving",
      "removeScaling",
      "deleteService",
      "waitUntilDrained",
      "deregisterRevision",
      "deleteRecord",
      "leaveLiveRule",
      "deleteTargetGroup",
    ]);
    for (const { work } of steps) expect(Object.keys(permissions)).toContain(work);
  });

  test("goes on where a killed one stopped", () => {
    const steps = planOf([{ ...retired("a"), tags: { retiredAt: at, leavingAt: at }, gone: true }], "a");
    expect(steps.map(({ kind }) => kind)).toEqual([
      "removeScaling",
      "waitUntilDrained",
      "deregisterRevision",
      "leaveLiveRule",
      "deleteTargetGroup",
    ]);
  });

  test("takes the staged host's rule with it, and leaves a revision that another deployment has", () => {
    const both = { tags: { revision: "test-web:1" } };
    const steps = planOf(
      [
        { id: "a", staged: true, ...both },
        { id: "b", weight: 1, ...both },
      ],
      "a",
    );
    expect(steps.map(({ kind }) => kind)).toContain("deleteRule");
    expect(steps.map(({ kind }) => kind)).not.toContain("deregisterRevision");
    expect(steps.map(({ kind }) => kind)).not.toContain("leaveLiveRule");
  });

  test("takes the revision that another deployment has replaced, or none would ever go", () => {
    const replacing = { revision: "test-web:2", replacedRevision: "test-web:1", replaces: id("a") };
    const steps = planOf(
      [
        { ...retired("a"), tags: { retiredAt: at, revision: "test-web:1" } },
        { id: "b", weight: 1, tags: replacing },
      ],
      "a",
    );
    expect(steps).toContainEqual(
      expect.objectContaining({ kind: "deregisterRevision", revision: "test-web:1" }),
    );
  });
});

describe("what is taken down", () => {
  const now = idMadeAt(id("d")) ?? 0;
  const some = [retired("a"), retired("b"), { id: "c", weight: 1 }, { id: "d", staged: true }];
  const chosen = (
    described: readonly Described[],
    choice: Parameters<typeof chooseTeardown>[1],
    when = now,
  ) => chooseTeardown(application(described), choice, when).map(({ id: one }) => one.charAt(0));

  test("is the one that is named, retired or not, and nothing where it is gone", () => {
    expect(chosen(some, { by: "id", id: id("d") })).toEqual(["d"]);
    expect(chosen(some, { by: "id", id: id("x") })).toEqual([]);
  });

  test("is never what has traffic", () => {
    expect(() => chosen(some, { by: "id", id: id("c") })).toThrow(/is active and has 100 %/);
    const shifting = [
      { id: "a", weight: 90 },
      { id: "b", weight: 10, tags: { activatingAt: at } },
    ];
    expect(() => chosen(shifting, { by: "id", id: id("b") })).toThrow(/is activating and has 10 %/);
  });

  test("is the only retired one where none is named, and unclear where there are two", () => {
    expect(chosen(some.slice(1), { by: "theOne" })).toEqual(["b"]);
    expect(chosen(some.slice(2), { by: "theOne" })).toEqual([]);
    expect(() => chosen(some, { by: "theOne" })).toThrow(
      /2 deployments to take down: b+ \(retired\), a+ \(retired\)/,
    );
  });

  test("is first what a killed teardown left", () => {
    const left = { id: "a", weight: 0, tags: { retiredAt: at, leavingAt: at } };
    expect(chosen([left, ...some.slice(1)], { by: "theOne" })).toEqual(["a"]);
  });

  test("with --all-retired is all but the newest, the oldest first, with what failed and what was given up", () => {
    expect(chosen(some, { by: "allRetired", keep: 1 })).toEqual(["a"]);
    expect(chosen(some, { by: "allRetired", keep: 0 })).toEqual(["a", "b"]);
    expect(chosen(some, { by: "allRetired", keep: 5 })).toEqual([]);
    const failed = { id: "e", tags: { failedAt: at } };
    const begun = { id: "f", beingStaged: true };
    const young = idMadeAt(id("f")) ?? 0;
    expect(chosen([...some, failed, begun], { by: "allRetired", keep: 2 }, young)).toEqual(["e"]);
    const later = young + abandonedAfterMs + 1;
    expect(chosen([...some, failed, begun], { by: "allRetired", keep: 2 }, later)).toEqual(["e", "f"]);
  });
});
