import { mkdir } from "node:fs/promises";
import path from "node:path";

import { projectRoot } from "../../project-root.ts";
import { prepareTerraform } from "../../terraform/prepare.ts";
import { rootKey } from "../iam/root-key.ts";
import { defaultSpeed, localDirectory, portDirectory, terraformDirectory } from "../start.ts";
import { endpointOn, statusOn } from "./client.ts";
import type { CommandLine } from "./command-line.ts";
import type { Output } from "./output.ts";

/** The variables that point the AWS SDKs, the AWS CLI and Terraform's provider at a local AWS. */
function awsVariables(endpoint: string, region: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: rootKey.accessKeyId,
    AWS_SECRET_ACCESS_KEY: rootKey.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

/** Settings of a real account that would win over the variables above. */
const unset = ["AWS_PROFILE", "AWS_SESSION_TOKEN"];

/** `./local env`: export lines for `eval "$(./local env)"`. */
export async function env({ port }: CommandLine, output: Output): Promise<void> {
  const current = await statusOn(port);
  if (!current) output.progress(`No local AWS runs at ${endpointOn(port)} yet. Start it: ./local start`);
  const terraform = await prepareTerraform({ root: projectRoot(), environment: process.env });
  const directory = terraformDirectory(portDirectory(localDirectory(), port));
  // A local AWS that another checkout started has made none here.
  await mkdir(directory, { recursive: true });
  const variables = {
    ...awsVariables(endpointOn(port), current?.region ?? "us-east-1"),
    // ./deploy waits in AWS's time.
    SLIPWAY_CLOCK_SPEED: String(current?.speed ?? defaultSpeed),
    ...terraform.variables,
    ...stackVariables(directory),
  };
  output.result(exportLines(variables));
}

/** Moto's own: the only account of a local AWS. */
const account = "123456789012";

/**
 * What Terraform remembers of a local AWS never mixes with what it remembers of a real one, and environments of any
 * account come into the one that there is.
 */
function stackVariables(directory: string): Readonly<Record<string, string>> {
  return {
    SLIPWAY_STATE_DIR: directory,
    SLIPWAY_ACCOUNT: account,
    CDKTF_OUTPUT: path.join(directory, "cdktf.out"),
  };
}

/** Lines that any POSIX shell can evaluate. */
export function exportLines(variables: Readonly<Record<string, string>>): string {
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}=${quote(value)}`);
  return [...exports, `unset ${unset.join(" ")}`].join("\n");
}

function quote(value: string): string {
  return /^[\w/.:@=-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
