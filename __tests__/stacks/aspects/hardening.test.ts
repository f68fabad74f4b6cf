import { Alb } from "@cdktf/provider-aws/lib/alb/index.js";
import { AlbListener } from "@cdktf/provider-aws/lib/alb-listener/index.js";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { Wafv2WebAclAssociation } from "@cdktf/provider-aws/lib/wafv2-web-acl-association/index.js";
import { Aspects, TerraformStack } from "cdktf";
import type { App } from "cdktf";
import { describe, expect, test } from "@jest/globals";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { isClean } from "../../../scripts/core/hardening/report.ts";
import { projectRoot } from "../../../scripts/project-root.ts";
import { HardeningAspect, HardeningError } from "../../../stacks/aspects/hardening.ts";
import { suppress } from "../../../stacks/aspects/suppress.ts";
import { withApp, prepared, reportOnFile, resultOf } from "../../helpers/hardening.ts";
import { shippedEnvironments, synthesize } from "../../helpers/terraform-synthesis.ts";

const root = projectRoot();
const files = [
  "environments.jsonc",
  "examples/hello/environments.jsonc",
  ...readdirSync(path.join(root, "__tests__/fixtures/environments")).map(
    (name) => `__tests__/fixtures/environments/${name}`,
  ),
];
const reports = files.map((file) => ({
  file,
  report: reportOnFile(readFileSync(path.join(root, file), "utf8")),
}));

test.each(reports)("$file keeps every rule, or says why not", ({ report }) => {
  expect(report.results.filter(({ state }) => state === "violated").map(({ id }) => id)).toEqual([]);
  expect(report.unused).toEqual([]);
});

test("rules change nothing in what is synthesized", () => {
  expect(synthesize(shippedEnvironments(), { hardened: true })).toEqual(synthesize());
});

test("a violation is an error annotation of its construct, and synthesis throws", () => {
  withApp((app) => {
    const stack = stackIn(app, "stack");
    const balancer = new Alb(stack, "balancer", { internal: true });
    Aspects.of(stack).add(new HardeningAspect({ deployerAccessKey: false, suppressions: {} }));
    expect(() => app.synth()).toThrow(HardeningError);
    const errors = balancer.node.metadata.filter(({ type }) => type === "@cdktf/error");
    expect(errors.map(({ data }: { data?: unknown }) => data)).toEqual([
      "CKV_AWS_91 Load balancers keep access logs: access_logs.enabled is not set",
      "CKV_AWS_131 Load balancers drop invalid headers: drop_invalid_header_fields is not set",
      "CKV_AWS_150 Load balancers are protected from deletion: enable_deletion_protection is not set",
    ]);
  });
});

describe("rules see over the border of a stack", () => {
  test("a firewall of another stack counts", () => {
    withApp((app) => {
      const balancer = new Alb(stackIn(app, "one"), "balancer", {});
      new Wafv2WebAclAssociation(stackIn(app, "two"), "firewall", {
        resourceArn: balancer.arn,
        webAclArn: "arn",
      });
      expect(resultOf(prepared(app), "CKV2_AWS_28").state).toBe("holds");
    });
  });

  test("a resource of the same name in another stack does not", () => {
    withApp((app) => {
      new Alb(stackIn(app, "one"), "balancer", {});
      const other = stackIn(app, "two");
      const { arn } = new Alb(other, "balancer", {});
      new Wafv2WebAclAssociation(other, "firewall", { resourceArn: arn, webAclArn: "arn" });
      const result = resultOf(prepared(app), "CKV2_AWS_28");
      expect(result.violations.map(({ path }) => path)).toEqual(["one/balancer"]);
    });
  });

  test("what a stack overrides at last is what is looked at", () => {
    withApp((app) => {
      const stack = stackIn(app, "stack");
      new AlbListener(stack, "listener", {
        loadBalancerArn: "arn",
        protocol: "HTTPS",
        sslPolicy: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        defaultAction: [{ type: "fixed-response" }],
      });
      stack.addOverride("resource.aws_alb_listener.listener.ssl_policy", "ELBSecurityPolicy-2016-08");
      expect(resultOf(prepared(app), "CKV_AWS_103").violations).toHaveLength(1);
    });
  });
});

describe("a suppression in the code", () => {
  const reason = "It follows from the design that this need not hold.";

  test("covers its construct and what is below it, and says that the code has it", () => {
    withApp((app) => {
      const stack = stackIn(app, "stack");
      new Alb(stack, "balancer", {});
      suppress(stack, "CKV_AWS_150", reason);
      expect(resultOf(prepared(app), "CKV_AWS_150")).toMatchObject({
        state: "suppressed",
        suppressions: [{ by: "code", reason, violations: [{ path: "stack/balancer" }] }],
      });
    });
  });

  test("covers no construct beside it whose name begins alike", () => {
    withApp((app) => {
      const stack = stackIn(app, "stack");
      suppress(new Alb(stack, "balancer", {}), "CKV_AWS_150", reason);
      new Alb(stack, "balancer-2", {});
      expect(resultOf(prepared(app), "CKV_AWS_150").violations.map(({ path }) => path)).toEqual([
        "stack/balancer-2",
      ]);
    });
  });

  test("for one finding covers no other", () => {
    withApp((app) => {
      const stack = stackIn(app, "stack");
      suppress(stack, "CKV_AWS_150", reason, "enable_deletion_protection is false");
      new Alb(stack, "said", { enableDeletionProtection: false });
      new Alb(stack, "unsaid", {});
      expect(resultOf(prepared(app), "CKV_AWS_150").violations.map(({ path }) => path)).toEqual([
        "stack/unsaid",
      ]);
    });
  });

  test("of the stacks is used by the shipped environment or the fixtures, and none is dead", () => {
    const used = reports.flatMap(({ report }) =>
      report.results.flatMap(({ id, scope, suppressions }) =>
        suppressions
          .filter(({ by }) => by === "code")
          .flatMap(({ violations }) =>
            violations.map(
              ({ path }) => `${id} ${scope === undefined ? "users" : "roles"} ${path.split("/")[1] ?? ""}`,
            ),
          ),
      ),
    );
    expect(new Set(used.map((one) => one.replace(/policy-.*/, "policy")))).toEqual(
      new Set([
        "CKV_AWS_290 roles role-boundary",
        "CKV_AWS_290 users deployer-boundary",
        "CKV_AWS_355 roles role-boundary",
        "CKV_AWS_355 roles codedeploy-policy",
        "CKV_AWS_355 users deployer-boundary",
        "CKV_AWS_355 users deployer-policy",
      ]),
    );
  });
});

test("a report is clean only without violations and without unused suppressions", () => {
  const report = reportOnFile();
  expect(isClean(report)).toBe(true);
  expect(
    isClean({ ...report, unused: [{ scope: "a", id: "CKV_AWS_8", index: undefined, resources: undefined }] }),
  ).toBe(false);
});

function stackIn(app: App, id: string): TerraformStack {
  const stack = new TerraformStack(app, id);
  new AwsProvider(stack, "aws", { region: "eu-west-1" });
  return stack;
}
