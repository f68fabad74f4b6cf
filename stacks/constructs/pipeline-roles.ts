import { IamOpenidConnectProvider } from "@cdktf/provider-aws/lib/iam-openid-connect-provider/index.js";
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { IamRolePolicy } from "@cdktf/provider-aws/lib/iam-role-policy/index.js";
import { IamRolePolicyAttachment } from "@cdktf/provider-aws/lib/iam-role-policy-attachment/index.js";
import type { IamPolicy } from "@cdktf/provider-aws/lib/iam-policy/index.js";
import { Construct } from "constructs";
import type { Environment, Pipeline } from "../../scripts/core/environments.ts";
import {
  audienceOf,
  hostOfProvider,
  issuerOf,
  subjectsOf,
} from "../../scripts/core/environments/pipelines.ts";
import { pipelineRoleName, pipelineRolePath } from "../../scripts/core/naming.ts";
import { loginAction, pushActions } from "../deployer-boundary.ts";
import { arnIn } from "./arns.ts";
import type { Account } from "./arns.ts";
import { allowStatement, policyDocument } from "./policy.ts";

/** What makes the roles of pipelines. */
export interface PipelineRolesSettings {
  /** By name. */
  readonly pipelines: ReadonlyMap<string, Pipeline>;
  /** By ARN or by host. */
  readonly existingIdentityProviders: readonly string[];
  readonly environments: readonly Environment[];
  /** What lets `./deploy` work, by the environment's name. */
  readonly policies: ReadonlyMap<string, readonly IamPolicy[]>;
  readonly boundaryArn: string;
  readonly account: Account;
}

/**
 * A role for each pipeline, which the tokens of exactly its runs may assume, with the policies of exactly the
 * environments that it deploys to.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
 */
export class PipelineRoles extends Construct {
  /** The roles' ARNs by the pipelines' names. */
  readonly arns: ReadonlyMap<string, string>;

  constructor(scope: Construct, id: string, settings: PipelineRolesSettings) {
    super(scope, id);
    const providers = this.addProviders(settings);
    this.arns = new Map(
      [...settings.pipelines].map(([name, pipeline]) => [
        name,
        this.addRole(name, pipeline, providers.get(issuerOf(pipeline)) ?? "", settings).arn,
      ]),
    );
  }

  /** IAM takes one provider a host, for all of the audiences that its tokens may have. @returns ARNs by host */
  private addProviders(settings: PipelineRolesSettings): ReadonlyMap<string, string> {
    const { pipelines, existingIdentityProviders, account } = settings;
    const arns = new Map<string, string>();
    for (const given of existingIdentityProviders) {
      const host = hostOfProvider(given);
      arns.set(host, given === host ? arnIn(account, "iam", "", `oidc-provider/${host}`) : given);
    }
    for (const host of new Set([...pipelines.values()].map(issuerOf))) {
      if (arns.has(host)) continue;
      const itsOwn = [...pipelines.values()].filter((pipeline) => issuerOf(pipeline) === host);
      const provider = new IamOpenidConnectProvider(this, `provider-${host.replaceAll("/", "-")}`, {
        url: `https://${host}`,
        clientIdList: [...new Set(itsOwn.map(audienceOf))],
      });
      arns.set(host, provider.arn);
    }
    return arns;
  }

  private addRole(
    name: string,
    pipeline: Pipeline,
    providerArn: string,
    { environments, policies, boundaryArn, account }: PipelineRolesSettings,
  ): IamRole {
    const role = new IamRole(this, name, {
      name: pipelineRoleName(name),
      path: pipelineRolePath,
      description: `Lets pipeline ${name} deploy to ${pipeline.environments.join(", ")}`,
      assumeRolePolicy: trustPolicy(pipeline, providerArn),
      maxSessionDuration: pipeline.sessionMinutes * 60,
      permissionsBoundary: boundaryArn,
    });
    const attached = pipeline.environments.flatMap((environment) => policies.get(environment) ?? []);
    for (const policy of attached) {
      new IamRolePolicyAttachment(this, `${name}-${policy.node.id}`, {
        role: role.name,
        policyArn: policy.arn,
      });
    }
    const regions = environments
      .filter((environment) => pipeline.environments.includes(environment.name))
      .map(({ region }) => region);
    const repositories = [...new Set(regions)].flatMap((region) =>
      pipeline.pushesTo.map((repository) => arnIn(account, "ecr", region, `repository/${repository}`)),
    );
    if (repositories.length > 0) {
      new IamRolePolicy(this, `${name}-push`, {
        name: "push-images",
        role: role.name,
        policy: policyDocument([
          allowStatement("LogInToRegistry", [loginAction], ["*"]),
          allowStatement("PushImages", pushActions, repositories),
        ]),
      });
    }
    return role;
  }
}

/** Both claims to the letter: a pattern of subjects would let in branches and forks that nobody has thought of. */
function trustPolicy(pipeline: Pipeline, providerArn: string): string {
  const issuer = issuerOf(pipeline);
  const statement = {
    Effect: "Allow",
    Principal: { Federated: providerArn },
    Action: "sts:AssumeRoleWithWebIdentity",
    Condition: {
      StringEquals: { [`${issuer}:aud`]: audienceOf(pipeline), [`${issuer}:sub`]: subjectsOf(pipeline) },
    },
  };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}
