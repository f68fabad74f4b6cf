import { describe, expect, test } from "@jest/globals";
import { parseEnvironments } from "../../scripts/core/environments.ts";
import { inSurroundings } from "../../scripts/core/environments/surroundings.ts";

const assumeRole = "arn:aws:iam::222222222222:role/terraform";
const parsed = parseEnvironments(
  JSON.stringify({
    state: { in: "s3", region: "eu-west-1" },
    environments: {
      live: {
        region: "eu-west-1",
        terraform: { assumeRole },
        network: { cidr: "10.1.0.0/16", zones: 2 },
        cluster: { ec2: null },
      },
    },
  }),
);
if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));

function within(variables: Record<string, string>) {
  if (!parsed.ok) throw new Error("It was right a moment ago.");
  const { state, environments } = inSurroundings(parsed, variables);
  return { state: state.in, live: environments.get("live") };
}

describe("the surroundings of an environments file", () => {
  test("say nothing by default: the account is that of the role, the state where the file keeps it", () => {
    expect(within({})).toMatchObject({
      state: "s3",
      live: { account: "222222222222", terraform: { assumeRole } },
    });
  });

  test("keep the state in a folder, and environments in one account without a role, where a local AWS is meant", () => {
    const { state, live } = within({ SLIPWAY_STATE_DIR: "/local", SLIPWAY_ACCOUNT: "123456789012" });
    expect([state, live?.account, live?.terraform]).toEqual(["local", "123456789012", undefined]);
  });

  test("that are set and empty say nothing", () => {
    expect(within({ SLIPWAY_STATE_DIR: "", SLIPWAY_ACCOUNT: "" })).toMatchObject({
      state: "s3",
      live: { account: "222222222222" },
    });
  });
});
