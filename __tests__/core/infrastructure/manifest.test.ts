import { expect, test } from "@jest/globals";

import {
  chooseStacks,
  readManifest,
  withDependencies,
} from "../../../scripts/core/infrastructure/manifest.ts";

const stack = (name: string, ...dependencies: string[]) => ({
  name,
  synthesizedStackPath: `stacks/${name}/cdk.tf.json`,
  dependencies,
});
const manifest = JSON.stringify({
  stacks: {
    "a-cluster": stack("a-cluster", "a-network", "a-roles"),
    "a-network": stack("a-network"),
    "a-roles": stack("a-roles"),
    "b-network": stack("b-network", "a-network"),
  },
});
const names = (stacks: readonly { readonly name: string }[]): string[] => stacks.map(({ name }) => name);

test("stacks that others depend on come first", () => {
  expect(names(readManifest(manifest))).toEqual(["a-network", "a-roles", "a-cluster", "b-network"]);
});

test("a pattern chooses stacks, and one that matches nothing is told", () => {
  const files = readManifest(manifest);
  expect(names(chooseStacks(files, ["*-network"]).chosen)).toEqual(["a-network", "b-network"]);
  expect(chooseStacks(files, ["a-cluster", "c.*"]).unknown).toEqual(["c.*"]);
  expect(chooseStacks(files, []).chosen).toHaveLength(4);
});

test("what is chosen brings what it depends on", () => {
  const files = readManifest(manifest);
  const { chosen } = chooseStacks(files, ["b-network"]);
  expect(names(withDependencies(files, chosen))).toEqual(["a-network", "b-network"]);
});
