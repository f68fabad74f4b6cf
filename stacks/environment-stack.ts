import { AwsProvider } from "@cdktf/provider-aws/lib/provider/index.js";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter/index.js";
import { Fn, LocalBackend, TerraformOutput, TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import path from "node:path";
import type { Environment } from "../scripts/core/environments.ts";
import { stackOutputFolder } from "../scripts/core/naming.ts";

/** What every stack is given. */
export interface StackSettings {
  readonly region: string;
  /** Folder of the Terraform state files, one a stack. */
  readonly stateDirectory: string;
  /** Tags of everything in the stack. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A stack with the AWS provider and its state in a local file. */
export class AwsStack extends TerraformStack {
  constructor(scope: Construct, id: string, settings: StackSettings) {
    super(scope, id);
    new LocalBackend(this, { path: path.join(settings.stateDirectory, `terraform.${id}.tfstate`) });
    new AwsProvider(this, "aws", {
      region: settings.region,
      defaultTags: [{ tags: { ...settings.tags, "slipway:stack": id } }],
    });
  }
}

/** What a stack of one environment is given. */
export interface EnvironmentStackSettings {
  readonly environment: Environment;
  readonly stateDirectory: string;
}

/** A value that deployments need: one text, or a list of them. */
export type OutputValue = string | readonly string[];

/** A stack of one environment. Its id is `<environment>-<concern>`. */
export class EnvironmentStack extends AwsStack {
  readonly environment: Environment;

  constructor(scope: Construct, concern: string, { environment, stateDirectory }: EnvironmentStackSettings) {
    super(scope, `${environment.name}-${concern}`, {
      region: environment.region,
      stateDirectory,
      tags: { "slipway:environment": environment.name },
    });
    this.environment = environment;
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
