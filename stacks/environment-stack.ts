import { CloudwatchLogGroup } from "@cdktf/provider-aws/lib/cloudwatch-log-group/index.js";
import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter/index.js";
import { Fn, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { Environment } from "../scripts/core/environments.ts";
import { stackOutputFolder } from "../scripts/core/naming.ts";
import { addBackend, providerAccess, type AccountAccess, type StateLocation } from "./backend.ts";

/** What every stack is given. */
export interface StackSettings extends StateLocation, AccountAccess {
  readonly region: string;
  /** Tags of everything in the stack. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A stack with the AWS provider, and its state where the environments file says. */
export class AwsStack extends TerraformStack {
  constructor(scope: Construct, id: string, settings: StackSettings) {
    super(scope, id);
    addBackend(this, id, settings, settings);
    new AwsProvider(this, "aws", {
      region: settings.region,
      ...providerAccess(settings),
      defaultTags: [{ tags: { ...settings.tags, "slipway:stack": id } }],
    });
  }
}

/** What a stack of one environment is given. */
export interface EnvironmentStackSettings extends StateLocation {
  readonly environment: Environment;
  /** The KMS key of logs and notifications; without it AWS encrypts them by its own. */
  readonly encryptionKeyArn?: string;
  /** The SNS topic that alarms tell. */
  readonly eventTopicArn?: string;
}

/** A value that deployments need: one text, or a list of them. */
export type OutputValue = string | readonly string[];

/** A stack of one environment. Its id is `<environment>-<concern>`. */
export class EnvironmentStack extends AwsStack {
  readonly environment: Environment;
  protected readonly encryptionKeyArn: string | undefined;
  protected readonly eventTopicArn: string | undefined;

  constructor(scope: Construct, concern: string, settings: EnvironmentStackSettings) {
    const { environment, state, stateDirectory } = settings;
    super(scope, `${environment.name}-${concern}`, {
      region: environment.region,
      account: environment.account,
      terraform: environment.terraform,
      state,
      stateDirectory,
      tags: { "slipway:environment": environment.name },
    });
    this.environment = environment;
    this.encryptionKeyArn = settings.encryptionKeyArn;
    this.eventTopicArn = settings.eventTopicArn;
  }

  /** A log group of the environment, encrypted with its key. */
  protected addLogGroup(id: string, name: string, retentionInDays: number): CloudwatchLogGroup {
    const key = this.encryptionKeyArn === undefined ? {} : { kmsKeyId: this.encryptionKeyArn };
    return new CloudwatchLogGroup(this, id, { name, retentionInDays, ...key });
  }

  /**
   * Publishes values as Terraform outputs and as parameters `/slipway/<environment>/<name>`, where `./deploy` finds
   * them. A list becomes a StringList with commas.
   */
  protected publish(outputs: Readonly<Record<string, OutputValue>>): void {
    for (const [name, value] of Object.entries(outputs)) {
      const isText = typeof value === "string";
      new TerraformOutput(this, name, { value: isText ? value : [...value] });
      new SsmParameter(this, `parameter-${name}`, {
        name: `${stackOutputFolder(this.environment.name)}${name}`,
        description: `Output ${name} of stack ${this.node.id}`,
        type: isText ? "String" : "StringList",
        insecureValue: isText ? value : Fn.join(",", [...value]),
      });
    }
  }
}
