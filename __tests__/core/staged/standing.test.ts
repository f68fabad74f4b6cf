import { describe, expect, test } from "@jest/globals";

import { chooseStanding, nothingStands, standing } from "../../../scripts/core/staged/standing.ts";
import { stagedNextSteps, stagedStatus } from "../../../scripts/core/status/staged.ts";
import { application, id, type Described } from "../../helpers/observed-application.ts";

const at = "2026-01-01T00:00:00.000Z";
const leaving: Described = { id: "e", tags: { leavingAt: at } };

describe("the deployments that stand", () => {
  test("come with the active one first, then the newest, without those whose service is gone", () => {
    const observed = application([
      { id: "a" },
      { id: "b", weight: 1 },
      { id: "c" },
      { id: "d", gone: true },
      leaving,
    ]);
    expect(standing(observed).map((one) => one.id)).toEqual(["b", "e", "c", "a"].map(id));
  });

  test.each<[string, readonly Described[], string]>([
    ["the active one", [{ id: "a", weight: 1 }, { id: "b" }], "a"],
    [
      "the one with most of the traffic",
      [
        { id: "a", weight: 10 },
        { id: "b", weight: 90 },
      ],
      "b",
    ],
    ["the newest, where none is active", [{ id: "a" }, { id: "b" }], "b"],
    ["the newest that stays", [{ id: "a" }, leaving], "a"],
    ["one that leaves, where there is no other", [leaving], "e"],
  ])("give %s to a verb that looks at one", (_, described, letter) => {
    expect(chooseStanding(application(described), undefined).id).toBe(id(letter));
  });

  test("give the one that was named, and no other where it has no service", () => {
    const observed = application([{ id: "a", weight: 1 }, { id: "b" }, { id: "c", gone: true }]);
    expect(chooseStanding(observed, id("b")).id).toBe(id("b"));
    expect(() => chooseStanding(observed, id("c"))).toThrow(/has no service/);
    expect(() => chooseStanding(observed, id("z"))).toThrow(/has no deployment zzz/);
  });

  test("say how to make one, where there is none", () => {
    expect(() => chooseStanding(application([]), undefined)).toThrow(/\.\/deploy stage makes one/);
    expect(nothingStands(application([{ id: "a", gone: true }]))).toMatch(/a{12} \(staged\).*stage makes/s);
  });
});

describe("the status of a deployment", () => {
  test.each<[string, Described, readonly string[]]>([
    ["staged", { id: "a", staged: true }, [`activate --id ${id("a")}`]],
    ["retired", { id: "a", tags: { retiredAt: at } }, [`teardown --id ${id("a")}`]],
    ["failed", { id: "a", tags: { failedAt: at } }, [`teardown --id ${id("a")}`]],
    ["active", { id: "a", weight: 1 }, []],
  ])("tells how to go on with one that is %s", (state, described, commands) => {
    const observed = application([described]);
    const status = stagedStatus(observed, chooseStanding(observed, undefined));
    expect(status).toMatchObject({ application: "web", deploymentId: id("a"), state });
    const steps = stagedNextSteps(status, (verb, more = []) => [verb, ...more].join(" "));
    expect(steps.map(({ command }) => command)).toEqual(commands);
  });
});
