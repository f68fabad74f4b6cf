/**
 * What somebody would try who has got hold of the deployer's key: to get at what belongs to others.
 */
import { DeregisterScalableTargetCommand } from "@aws-sdk/client-application-auto-scaling";
import { DeleteLogGroupCommand, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { BatchDeleteImageCommand } from "@aws-sdk/client-ecr";
import {
  DeleteServiceCommand,
  ExecuteCommandCommand,
  RunTaskCommand,
  StopTaskCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import {
  CreateRuleCommand,
  DeleteRuleCommand,
  ModifyListenerCommand,
  ModifyRuleCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, PutParameterCommand } from "@aws-sdk/client-ssm";

import { arn, type Attack, type AttackClients } from "./attack.ts";

const writes =
  (Name: string) =>
  ({ ssm }: AttackClients) =>
    ssm.send(new PutParameterCommand({ Name, Value: "x", Type: "String", Overwrite: true }));
const reads =
  (Name: string) =>
  ({ ssm }: AttackClients) =>
    ssm.send(new GetParameterCommand({ Name, WithDecryption: true }));

const otherRule = arn("elasticloadbalancing", "listener-rule/app/other-external/1/2/3");
const otherListener = arn("elasticloadbalancing", "listener/app/other-external/1/2");
const fixed = [{ Type: "fixed-response" as const, FixedResponseConfig: { StatusCode: "404" } }];

/** Attacks on what belongs to others. */
export const attacksOnOthers: readonly Attack[] = [
  [
    "touch another cluster's service",
    "ecs:UpdateService",
    ({ ecs }) => ecs.send(new UpdateServiceCommand({ cluster: "prod", service: "web", desiredCount: 0 })),
  ],
  [
    "delete another cluster's service",
    "ecs:DeleteService",
    ({ ecs }) => ecs.send(new DeleteServiceCommand({ cluster: "prod", service: "web", force: true })),
  ],
  [
    "run a task in another cluster",
    "ecs:RunTask",
    ({ ecs }) => ecs.send(new RunTaskCommand({ cluster: "prod", taskDefinition: "web" })),
  ],
  [
    "stop another cluster's task",
    "ecs:StopTask",
    ({ ecs }) => ecs.send(new StopTaskCommand({ cluster: "prod", task: "0".repeat(32) })),
  ],
  [
    "open a session in another cluster's task",
    "ecs:ExecuteCommand",
    ({ ecs }) =>
      ecs.send(
        new ExecuteCommandCommand({
          cluster: "prod",
          task: "0".repeat(32),
          command: "sh",
          interactive: true,
        }),
      ),
  ],
  [
    "change the listener that applications share",
    "elasticloadbalancing:ModifyListener",
    ({ elb }) =>
      elb.send(
        new ModifyListenerCommand({
          ListenerArn: arn("elasticloadbalancing", "listener/app/test-external/1/2"),
          DefaultActions: fixed,
        }),
      ),
  ],
  [
    "change a rule on the listener of another application",
    "elasticloadbalancing:ModifyRule",
    ({ elb }) => elb.send(new ModifyRuleCommand({ RuleArn: otherRule, Actions: fixed })),
  ],
  [
    "add a rule to the listener of another application",
    "elasticloadbalancing:CreateRule",
    ({ elb }) =>
      elb.send(
        new CreateRuleCommand({
          ListenerArn: otherListener,
          Priority: 1,
          Conditions: [{ Field: "path-pattern", Values: ["/*"] }],
          Actions: fixed,
          Tags: [{ Key: "slipway:environment", Value: "test" }],
        }),
      ),
  ],
  [
    "delete a rule of another application",
    "elasticloadbalancing:DeleteRule",
    ({ elb }) => elb.send(new DeleteRuleCommand({ RuleArn: otherRule })),
  ],
  ["read a parameter of another environment", "ssm:GetParameter", reads("/prod/password")],
  ["read a parameter that is for tasks", "ssm:GetParameter", reads("/test/mode")],
  [
    "read a secret",
    "secretsmanager:GetSecretValue",
    ({ secrets }) => secrets.send(new GetSecretValueCommand({ SecretId: "test/database" })),
  ],
  ["take another environment's lock", "ssm:PutParameter", writes("/slipway/prod/locks/prod/web")],
  ["forge an output of the stacks", "ssm:PutParameter", writes("/slipway/test/alb-external-listener-arn")],
  ["write a parameter of tasks", "ssm:PutParameter", writes("/test/mode")],
  [
    "read another environment's log",
    "logs:FilterLogEvents",
    ({ logs }) => logs.send(new FilterLogEventsCommand({ logGroupName: "/ecs/prod" })),
  ],
  [
    "delete the log",
    "logs:DeleteLogGroup",
    ({ logs }) => logs.send(new DeleteLogGroupCommand({ logGroupName: "/ecs/test" })),
  ],
  [
    "take away the scaling of a table",
    "application-autoscaling:DeregisterScalableTarget",
    ({ scaling }) =>
      scaling.send(
        new DeregisterScalableTargetCommand({
          ServiceNamespace: "dynamodb",
          ScalableDimension: "dynamodb:table:ReadCapacityUnits",
          ResourceId: "table/orders",
        }),
      ),
  ],
  [
    "delete an image",
    "ecr:BatchDeleteImage",
    ({ ecr }) =>
      ecr.send(new BatchDeleteImageCommand({ repositoryName: "web", imageIds: [{ imageTag: "1" }] })),
  ],
];
