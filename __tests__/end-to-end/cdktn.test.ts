import { expect, test } from "@jest/globals";

import { checkCdktn } from "../../scripts/infrastructure/check-cdktn.ts";

const minute = 60_000;

test.each(["environments.jsonc", "__tests__/fixtures/environments/full.jsonc"])(
  "the stacks of %s come to the same Terraform JSON under CDK Terrain",
  async (file) => {
    const stacks = await checkCdktn(file);
    expect(stacks.length).toBeGreaterThan(5);
    expect(stacks.filter(({ differences }) => differences.length > 0)).toEqual([]);
  },
  minute,
);
