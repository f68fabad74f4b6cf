import {
  AddTagsCommand,
  CreateListenerCommand,
  CreateRuleCommand,
  CreateTargetGroupCommand,
  DeleteRuleCommand,
  DeleteTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  ModifyRuleCommand,
  ModifyTargetGroupAttributesCommand,
  RemoveTagsCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";

import type { LocalAws } from "../../scripts/local/start.ts";
import { startLocalForTests } from "../helpers/local-for-tests.ts";
import { settings } from "../helpers/local-iam.ts";
import { of, tags, trafficOfTwo } from "../helpers/traffic-of-two.ts";

let local: LocalAws;
let site: Awaited<ReturnType<typeof trafficOfTwo>>;
let elb: ElasticLoadBalancingV2Client;

beforeAll(async () => {
  local = await startLocalForTests({ enforceIam: true, throttle: false });
  site = await trafficOfTwo(local);
  elb = new ElasticLoadBalancingV2Client(settings(local, site.deployer));
}, 120_000);

afterAll(() => local.stop());

const forward = () => [{ Type: "forward" as const, TargetGroupArn: site.targetGroupArn }];
const fixed = [{ Type: "fixed-response" as const, FixedResponseConfig: { StatusCode: "404" } }];
const group = (Name: string, Tags?: ReturnType<typeof tags>) =>
  elb.send(
    new CreateTargetGroupCommand({
      Name,
      Protocol: "HTTP",
      Port: 80,
      VpcId: site.vpcId,
      ...(Tags && { Tags }),
    }),
  );
const rule = (ListenerArn: string, Priority: number, environment: string) =>
  elb.send(
    new CreateRuleCommand({
      ListenerArn,
      Priority,
      Conditions: [{ Field: "host-header", Values: ["new.example.com"] }],
      Actions: forward(),
      Tags: of(environment),
    }),
  );

describe("the deployer of an environment, on a load balancer that another one shares", () => {
  test("makes, changes and deletes its own target groups, rules and listeners", async () => {
    const { TargetGroups } = await group("live-shop-1", of("live"));
    const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? "";
    const { Rules } = await rule(site.listenerArn, 1010, "live");
    const RuleArn = Rules?.[0]?.RuleArn;
    await elb.send(
      new CreateListenerCommand({
        LoadBalancerArn: site.balancerArn,
        Port: 81,
        Protocol: "HTTP",
        DefaultActions: fixed,
        Tags: of("live"),
      }),
    );
    const Attributes = [{ Key: "deregistration_delay.timeout_seconds", Value: "30" }];
    await elb.send(new ModifyTargetGroupAttributesCommand({ TargetGroupArn, Attributes }));
    const Tags = tags({ "slipway:staged-at": "2026-01-01T00:00:00Z" });
    await elb.send(new AddTagsCommand({ ResourceArns: [TargetGroupArn], Tags }));
    await elb.send(new RemoveTagsCommand({ ResourceArns: [TargetGroupArn], TagKeys: ["slipway:staged-at"] }));
    await elb.send(new ModifyRuleCommand({ RuleArn, Actions: forward() }));
    await elb.send(new DeleteRuleCommand({ RuleArn }));
    await expect(elb.send(new DeleteTargetGroupCommand({ TargetGroupArn }))).resolves.toBeDefined();
  });

  type Refused = readonly [what: string, action: string, attempt: () => Promise<unknown>];
  const refused: readonly Refused[] = [
    [
      "changes another environment's rule",
      "elasticloadbalancing:ModifyRule",
      () => elb.send(new ModifyRuleCommand({ RuleArn: site.foreignRule, Actions: forward() })),
    ],
    [
      "deletes another environment's rule",
      "elasticloadbalancing:DeleteRule",
      () => elb.send(new DeleteRuleCommand({ RuleArn: site.foreignRule })),
    ],
    [
      "changes a rule that Terraform made",
      "elasticloadbalancing:ModifyRule",
      () => elb.send(new ModifyRuleCommand({ RuleArn: site.terraformRule, Actions: forward() })),
    ],
    [
      "changes the listener that all share",
      "elasticloadbalancing:ModifyListener",
      () => elb.send(new ModifyListenerCommand({ ListenerArn: site.listenerArn, DefaultActions: fixed })),
    ],
    [
      "deletes another environment's target group",
      "elasticloadbalancing:DeleteTargetGroup",
      () => elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: site.foreignGroup })),
    ],
    [
      "deletes another's target group that has a name of its own",
      "elasticloadbalancing:DeleteTargetGroup",
      () => elb.send(new DeleteTargetGroupCommand({ TargetGroupArn: site.foreignGroupInOwnName })),
    ],
    [
      "takes over another's rule by its tag",
      "elasticloadbalancing:AddTags",
      () => elb.send(new AddTagsCommand({ ResourceArns: [site.foreignRule], Tags: of("live") })),
    ],
    [
      "gives its own away by its tag",
      "elasticloadbalancing:AddTags",
      () => elb.send(new AddTagsCommand({ ResourceArns: [site.ownRule], Tags: of("preview") })),
    ],
    [
      "takes the tag of its own away",
      "elasticloadbalancing:RemoveTags",
      () =>
        elb.send(new RemoveTagsCommand({ ResourceArns: [site.ownGroup], TagKeys: ["slipway:environment"] })),
    ],
    [
      "makes a target group without a tag",
      "elasticloadbalancing:CreateTargetGroup",
      () => group("live-shop-2"),
    ],
    [
      "makes a target group as another's",
      "elasticloadbalancing:CreateTargetGroup",
      () => group("live-shop-2", of("preview")),
    ],
    [
      "makes a target group in another's name",
      "elasticloadbalancing:CreateTargetGroup",
      () => group("preview-shop-2", of("live")),
    ],
    [
      "makes a rule as another's",
      "elasticloadbalancing:CreateRule",
      () => rule(site.listenerArn, 1011, "preview"),
    ],
    [
      "makes a rule on another load balancer",
      "elasticloadbalancing:CreateRule",
      () => rule(site.otherListenerArn, 1011, "live"),
    ],
  ];

  test.each(refused)("is refused when it %s", async (_what, action, attempt) => {
    await expect(attempt()).rejects.toThrow(`not authorized to perform: ${action}`);
  });
});
