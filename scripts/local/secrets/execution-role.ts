import type { IAMClient } from "@aws-sdk/client-iam";

import { evaluate, type Principal } from "../iam/evaluate.ts";
import type { MotoAddress } from "../iam/moto-calls.ts";
import { policiesOfRole, type RolePolicies } from "../iam/policies-of.ts";
import { messageOf } from "../iam/refusals.ts";
import { resourcePolicyOf } from "../iam/resource-policies.ts";

/** What keeps ECS from doing something on behalf of a task; the message is AWS's. */
export class AccessDenied extends Error {
  override readonly name = "AccessDeniedException";
}

/** A role that ECS cannot act as: it is not there, or does not trust ECS. */
export class RoleNotAssumed extends Error {
  override readonly name = "RoleNotAssumed";

  constructor(roleArn: string) {
    super(
      `ECS was unable to assume the role '${roleArn}' that was provided for this task. Please verify that the role ` +
        "being passed has the proper trust relationship and permissions and that your IAM user has permissions to " +
        "pass this role.",
    );
  }
}

const ecsTasks = "ecs-tasks.amazonaws.com";

/** The execution role of a task, as the agent acts with it. */
export class ExecutionRole {
  readonly #policies: RolePolicies;
  readonly #principal: Principal;
  readonly #moto: MotoAddress;

  private constructor(policies: RolePolicies, moto: MotoAddress, taskId: string) {
    this.#policies = policies;
    this.#moto = moto;
    const [, , , , account = ""] = policies.arn.split(":");
    const name = policies.arn.slice(policies.arn.lastIndexOf("/") + 1);
    this.#principal = {
      arn: `arn:aws:sts::${account}:assumed-role/${name}/${taskId}`,
      account,
      roleArn: policies.arn,
    };
  }

  /**
   * Assumes the role for a task.
   *
   * @throws RoleNotAssumed when the role is not there or does not trust ECS
   */
  static async assume(
    iam: IAMClient,
    moto: MotoAddress,
    { roleArn, taskId }: { roleArn: string; taskId: string },
  ): Promise<ExecutionRole> {
    const policies = await policiesOfRole(iam, roleArn).catch((error: unknown) => {
      if (error instanceof Error && error.name.startsWith("NoSuchEntity")) throw new RoleNotAssumed(roleArn);
      throw error;
    });
    const [, , , , account = ""] = policies.arn.split(":");
    const trusted = evaluate(
      { identity: [], resource: [policies.trust], resourceRule: "required" },
      {
        action: "sts:AssumeRole",
        resource: policies.arn,
        principal: { arn: ecsTasks, account, roleArn: null, service: ecsTasks },
      },
    );
    if (trusted.decision !== "allowed") throw new RoleNotAssumed(roleArn);
    return new ExecutionRole(policies, moto, taskId);
  }

  /**
   * Checks that the role may do something.
   *
   * @throws AccessDenied with AWS's message when its policies do not allow it
   */
  async check(action: string, resource: string): Promise<void> {
    const policy = await resourcePolicyOf(this.#moto, resource);
    const { identity, boundary } = this.#policies;
    const found = evaluate(
      {
        identity,
        boundary,
        resource: policy ? [policy] : undefined,
        resourceRule: action.startsWith("kms:") ? "required" : "either",
      },
      { action, resource, principal: this.#principal },
    );
    if (found.decision !== "allowed") {
      throw new AccessDenied(messageOf(this.#principal.arn, { action, resource, context: {} }, found));
    }
  }
}
