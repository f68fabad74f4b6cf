import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import type { StackPlan } from "../../scripts/core/infrastructure/plan/analyse.ts";
import { startLocal } from "../../scripts/local/start.ts";
import type { LocalAws } from "../../scripts/local/start.ts";
import { inventory, stackOutputs } from "../helpers/terraform-inventory.ts";
import { cdktf, expectSuccess, plan } from "../helpers/terraform-run.ts";
import type { CdktfRun } from "../helpers/terraform-run.ts";
import { shippedEnvironments } from "../helpers/terraform-synthesis.ts";

const stacks = [
  "test-network",
  "test-load-balancer-external",
  "test-load-balancer-internal",
  "test-roles",
  "test-cluster",
  "users",
];
const minutes = 60_000;

/** What `npm run plan -- --output json` prints. */
interface Planned {
  readonly stacks: readonly StackPlan[];
}

describe("the stacks of environment test, applied by the real Terraform to the local AWS", () => {
  let local: LocalAws;
  let directory: string;
  let before: Awaited<ReturnType<typeof inventory>>;
  let deployed: Awaited<ReturnType<typeof inventory>>;
  let after: Awaited<ReturnType<typeof inventory>>;
  let outputs: Awaited<ReturnType<typeof stackOutputs>>;
  let first: CdktfRun;
  let second: CdktfRun;
  let unchangedPlan: CdktfRun;
  let movedPlan: CdktfRun;
  let destroyed: CdktfRun;

  beforeAll(async () => {
    local = await startLocal({ port: 0, quiet: true });
    directory = await mkdtemp(path.join(os.tmpdir(), "slipway-stacks-"));
    const settings = { endpoint: local.endpoint, directory };
    before = await inventory(local.endpoint);
    first = await cdktf("deploy", settings);
    deployed = await inventory(local.endpoint);
    outputs = await stackOutputs(local.endpoint);
    second = await cdktf("deploy", settings);
    const planned = ["test-network", "test-load-balancer-external"];
    unchangedPlan = await plan(planned, settings);
    const environments = path.join(directory, "other-addresses.jsonc");
    await writeFile(environments, shippedEnvironments().replace("10.0.0.0/16", "10.9.0.0/16"));
    movedPlan = await plan([...planned, "--output", "json"], { ...settings, environments });
    destroyed = await cdktf("destroy", settings);
    after = await inventory(local.endpoint);
  }, 12 * minutes);

  afterAll(async () => {
    await local.stop();
    await rm(directory, { recursive: true, force: true });
  });

  test("every stack is applied", () => {
    expectSuccess(first);
    expect(first.output.match(/Apply complete!/g)).toHaveLength(stacks.length);
  });

  test("Terraform has nothing to warn about its configuration", () => {
    expect(first.output).not.toContain("CLI configuration file");
  });

  test("the resources are there under the names that deployments use", () => {
    expect(deployed["clusters"]).toEqual([expect.stringMatching(/:cluster\/test$/)]);
    expect(deployed["roles"]).toEqual(
      expect.arrayContaining(["test_default_task", "test_ecs_lb_role", "test_task_execution"]),
    );
    expect(deployed["users"]).toEqual(["ecs_deployer"]);
    // Without a task, managed scaling takes them down to the minimum as time goes by.
    expect([1, 2]).toContain(deployed["instances"]?.length);
  });

  test("deployments find every output as a parameter", () => {
    expect(outputs["/slipway/test/cluster-name"]).toBe("test");
    expect(outputs["/slipway/test/log-group-name"]).toBe("/ecs/test");
    expect(outputs["/slipway/test/ecs-lb-role-arn"]).toMatch(/:role\/ecs\/test_ecs_lb_role$/);
    expect(outputs["/slipway/test/private-subnet-ids"]).toMatch(/^subnet-[0-9a-f]+,subnet-[0-9a-f]+$/);
    expect(outputs["/slipway/test/alb-external-target-group-arn"]).toMatch(
      /:targetgroup\/test-external-instance\//,
    );
    expect(outputs["/slipway/test/alb-internal-ip-target-group-arn"]).toMatch(
      /:targetgroup\/test-internal-ip\//,
    );
  });

  test("a second deployment finds nothing to change in any stack", () => {
    expectSuccess(second);
    expect(second.output.match(/^.*(?:will be|must be) .*$/gm) ?? []).toEqual([]);
    expect(second.output.match(/No changes\./g)).toHaveLength(stacks.length);
  });

  test("a plan of what is applied has nothing to do", () => {
    expect(unchangedPlan).toEqual({
      exitCode: 0,
      output: "test-network: nothing to do.\n\ntest-load-balancer-external: nothing to do.\n\nNothing to do.",
    });
  });

  test("a plan with another VPC flags its replacement, and what that does to the load balancer's stack", () => {
    const flagged = (JSON.parse(movedPlan.output) as Planned).stacks.flatMap(({ stack, changes }) =>
      changes
        .filter(({ guard }) => guard !== undefined)
        .map(({ address, action, attributes }) => [
          stack,
          action,
          address,
          attributes.map(({ name }) => name),
        ]),
    );
    expect(flagged).toContainEqual(["test-network", "replace", "aws_vpc.vpc", ["cidr_block"]]);
    expect(flagged).toContainEqual([
      "test-load-balancer-external",
      "replace",
      "aws_alb_target_group.target-group-ip",
      ["vpc_id"],
    ]);
    expect(movedPlan.exitCode).toBe(4);
  });

  test("destroying leaves exactly what was there before", () => {
    expectSuccess(destroyed);
    expect(after).toEqual(before);
  });
});
