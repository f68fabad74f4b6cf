import { DataAwsCallerIdentity } from "@cdktf/provider-aws/lib/data-aws-caller-identity/index.js";
import { DataAwsPartition } from "@cdktf/provider-aws/lib/data-aws-partition/index.js";
import { IamAccessKey } from "@cdktf/provider-aws/lib/iam-access-key/index.js";
import { IamGroup } from "@cdktf/provider-aws/lib/iam-group/index.js";
import { IamGroupPolicyAttachment } from "@cdktf/provider-aws/lib/iam-group-policy-attachment/index.js";
import { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy/index.js";
import { IamUser } from "@cdktf/provider-aws/lib/iam-user/index.js";
import { IamUserGroupMembership } from "@cdktf/provider-aws/lib/iam-user-group-membership/index.js";
import { TerraformOutput } from "cdktf";
import type { Construct } from "constructs";
import type { Environment, Pipeline, UserSettings } from "../scripts/core/environments.ts";
import { deployerBoundaryName, deployerUserName, rolePath } from "../scripts/core/naming.ts";
import { allowAllAlarms, allowWideBoundary } from "./aspects/design.ts";
import type { StateLocation } from "./backend.ts";
import type { Account } from "./constructs/arns.ts";
import { PipelineRoles } from "./constructs/pipeline-roles.ts";
import { boundaryDocument, inManagedPolicies, policyDocument } from "./constructs/policy.ts";
import type { Statement } from "./constructs/policy.ts";
import { deployerBoundaryStatements } from "./deployer-boundary.ts";
import { deployerPolicies } from "./deployer-policy.ts";
import { AwsStack } from "./environment-stack.ts";

/** What makes the users of an account. */
export interface UsersStackSettings extends StateLocation {
  readonly id: string;
  /** Every environment of the account that the deployer may deploy to; at least one. */
  readonly environments: readonly Environment[];
  readonly users: UserSettings;
  /** Those of its environments, by name. */
  readonly pipelines: ReadonlyMap<string, Pipeline>;
  /** Identity providers that IAM has already, by ARN or by host. */
  readonly existingIdentityProviders: readonly string[];
}

/** The group for an environment's first, second, … policy. */
type GroupOf = (index: number) => IamGroup;

/**
 * Who deploys: the roles of pipelines, and the deployer, a user in groups that carry the policies, since policies on a
 * user escape review. An environment has as many policies as IAM makes of 6,144 characters each, and others where its
 * deployments move traffic. A group may have ten, so first, second and traffic policies have groups of their own.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
 */
export class UsersStack extends AwsStack {
  /** The policies of `./deploy`, by environment. */
  private readonly policies = new Map<string, IamPolicy[]>();

  constructor(scope: Construct, settings: UsersStackSettings) {
    const { id, environments, state, stateDirectory } = settings;
    const [first] = environments;
    if (first === undefined) throw new TypeError("Users are made for an account that has an environment.");
    // IAM is global; the Region is only where Terraform asks.
    const { region, account: accountId, terraform } = first;
    super(scope, id, { region, account: accountId, terraform, state, stateDirectory, tags: {} });
    const account = {
      partition: new DataAwsPartition(this, "partition").partition,
      id: new DataAwsCallerIdentity(this, "account").accountId,
    };
    const boundary = new IamPolicy(this, "deployer-boundary", {
      name: deployerBoundaryName,
      path: rolePath,
      description: "The most that the deployer and pipelines may do",
      policy: boundaryDocument(deployerBoundaryStatements(account)),
    });
    allowWideBoundary(boundary);
    const user = new IamUser(this, "deployer", {
      name: deployerUserName,
      path: rolePath,
      permissionsBoundary: boundary.arn,
    });
    const groups = this.addGroups(user, "deployers", "deployer-membership");
    for (const [index, environment] of settings.environments.entries()) {
      const { general } = deployerPolicies(environment, account);
      // The first keeps the names that it had when one policy was for all.
      this.addPolicies(groups, environment, index === 0 ? "" : `-${environment.name}`, general);
    }
    this.addTrafficPolicies(settings.environments, user, account);
    this.addPipelines(settings, boundary.arn, account);
    allowAllAlarms(this);

    this.addOutput("deployer-arn", user.arn);
    if (settings.users.deployerAccessKey) {
      const key = new IamAccessKey(this, "deployer-access-key", { user: user.name });
      this.addOutput("deployer-access-key-id", key.id, true);
      this.addOutput("deployer-secret-access-key", key.secret, true);
    }
  }

  private addPipelines(settings: UsersStackSettings, boundaryArn: string, account: Account): void {
    const roles = new PipelineRoles(this, "pipelines", {
      ...settings,
      policies: this.policies,
      boundaryArn,
      account,
    });
    for (const [name, arn] of roles.arns) this.addOutput(`pipeline-${name}-role-arn`, arn);
  }

  /** A group of its own keeps ten environments possible whose deployments move traffic. */
  private addTrafficPolicies(environments: readonly Environment[], user: IamUser, account: Account): void {
    const moving = environments.flatMap((environment) => {
      const { traffic } = deployerPolicies(environment, account);
      return traffic.length === 0 ? [] : [{ environment, traffic }];
    });
    if (moving.length === 0) return;
    const groups = this.addGroups(user, "traffic-deployers", "traffic-deployer-membership");
    for (const { environment, traffic } of moving) {
      this.addPolicies(groups, environment, `-${environment.name}_traffic`, traffic);
    }
  }

  /** A group for the first policies of ten environments; others for their second ones, as far as they are needed. */
  private addGroups(user: IamUser, id: string, membershipId: string): GroupOf {
    const groups = new Map<string, IamGroup>();
    return (index) => {
      const end = index === 0 ? "" : String(index + 1);
      const known = groups.get(end);
      if (known !== undefined) return known;
      const name = `ecs_${id.replaceAll("-", "_")}${end === "" ? "" : `_${end}`}`;
      const group = new IamGroup(this, `${id}${end === "" ? "" : `-${end}`}`, { name, path: rolePath });
      new IamUserGroupMembership(this, `${membershipId}${end === "" ? "" : `-${end}`}`, {
        user: user.name,
        groups: [group.name],
      });
      groups.set(end, group);
      return group;
    };
  }

  /** Adds one policy, or more where IAM takes no more in one. */
  private addPolicies(
    groupOf: GroupOf,
    environment: Environment,
    suffix: string,
    statements: readonly Statement[],
  ): void {
    for (const [index, part] of inManagedPolicies(statements).entries()) {
      const name = index === 0 ? suffix : `${suffix}_${index + 1}`;
      const policy = new IamPolicy(this, `deployer-policy${name}`, {
        name: `ecs_deploy${name.replace("-", "_")}`,
        path: rolePath,
        description: `What ./deploy needs in environment ${environment.name}`,
        policy: policyDocument(part),
      });
      this.policies.set(environment.name, [...(this.policies.get(environment.name) ?? []), policy]);
      new IamGroupPolicyAttachment(this, `deployers-policy${name}`, {
        group: groupOf(index).name,
        policyArn: policy.arn,
      });
    }
  }

  private addOutput(name: string, value: string, sensitive = false): void {
    new TerraformOutput(this, name, { value, sensitive });
  }
}
