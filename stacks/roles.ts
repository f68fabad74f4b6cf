import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity/index.js";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy/index.js";
import type { Construct } from "constructs";
import {
  codeDeployApplicationName,
  logGroupName,
  roleBoundaryName,
  roleNames,
  rolePath,
  taskBoundaryName,
  trafficRolePath,
} from "../scripts/core/naming.ts";
import { allowAllAlarms, allowWideBoundary } from "./aspects/design.ts";
import { arnIn } from "./constructs/arns.ts";
import type { Account } from "./constructs/arns.ts";
import {
  codeDeployStatements,
  infrastructureStatements,
  loadBalancerRoleStatement,
  taskBoundaryStatements,
} from "./constructs/traffic-policies.ts";
import { sessionStatements } from "./constructs/session-policies.ts";
import { allowStatement, assumableBy, boundaryDocument, policyDocument } from "./constructs/policy.ts";
import type { Statement } from "./constructs/policy.ts";
import { EnvironmentStack } from "./environment-stack.ts";
import type { EnvironmentStackSettings } from "./environment-stack.ts";

/**
 * The roles of an environment, all below `/ecs/`: none of them may be powerful, whatever is attached to it later. Those
 * that no task may have are below `/ecs/traffic/`.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-ecs-iam-role-overview.html
 */
export class RolesStack extends EnvironmentStack {
  private readonly account: Account;
  private readonly roles: IamRole[] = [];
  /** What the roles may do, which is what their boundary allows. */
  private readonly granted: Statement[] = [];

  constructor(scope: Construct, settings: EnvironmentStackSettings) {
    super(scope, "roles", settings);
    this.account = {
      partition: new DataAwsPartition(this, "partition").partition,
      id: new DataAwsCallerIdentity(this, "account").accountId,
    };
    this.publish({
      "ecs-lb-role-arn": this.addLoadBalancerRole().arn,
      "default-task-role-arn": this.addDefaultTaskRole().arn,
      "execution-role-arn": this.addExecutionRole().arn,
    });
    const ways = new Set(Object.values(this.environment.services).map(({ blueGreen }) => blueGreen?.by));
    if (ways.has("codeDeploy")) this.publish({ "codedeploy-role-arn": this.addCodeDeployRole().arn });
    allowAllAlarms(this);
    if (ways.has("ecs")) {
      this.publish({ "ecs-infrastructure-role-arn": this.addInfrastructureRole().arn });
    }
    if (ways.has("stage")) this.publish({ "task-boundary-arn": this.addTaskBoundary().arn });
    this.addRoleBoundary();
  }

  /** Holds every role to what the roles of the environment do together, made last since it is made from their policies. */
  private addRoleBoundary(): void {
    const { name } = this.environment;
    const boundary = new IamPolicy(this, "role-boundary", {
      name: roleBoundaryName(name),
      path: rolePath,
      description: `The most that roles below ${rolePath} may do in environment ${name}`,
      policy: boundaryDocument(this.granted),
    });
    allowWideBoundary(boundary);
    for (const role of this.roles) role.permissionsBoundary = boundary.arn;
  }

  /** CodeDeploy's own, for this account's deployment groups only. */
  private addCodeDeployRole(): IamRole {
    const role = this.addRole(
      "codedeploy-role",
      roleNames(this.environment.name).codeDeploy,
      "Lets CodeDeploy replace task sets and move traffic",
      assumableBy("codedeploy.amazonaws.com", {
        StringEquals: { "aws:SourceAccount": this.account.id },
        ArnLike: {
          "aws:SourceArn": arnIn(
            this.account,
            "codedeploy",
            this.environment.region,
            `deploymentgroup:${codeDeployApplicationName(this.environment.name)}/*`,
          ),
        },
      }),
      trafficRolePath,
    );
    this.addPolicy("codedeploy-policy", "deploy", role, codeDeployStatements(this.environment, this.account));
    return role;
  }

  /** With it ECS moves the traffic of services that shift it themselves. */
  private addInfrastructureRole(): IamRole {
    const role = this.addRole(
      "infrastructure-role",
      roleNames(this.environment.name).infrastructure,
      "Lets ECS register targets and move traffic",
      assumableBy("ecs.amazonaws.com"),
      trafficRolePath,
    );
    const statements = infrastructureStatements(this.environment, this.account);
    this.addPolicy("infrastructure-policy", "move-traffic", role, statements);
    return role;
  }

  private addTaskBoundary(): IamPolicy {
    const { name } = this.environment;
    return new IamPolicy(this, "task-boundary", {
      name: taskBoundaryName(name),
      path: rolePath,
      description: `The most that task roles made by deployments may do in environment ${name}`,
      policy: policyDocument([
        ...taskBoundaryStatements(this.environment, this.account),
        ...sessionStatements(this.environment, this.account, this.encryptionKeyArn),
      ]),
    });
  }

  /** ECS registers tasks in target groups with it, for services that do not use awsvpc. */
  private addLoadBalancerRole(): IamRole {
    const role = this.addRole(
      "load-balancer-role",
      roleNames(this.environment.name).loadBalancer,
      "Lets ECS register tasks with the load balancers",
      assumableBy("ecs.amazonaws.com"),
    );
    new IamRolePolicyAttachment(this, "load-balancer-policy", {
      role: role.name,
      policyArn: `arn:${this.account.partition}:iam::aws:policy/service-role/AmazonEC2ContainerServiceRole`,
    });
    this.granted.push(loadBalancerRoleStatement);
    return role;
  }

  /** What a container may do when its task definition names no role of its own: read the environment's parameters. */
  private addDefaultTaskRole(): IamRole {
    const { name, region } = this.environment;
    const role = this.addRole(
      "default-task-role",
      roleNames(name).defaultTask,
      "Lets containers read the parameters of their environment",
      // The conditions keep ECS in another account or region from being used to reach this role.
      assumableBy("ecs-tasks.amazonaws.com", {
        ArnLike: { "aws:SourceArn": arnIn(this.account, "ecs", region, "*") },
        StringEquals: { "aws:SourceAccount": this.account.id },
      }),
    );
    this.addPolicy("default-task-policy", "read-parameters", role, [
      allowStatement(
        "ReadParameters",
        ["ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath"],
        [this.parametersArn()],
      ),
    ]);
    const sessions = sessionStatements(this.environment, this.account, this.encryptionKeyArn);
    if (sessions.length > 0) {
      this.addPolicy("default-task-session-policy", "hold-sessions", role, sessions);
    }
    return role;
  }

  /** What ECS itself does for a task: pull its image, write its log, fetch the secrets that its definition names. */
  private addExecutionRole(): IamRole {
    const { name } = this.environment;
    const role = this.addRole(
      "execution-role",
      roleNames(name).execution,
      "Lets ECS pull images, write logs and fetch the secrets of tasks",
      assumableBy("ecs-tasks.amazonaws.com"),
    );
    const secretFolder = this.environment.secretsPrefix.slice(1);
    this.addPolicy("execution-policy", "start-tasks", role, [
      allowStatement("LogInToRegistry", ["ecr:GetAuthorizationToken"], ["*"]),
      allowStatement(
        "PullImages",
        ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        [arnIn(this.account, "ecr", "*", "repository/*")],
      ),
      ...this.registryStatements(),
      allowStatement(
        "WriteLogs",
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        [
          this.arn("logs", `log-group:${logGroupName(name)}:*`),
          this.arn("logs", `log-group:${logGroupName(name)}/*:*`),
        ],
      ),
      allowStatement("ReadParameters", ["ssm:GetParameters"], [this.parametersArn()]),
      allowStatement(
        "ReadSecrets",
        ["secretsmanager:GetSecretValue"],
        [
          this.arn("secretsmanager", `secret:${secretFolder}*`),
          this.arn("secretsmanager", `secret:/${secretFolder}*`),
        ],
      ),
    ]);
    return role;
  }

  /** Pulling from a registry that another account may have, and through its caches. */
  private registryStatements(): Statement[] {
    const { name, registry } = this.environment;
    if (registry === undefined) return [];
    const caches = registry.caches.map(({ prefix }) =>
      arnIn(this.account, "ecr", registry.region, `repository/${prefix}/*`),
    );
    const pullFromOwner = allowStatement(
      "PullFromRegistry",
      ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      [`arn:${this.account.partition}:ecr:${registry.region}:*:repository/${registry.namespace}/*`],
    );
    return [
      ...(registry.owner === name ? [] : [pullFromOwner]),
      // The first pull of an image makes the repository that it is kept in.
      ...(caches.length === 0
        ? []
        : [allowStatement("PullThrough", ["ecr:BatchImportUpstreamImage", "ecr:CreateRepository"], caches)]),
    ];
  }

  private addRole(
    id: string,
    name: string,
    description: string,
    assumeRolePolicy: string,
    path = rolePath,
  ): IamRole {
    const role = new IamRole(this, id, { name, path, description, assumeRolePolicy });
    this.roles.push(role);
    return role;
  }

  private addPolicy(id: string, name: string, role: IamRole, statements: readonly Statement[]): void {
    this.granted.push(...statements);
    new IamRolePolicy(this, id, { name, role: role.name, policy: policyDocument(statements) });
  }

  private parametersArn(): string {
    return this.arn("ssm", `parameter${this.environment.secretsPrefix}*`);
  }

  private arn(service: string, resource: string): string {
    return arnIn(this.account, service, this.environment.region, resource);
  }
}
