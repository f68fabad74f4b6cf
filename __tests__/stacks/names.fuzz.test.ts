import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseEnvironments } from "../../scripts/core/environments.ts";
import { synthesize } from "../helpers/terraform-synthesis.ts";
import type { SynthesizedStack } from "../helpers/terraform-synthesis.ts";

/** The most characters that AWS takes, by Terraform's type; a name that begins with a prefix gets 26 more. */
const limits: Readonly<Record<string, number>> = {
  aws_alb: 32,
  aws_alb_target_group: 32,
  aws_autoscaling_group: 255,
  aws_cloudwatch_dashboard: 255,
  aws_cloudwatch_event_rule: 64,
  aws_cloudwatch_log_group: 512,
  aws_cloudwatch_metric_alarm: 255,
  aws_codedeploy_app: 100,
  aws_ecr_repository: 256,
  aws_ecs_capacity_provider: 255,
  aws_ecs_cluster: 255,
  aws_iam_group: 128,
  aws_iam_instance_profile: 128,
  aws_iam_policy: 128,
  aws_iam_role: 64,
  aws_iam_user: 64,
  aws_kms_alias: 256,
  aws_launch_template: 128,
  aws_s3_bucket: 63,
  aws_security_group: 255,
  aws_sns_topic: 256,
  aws_ssm_parameter: 1011,
};

/** Names of these are one another's in the whole account, or in the world. */
const widerThanRegion = { account: /^aws_iam_/, world: /^aws_s3_bucket$/ };
const generatedLength = 26;

/** Names of what IAM and Terraform keep within something else. */
const inner = new Set([
  "aws_iam_role_policy",
  "aws_iam_group_membership",
  "aws_ecs_cluster_capacity_providers",
]);

interface Named {
  readonly type: string;
  readonly name: string;
  readonly length: number;
  /** Two of the same are one in AWS. */
  readonly key: string;
}

function namesIn(stack: SynthesizedStack): Named[] {
  const [provider] = stack.provider["aws"] ?? [];
  const account = String(provider?.["allowed_account_ids"]);
  const region = String(provider?.["region"]);
  return Object.entries(stack.resource).flatMap(([type, blocks]) =>
    Object.values(blocks).flatMap((block): Named[] => {
      const whole = block["name"] ?? block["alarm_name"] ?? block["dashboard_name"] ?? block["bucket"];
      const prefix = block["name_prefix"];
      if (inner.has(type)) return [];
      if (typeof prefix === "string") {
        return [{ type, name: prefix, length: prefix.length + generatedLength, key: "" }];
      }
      if (typeof whole !== "string" || whole.includes("${")) return [];
      const place = widerThanRegion.world.test(type)
        ? ""
        : widerThanRegion.account.test(type)
          ? account
          : `${account} ${region}`;
      return [{ type, name: whole, length: whole.length, key: `${type} ${place} ${whole}` }];
    }),
  );
}

const environmentName = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9-]{0,6}$/),
  fc.stringMatching(/^[a-z][a-z0-9-]{24,31}$/),
);
const serviceName = fc.oneof(
  fc.stringMatching(/^[A-Za-z0-9_-]{1,8}$/),
  fc.stringMatching(/^[A-Za-z0-9_-]{200,255}$/),
);
const service = fc.record({
  containerPort: fc.constant(8080),
  networkMode: fc.constant("awsvpc"),
  blueGreen: fc.constantFrom("codeDeploy", "ecs", undefined),
});

/** A file of some environments in two accounts and Regions, each with services of its own. */
const file = fc
  .uniqueArray(
    fc.record({
      name: environmentName,
      region: fc.constantFrom("eu-west-1", "us-east-1"),
      account: fc.constantFrom("111111111111", "222222222222"),
      group: fc.stringMatching(/^[a-z][a-z0-9-]{0,31}$/),
      services: fc.dictionary(serviceName, service, { maxKeys: 3 }),
    }),
    { minLength: 1, maxLength: 3, selector: ({ name }) => name },
  )
  .map((environments) => {
    const hosts = { instanceType: "t3.small", min: 0, desired: 0, max: 1 };
    const described = environments.map(({ name, region, account, group, services }, block) => {
      const behind = Object.entries(services).map(([key, one], index) => {
        const blueGreen = { by: one.blueGreen, priority: 41_000 + index, paths: [`/${index}`] };
        return [key, one.blueGreen === undefined ? { ...one, blueGreen: undefined } : { ...one, blueGreen }];
      });
      const environment = {
        region,
        account,
        network: { cidr: `10.${block}.0.0/16`, zones: 2 },
        loadBalancers: { external: { testListenerPort: 9000 }, internal: {} },
        cluster: { ec2: hosts, extraInstanceGroups: { [group]: hosts } },
        services: Object.fromEntries(behind) as object,
      };
      return [name, environment];
    });
    return JSON.stringify({ environments: Object.fromEntries(described) as object });
  });

test("whatever environments, services and hosts are called, no two names are one and none is too long for AWS", () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(file, (text) => {
      fc.pre(parseEnvironments(text).ok);
      const names = Object.values(synthesize(text)).flatMap(namesIn);
      for (const { type, name, length } of names) {
        seen.add(type);
        const limit = limits[type];
        if (limit === undefined) throw new Error(`Say in this test how long the name of ${type} may be.`);
        if (length > limit) throw new Error(`${type} "${name}" has ${length} characters of ${limit}.`);
      }
      const keys = names.map(({ key }) => key).filter((key) => key !== "");
      expect(keys.filter((key, index) => keys.indexOf(key) < index)).toEqual([]);
    }),
    { numRuns: 15 },
  );
  // Else the check above would have had nothing to look at.
  expect([...seen]).toEqual(expect.arrayContaining(["aws_alb", "aws_iam_role", "aws_alb_target_group"]));
}, 120_000);
