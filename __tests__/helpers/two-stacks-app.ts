/**
 * Two small stacks, the second of which refers to the first, with their state in S3, or in SLIPWAY_STATE_DIR where that
 * is set. Arguments: the bucket's Region.
 */
import { IamRole } from "@cdktf/provider-aws/lib/iam-role/index.js";
import { SsmParameter } from "@cdktf/provider-aws/lib/ssm-parameter/index.js";
import { App } from "cdktf";
import type { StateSettings } from "../../scripts/core/environments.ts";
import { assumableBy } from "../../stacks/constructs/policy.ts";
import { AwsStack } from "../../stacks/environment-stack.ts";

const region = process.argv[2] ?? "";
const folder = process.env["SLIPWAY_STATE_DIR"];
const inS3: StateSettings = { in: "s3", region, keyPrefix: "slipway/" };
const settings = {
  region: "us-east-1",
  account: "123456789012",
  terraform: undefined,
  state: folder === undefined ? inS3 : ({ in: "local" } as const),
  stateDirectory: folder ?? "",
  tags: {},
};

const app = new App();
const first = new AwsStack(app, "first", settings);
const role = new IamRole(first, "role", { name: "told", assumeRolePolicy: assumableBy("ec2.amazonaws.com") });
const second = new AwsStack(app, "second", settings);
new SsmParameter(second, "parameter", { name: "/told/role", type: "String", insecureValue: role.arn });
app.synth();
