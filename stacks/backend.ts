import type { AwsProviderConfig } from "@cdktf/provider-aws/lib/provider/index.js";
import { LocalBackend, S3Backend } from "cdktf";
import type { Construct } from "constructs";
import path from "node:path";
import type { Environment, StateSettings } from "../scripts/core/environments.ts";
import { bucketName, stateKey } from "../scripts/core/state/bucket.ts";

/** Where the state of all stacks is. */
export interface StateLocation {
  readonly state: StateSettings;
  /** Folder of the Terraform state files, one a stack, where the state is local. */
  readonly stateDirectory: string;
}

/** The account of a stack, where it is known, and how Terraform gets into it. */
export interface AccountAccess {
  readonly account: string | undefined;
  readonly terraform: Environment["terraform"];
}

const sessionName = "slipway-terraform";

/**
 * Adds a stack's backend: a local file, or an encrypted object in the account's bucket with a lock file beside it.
 * References to the stack from others become remote state of the same backend.
 *
 * @see https://developer.hashicorp.com/terraform/language/backend/s3
 */
export function addBackend(
  stack: Construct,
  stackName: string,
  { state, stateDirectory }: StateLocation,
  access: AccountAccess,
): void {
  switch (state.in) {
    case "local": {
      new LocalBackend(stack, { path: path.join(stateDirectory, `terraform.${stackName}.tfstate`) });
      return;
    }
    case "s3": {
      const { assumeRole, externalId, profile } = access.terraform ?? {};
      const backend = new S3Backend(stack, {
        bucket: bucketName(state, access.account),
        key: stateKey(state, stackName),
        region: state.region,
        encrypt: true,
        ...(state.kmsKeyArn === undefined ? {} : { kmsKeyId: state.kmsKeyArn }),
        ...(access.account === undefined ? {} : { allowedAccountIds: [access.account] }),
        ...(profile === undefined ? {} : { profile }),
        ...(assumeRole === undefined ? {} : { assumeRole: assumedRole(assumeRole, externalId) }),
      });
      // Newer than cdktf's own type of the backend.
      backend.addOverride("use_lockfile", true);
    }
  }
}

/** What the provider is told of a stack's account: it refuses to work in another. */
export function providerAccess({
  account,
  terraform = {},
}: AccountAccess): Pick<AwsProviderConfig, "allowedAccountIds" | "assumeRole" | "profile"> {
  const { assumeRole, externalId, profile } = terraform;
  return {
    ...(account === undefined ? {} : { allowedAccountIds: [account] }),
    ...(profile === undefined ? {} : { profile }),
    ...(assumeRole === undefined ? {} : { assumeRole: [assumedRole(assumeRole, externalId)] }),
  };
}

function assumedRole(
  roleArn: string,
  externalId: string | undefined,
): { roleArn: string; sessionName: string; externalId?: string } {
  return { roleArn, sessionName, ...(externalId === undefined ? {} : { externalId }) };
}
