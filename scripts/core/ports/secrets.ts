/** What Secrets Manager tells of a secret without its value. */
export interface Secret {
  readonly arn: string;
  /** The key that it is encrypted with, where it has one of its own. */
  readonly kmsKeyId?: string;
  /** Whether it is about to be deleted. */
  readonly isDeleted: boolean;
  /** Version ids with the stages that they have. */
  readonly versionStages: Readonly<Record<string, readonly string[]>>;
}

/** What Parameter Store tells of a parameter without its value. */
export interface Parameter {
  readonly name: string;
  readonly arn?: string;
  readonly type: string;
  /** The key of a SecureString. */
  readonly kmsKeyId?: string;
}

/** What the deploy script asks about secrets; it never sees a value. Every method throws AwsCallError. */
export interface SecretsPort {
  /** A secret by ARN or name in a region; undefined where there is none. */
  secret(id: string, region: string): Promise<Secret | undefined>;
  /** Whether a secret has a policy of its own, which may allow what no role's policy does. */
  hasPolicy(id: string, region: string): Promise<boolean>;
  /** Parameters by name in a region; those that do not exist are left out. Any number. */
  parameters(names: readonly string[], region: string): Promise<readonly Parameter[]>;
}
