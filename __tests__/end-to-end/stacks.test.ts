import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "jsonc-parser";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { request as plainRequest } from "node:http";
import { request as secureRequest } from "node:https";
import os from "node:os";
import path from "node:path";
import { TLSSocket } from "node:tls";
import { generate } from "selfsigned";
import type { StackPlan } from "../../scripts/core/infrastructure/plan/analyse.ts";
import { startLocal } from "../../scripts/local/start.ts";
import type { LocalAws } from "../../scripts/local/start.ts";
import { projectRoot } from "../../scripts/project-root.ts";
import { accountInventory } from "../helpers/account-inventory.ts";
import { givenResources } from "../helpers/given-resources.ts";
import { groupNamed, refreshOf } from "../helpers/hosts-of-group.ts";
import { deployOn } from "../helpers/services-on-stacks.ts";
import { stackOutputs } from "../helpers/terraform-inventory.ts";
import { cdktf, expectSuccess, plan } from "../helpers/terraform-run.ts";
import type { CdktfRun } from "../helpers/terraform-run.ts";

const minutes = 60_000;
const fixtures = "__tests__/fixtures/environments";
const files = ["environments.jsonc", `${fixtures}/small.jsonc`, `${fixtures}/full.jsonc`];
const stackCount = 28;

/** What `npm run plan -- --output json` prints. */
interface Planned {
  readonly stacks: readonly StackPlan[];
}

/** The environments of several files as one file; what is given beforehand has the ARN that it got. */
async function together(webAclArn: string): Promise<string> {
  const read = await Promise.all(files.map((file) => readFile(path.join(projectRoot(), file), "utf8")));
  // Each file is checked when the stacks are made of the whole.
  const parsed = read.map((text) => parse(text) as Record<string, object>);
  const whole = Object.fromEntries(
    ["users", "pipelines", "environments"].map((field) => [
      field,
      Object.assign({}, ...parsed.map((written) => written[field])) as object,
    ]),
  );
  return JSON.stringify(whole).replaceAll(/arn:aws:wafv2:[^"]*/g, webAclArn);
}

describe("the shipped, a small and a full environment, applied by the real Terraform to the local AWS", () => {
  let local: LocalAws;
  let directory: string;
  let before: Awaited<ReturnType<typeof accountInventory>>;
  let deployed: Awaited<ReturnType<typeof accountInventory>>;
  let after: Awaited<ReturnType<typeof accountInventory>>;
  let outputs: Awaited<ReturnType<typeof stackOutputs>>;
  let applied: string[];
  let taken: string[];
  let answers: { readonly http: Heard; readonly https: Heard };
  let first: CdktfRun;
  let second: CdktfRun;
  let unchangedPlan: CdktfRun;
  let movedPlan: CdktfRun;
  let largerDisks: CdktfRun;
  let hosts: Record<"before" | "after", readonly string[]>;
  let refresh: Awaited<ReturnType<typeof refreshOf>>;
  let destroyed: CdktfRun;

  beforeAll(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), "slipway-stacks-"));
    local = await startLocal({ port: 0, quiet: true, directory: path.join(directory, "local") });
    const { cert } = await generate([{ name: "commonName", value: "authority" }]);
    const { webAclArn } = await givenResources(local, cert);
    const environments = path.join(directory, "environments.json");
    const written = await together(webAclArn);
    await writeFile(environments, written);
    const settings = { endpoint: local.endpoint, directory, environments };
    before = await accountInventory(local.endpoint);
    first = await cdktf("deploy", settings);
    applied = (await readdir(directory)).filter((name) => name.endsWith(".tfstate"));
    deployed = await accountInventory(local.endpoint);
    outputs = await stackOutputs(local.endpoint);
    answers = await heardAt(local, directory);
    taken = await deployOn(local.endpoint, outputs, { owner: "full", sharer: "preview" });
    second = await cdktf("deploy", settings);
    const moved = path.join(directory, "other-addresses.json");
    await writeFile(moved, written.replace("10.0.0.0/16", "10.9.0.0/16"));
    const planned = ["test-network", "test-load-balancer-external"];
    unchangedPlan = await plan(planned, settings);
    movedPlan = await plan([...planned, "--output", "json"], { ...settings, environments: moved });
    const { name, instances } = await groupNamed(local, "test-default-");
    const larger = path.join(directory, "larger-disks.json");
    await writeFile(larger, written.replace('"max":4', '"max":4,"diskGiB":60'));
    largerDisks = await cdktf("deploy", {
      ...settings,
      environments: larger,
      stacks: ["test-cluster"],
      flags: ["--ignore-missing-stack-dependencies"],
    });
    refresh = await refreshOf(local, name);
    hosts = { before: instances, after: (await groupNamed(local, name)).instances };
    destroyed = await cdktf("destroy", settings);
    after = await accountInventory(local.endpoint);
  }, 40 * minutes);

  afterAll(async () => {
    await local.stop();
    await rm(directory, { recursive: true, force: true });
  });

  test("every stack is applied", () => {
    expectSuccess(first);
    expect(applied).toHaveLength(stackCount);
  });

  test("Terraform has nothing to warn about its configuration", () => {
    expect(first.output).not.toContain("CLI configuration file");
  });

  test("the resources are there under the names that deployments use", () => {
    expect(deployed["clusters"]).toEqual(
      ["full", "preview", "small", "test"].map((name) => expect.stringMatching(`:cluster/${name}$`)),
    );
    expect(deployed["roles"]).toEqual(
      expect.arrayContaining(["test_default_task", "test_ecs_lb_role", "test_task_execution"]),
    );
    expect(deployed["users"]).toEqual(["ecs_deployer"]);
    expect(deployed["zones"]).toEqual(["example.com.", "internal.example.com.", "preview.test."]);
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

  test("a load balancer with HTTPS sends clients on to it and answers there with the domain's certificate", () => {
    expect(answers.http).toMatchObject({ status: 301, location: "https://www.example.com:443/a?b=1" });
    expect(answers.https).toMatchObject({
      status: 503,
      names: expect.stringContaining("DNS:*.internal.example.com"),
    });
  });

  test("ECS and CodeDeploy take what was made, and traffic is moved", () => {
    expect(taken).toEqual(["full/api", "preview/api", "full/web", "group of full/web", "production rule"]);
  });

  test("an environment that shares another's network has its own cluster, roles and target groups there", () => {
    expect(outputs["/slipway/preview/cluster-name"]).toBe("preview");
    for (const shared of ["vpc-id", "private-subnet-ids", "alb-external-listener-arn"]) {
      expect(outputs[`/slipway/preview/${shared}`]).toBe(outputs[`/slipway/full/${shared}`]);
    }
    expect(outputs["/slipway/preview/task-security-group-id"]).not.toBe(
      outputs["/slipway/full/task-security-group-id"],
    );
    expect(outputs["/slipway/preview/service-api-blue-target-group-name"]).toBe("preview-api-blue");
    expect(outputs["/slipway/preview/alb-external-target-group-arn"]).toBeUndefined();
  });

  test("a second deployment finds nothing to change in any stack, though traffic was moved in between", () => {
    expectSuccess(second);
    expect(second.output.match(/^.*(?:will be|must be) .*$/gm) ?? []).toEqual([]);
    expect(second.output.match(/No changes\./g)).toHaveLength(stackCount);
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

  test("a launch template with larger disks has the hosts replaced, one after another", () => {
    expectSuccess(largerDisks);
    expect(refresh).toMatchObject({
      Status: "Successful",
      PercentageComplete: 100,
      Preferences: { MinHealthyPercentage: 100, MaxHealthyPercentage: 110, AutoRollback: true },
    });
    // Two were made; one without tasks may have been given back.
    expect([1, 2]).toContain(hosts.before.length);
    expect(hosts.after).toHaveLength(hosts.before.length);
    expect(hosts.after.filter((id) => hosts.before.includes(id))).toEqual([]);
  });

  test("destroying leaves exactly what was there before", () => {
    expectSuccess(destroyed);
    expect(after).toEqual(before);
  });
});

/** What a client hears. */
interface Heard {
  readonly status: number | undefined;
  readonly location?: string | undefined;
  /** Those that the certificate is for. */
  readonly names?: string | undefined;
}

/** Asks the full environment's load balancers: the external one for HTTP, the internal one for HTTPS. */
async function heardAt(
  local: LocalAws,
  directory: string,
): Promise<{ readonly http: Heard; readonly https: Heard }> {
  const { listeners } = await local.status();
  const portOf = (loadBalancer: string, port: number): number =>
    listeners.find((one) => one.loadBalancer === loadBalancer && one.port === port)?.localPort ?? 0;
  const folder = path.join(directory, "local");
  const run = (await readdir(folder)).find((name) => name.startsWith("run-")) ?? "";
  const ca = await readFile(path.join(folder, run, "ca.pem"));
  const headers = { host: "www.example.com" };
  return {
    http: await new Promise((resolve, reject) => {
      plainRequest(
        { host: "127.0.0.1", port: portOf("full-external", 80), path: "/a?b=1", headers },
        (answer) => {
          answer.resume();
          resolve({ status: answer.statusCode, location: answer.headers.location });
        },
      )
        .once("error", reject)
        .end();
    }),
    https: await new Promise((resolve, reject) => {
      const secure = secureRequest(
        {
          host: "127.0.0.1",
          port: portOf("full-internal", 8443),
          ca,
          servername: "api.internal.example.com",
          agent: false,
        },
        (answer) => {
          const { socket } = answer;
          const shown = socket instanceof TLSSocket ? socket.getPeerCertificate() : undefined;
          answer.resume();
          resolve({ status: answer.statusCode, names: shown?.subjectaltname });
        },
      );
      secure.once("error", reject).end();
    }),
  };
}
