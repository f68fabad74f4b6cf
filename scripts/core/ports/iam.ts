/** A role with what it trusts. */
export interface Role {
  readonly arn: string;
  readonly name: string;
  /** The trust policy, as JSON. */
  readonly trustPolicy: string;
}

/** What a simulation says of one action on one resource. */
export interface Decision {
  readonly action: string;
  readonly resource: string;
  /** `explicitDeny` and `implicitDeny` are AWS's own words. */
  readonly decision: "allowed" | "explicitDeny" | "implicitDeny";
  /** Context keys that a policy asks about and the simulation was not told. */
  readonly missingContextKeys: readonly string[];
}

/** What the deploy script asks of IAM. Every method throws AwsCallError. */
export interface IamPort {
  /** A role by name; undefined where there is none. */
  role(name: string): Promise<Role | undefined>;
  /**
   * What a role's own policies allow, permissions boundary included; resource policies are not looked at.
   *
   * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
   */
  simulate(
    roleArn: string,
    actions: readonly string[],
    resources: readonly string[],
  ): Promise<readonly Decision[]>;
}
