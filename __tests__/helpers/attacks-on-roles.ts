/**
 * What somebody would try who has got hold of the deployer's key: to get at more rights.
 */
import { RegisterTaskDefinitionCommand, RunTaskCommand } from "@aws-sdk/client-ecs";
import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyVersionCommand,
  CreateRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteUserPermissionsBoundaryCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand } from "@aws-sdk/client-sts";

import { arn, type Attack, type AttackClients } from "./attack.ts";
import { policyOf, trusting } from "./local-iam.ts";

const role = (name: string) => arn("iam", `role/${name}`, "");
const policy = (name: string) => arn("iam", `policy/ecs/${name}`, "");
const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
const everything = policyOf({ Effect: "Allow", Action: "*", Resource: "*" });
const forTasks = policyOf(trusting({ Service: "ecs-tasks.amazonaws.com" }));

/** The role that staging the service has made. */
const bounds = { RoleName: "test_shop_task", PolicyName: "more", PolicyDocument: everything };

/** Registers a task definition whose tasks would have a role. */
const passes =
  (name: string) =>
  ({ ecs }: AttackClients) =>
    ecs.send(
      new RegisterTaskDefinitionCommand({
        family: "web",
        taskRoleArn: role(name),
        containerDefinitions: [{ name: "web", image: "nginx:1", memory: 64 }],
      }),
    );
/** Attacks on the rights of others, and on what holds one's own. */
export const attacksOnRoles: readonly Attack[] = [
  ["pass an administrator's role to a task", "iam:PassRole", passes("administrator")],
  ["pass the role of the hosts to a task", "iam:PassRole", passes("ecs-hosts/test_ecs_host")],
  ["pass CodeDeploy's role to a task", "iam:PassRole", passes("ecs/traffic/test_codedeploy")],
  ["pass a pipeline's role to a task", "iam:PassRole", passes("ecs/pipelines/web_pipeline")],
  ["pass another environment's role to a task", "iam:PassRole", passes("ecs/prod_default_task")],
  [
    "run a task with an administrator's role in place of its own",
    "iam:PassRole",
    ({ ecs }) =>
      ecs.send(
        new RunTaskCommand({
          cluster: "test",
          taskDefinition: "web:1",
          overrides: { taskRoleArn: role("administrator") },
        }),
      ),
  ],
  [
    "assume an administrator's role",
    "sts:AssumeRole",
    ({ sts }) =>
      sts.send(new AssumeRoleCommand({ RoleArn: role("administrator"), RoleSessionName: "attack" })),
  ],
  [
    "make a role without a boundary",
    "iam:CreateRole",
    ({ iam }) =>
      iam.send(
        new CreateRoleCommand({
          RoleName: "test_evil_task",
          Path: "/ecs/",
          AssumeRolePolicyDocument: forTasks,
        }),
      ),
  ],
  [
    "make a role within a boundary of one's own choice",
    "iam:CreateRole",
    ({ iam }) =>
      iam.send(
        new CreateRoleCommand({
          RoleName: "test_evil_task",
          Path: "/ecs/",
          AssumeRolePolicyDocument: forTasks,
          PermissionsBoundary: administrator,
        }),
      ),
  ],
  [
    "give every right to a role that has no boundary",
    "iam:PutRolePolicy",
    ({ iam }) => iam.send(new PutRolePolicyCommand({ ...bounds, RoleName: "test_default_task" })),
  ],
  [
    "attach AdministratorAccess to a staged service's role",
    "iam:AttachRolePolicy",
    ({ iam }) =>
      iam.send(new AttachRolePolicyCommand({ RoleName: bounds.RoleName, PolicyArn: administrator })),
  ],
  [
    "take the boundary off a staged service's role",
    "iam:DeleteRolePermissionsBoundary",
    ({ iam }) => iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: bounds.RoleName })),
  ],
  [
    "put a wider boundary on a staged service's role",
    "iam:PutRolePermissionsBoundary",
    ({ iam }) =>
      iam.send(
        new PutRolePermissionsBoundaryCommand({
          RoleName: bounds.RoleName,
          PermissionsBoundary: administrator,
        }),
      ),
  ],
  [
    "widen the boundary itself",
    "iam:CreatePolicyVersion",
    ({ iam }) =>
      iam.send(
        new CreatePolicyVersionCommand({
          PolicyArn: policy("test_task_boundary"),
          PolicyDocument: everything,
          SetAsDefault: true,
        }),
      ),
  ],
  [
    "take one's own boundary off",
    "iam:DeleteUserPermissionsBoundary",
    ({ iam }) => iam.send(new DeleteUserPermissionsBoundaryCommand({ UserName: "ecs_deployer" })),
  ],
  [
    "attach AdministratorAccess to oneself",
    "iam:AttachUserPolicy",
    ({ iam }) =>
      iam.send(new AttachUserPolicyCommand({ UserName: "ecs_deployer", PolicyArn: administrator })),
  ],
  [
    "let others into a pipeline's role",
    "iam:UpdateAssumeRolePolicy",
    ({ iam }) =>
      iam.send(
        new UpdateAssumeRolePolicyCommand({
          RoleName: "web_pipeline",
          PolicyDocument: policyOf(trusting({ AWS: "*" })),
        }),
      ),
  ],
  [
    "make another access key",
    "iam:CreateAccessKey",
    ({ iam }) => iam.send(new CreateAccessKeyCommand({ UserName: "ecs_deployer" })),
  ],
];

/** Those that stay refused even to a deployer with every right: its boundary holds it. */
export const withEveryRight: readonly Attack[] = attacksOnRoles.filter(
  // Roles below /ecs/ are within it, whichever environment they are of; a role that trusts nobody here has refused before.
  ([name]) => !/^(pass (CodeDeploy|a pipeline|another)|assume)/.test(name),
);
