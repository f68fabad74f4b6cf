import { describe, expect, test } from "@jest/globals";

import { parseCommandLine } from "../../scripts/core/command-line/parse.ts";
import { invocationOf, type Invocation } from "../../scripts/core/invocation.ts";

function invocation(args: string, names: Record<string, string> = {}): Invocation {
  const command = parseCommandLine(args.split(" "));
  if (command.kind !== "run") throw new Error(`${args} runs nothing`);
  return invocationOf(command.verb, command.options, "nginx:1.27", names);
}

describe("how a run was called", () => {
  test("is nothing but the command where every option has its default", () => {
    expect(invocation("update nginx")).toEqual({
      where: [],
      how: [],
      image: "nginx:1.27",
      timeoutMs: 600_000,
      names: {},
    });
  });

  test("keeps what says where and what says how, and drops what held for one call", () => {
    const args =
      "update nginx --env=prod --templates t --cluster c --region eu-central-1 --profile p --dry-run --quiet --timeout 5m --no-rollback --wait-for-lock --keep-revisions 3";
    expect(invocation(args)).toMatchObject({
      where: [
        "--env",
        "prod",
        "--templates",
        "t",
        "--cluster",
        "c",
        "--region",
        "eu-central-1",
        "--profile",
        "p",
      ],
      how: ["--wait-for-lock", "--no-rollback", "--keep-revisions", "3"],
      timeoutMs: 300_000,
    });
  });

  test("has an image for the verbs that deploy one", () => {
    expect(invocation("rollback nginx --to 41")).toMatchObject({ how: ["--to", "41"] });
    expect(invocation("rollback nginx --to 41")).not.toHaveProperty("image");
  });

  test("reads back as the same command", () => {
    const first = invocation("update nginx --env=prod --suspend-autoscaling --on-failure rollback-all");
    expect(invocation(["update nginx", ...first.where, ...first.how].join(" "))).toEqual(first);
  });

  test("keeps what the deployment itself was asked to do and how far it is waited for", () => {
    const line = "update nginx --deployment-config Own.Canary --auto-approve-after 90s --wait-until deployed";
    const first = invocation(line);
    expect(first.how).toEqual(line.split(" ").slice(2));
    expect(invocation(["update nginx", ...first.how].join(" "))).toEqual(first);
  });

  test("remembers the templates whose services are called otherwise", () => {
    expect(invocation("update --all", { "nginx-prod": "nginx", api: "api" }).names).toEqual({
      "nginx-prod": "nginx",
    });
  });
});
