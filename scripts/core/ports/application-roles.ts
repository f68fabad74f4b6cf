/** A role that is to be made for an application's tasks. Policies are JSON. */
export interface NewTaskRole {
  readonly name: string;
  readonly path: string;
  readonly trustPolicy: string;
  /** ARN of the managed policy that the role can never go beyond. */
  readonly boundaryArn: string;
  readonly description: string;
}

/** What the deploy script asks of IAM to give an application a role of its own. Every method throws AwsCallError. */
export interface ApplicationRolesPort {
  /** Makes the role; one that exists is left as it is. @returns its ARN */
  create(role: NewTaskRole): Promise<string>;
  /** A role's ARN with its inline policy of that name, as JSON; undefined where there is no such role. */
  find(
    name: string,
    policyName: string,
  ): Promise<{ readonly arn: string; readonly policy?: string } | undefined>;
  /** Writes an inline policy, whatever it was. */
  putPolicy(name: string, policyName: string, policy: string): Promise<void>;
}
