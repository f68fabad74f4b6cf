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
import type { Environment, UserSettings } from "../scripts/core/environments.ts";
import { deployerUserName, rolePath } from "../scripts/core/naming.ts";
import { policyDocument } from "./constructs/policy.ts";
import { deployerStatements } from "./deployer-policy.ts";
import { AwsStack } from "./environment-stack.ts";

/** What makes the account-wide users. */
export interface UsersStackSettings {
  /** Every environment that the deployer may deploy to; at least one. */
  readonly environments: readonly Environment[];
  readonly users: UserSettings;
  /** IAM is global; the region is only where Terraform asks. */
  readonly region: string;
  readonly stateDirectory: string;
}

/**
 * The deployer: a user in a group that carries the policies, since policies on a user escape review. A policy an
 * environment, since IAM takes no policy of more than 6,144 characters; a group may have ten.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html
 */
export class UsersStack extends AwsStack {
  constructor(scope: Construct, settings: UsersStackSettings) {
    super(scope, "users", { region: settings.region, stateDirectory: settings.stateDirectory, tags: {} });
    const account = {
      partition: new DataAwsPartition(this, "partition").partition,
      id: new DataAwsCallerIdentity(this, "account").accountId,
    };
    const user = new IamUser(this, "deployer", { name: deployerUserName, path: rolePath });
    const group = new IamGroup(this, "deployers", { name: "ecs_deployers", path: rolePath });
    new IamUserGroupMembership(this, "deployer-membership", {
      user: user.name,
      groups: [group.name],
    });
    for (const [index, environment] of settings.environments.entries()) {
      // The first keeps the names that it had when one policy was for all.
      const suffix = index === 0 ? "" : `-${environment.name}`;
      const policy = new IamPolicy(this, `deployer-policy${suffix}`, {
        name: `ecs_deploy${suffix.replace("-", "_")}`,
        path: rolePath,
        description: `What ./deploy needs in environment ${environment.name}`,
        policy: policyDocument(deployerStatements([environment], account)),
      });
      new IamGroupPolicyAttachment(this, `deployers-policy${suffix}`, {
        group: group.name,
        policyArn: policy.arn,
      });
    }

    this.addOutput("deployer-arn", user.arn);
    if (settings.users.deployerAccessKey) {
      const key = new IamAccessKey(this, "deployer-access-key", { user: user.name });
      this.addOutput("deployer-access-key-id", key.id, true);
      this.addOutput("deployer-secret-access-key", key.secret, true);
    }
  }

  private addOutput(name: string, value: string, sensitive = false): void {
    new TerraformOutput(this, name, { value, sensitive });
  }
}
