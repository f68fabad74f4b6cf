import {
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  S3Client,
  DeleteObjectCommand,
} from "@aws-sdk/client-s3";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { execa } from "execa";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { projectRoot } from "../../scripts/project-root.ts";
import { prepareTerraform } from "../../scripts/terraform/prepare.ts";
import { awsVariables } from "../helpers/deploy-command.ts";
import { startLocalForTests, type LocalForTests } from "../helpers/local-for-tests.ts";
import { cdktf, expectSuccess, type CdktfRun } from "../helpers/terraform-run.ts";

const account = "123456789012";
const region = "eu-west-1";
const bucket = `slipway-state-${account}-${region}`;
const minutes = 60_000;

let local: LocalForTests;
let directory: string;

beforeAll(async () => {
  local = await startLocalForTests();
  directory = await mkdtemp(path.join(os.tmpdir(), "state-in-s3-"));
}, minutes);

afterAll(async () => {
  await local.stop();
  await rm(directory, { recursive: true, force: true });
});

const settings = () => ({
  endpoint: local.endpoint,
  region,
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});

/** `npm run bootstrap` for a file of one environment. */
async function bootstrap(state: object, environment: object = {}): Promise<{ code?: number; said: string }> {
  const file = path.join(directory, "environments.jsonc");
  const network = { cidr: "10.0.0.0/16", zones: 2 };
  const test = { region: "us-east-1", account, network, cluster: { ec2: null }, ...environment };
  await writeFile(file, JSON.stringify({ state, environments: { test } }));
  const run = await execa("node", ["dist/bootstrap.js", "--file", file], {
    cwd: projectRoot(),
    env: {
      ...awsVariables(local.endpoint),
      PATH: process.env["PATH"] ?? "",
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    },
    extendEnv: false,
    reject: false,
    all: true,
  });
  return { ...(run.exitCode === undefined ? {} : { code: run.exitCode }), said: run.all };
}

const app = `--import tsx __tests__/helpers/two-stacks-app.ts ${region}`;

/** Runs Terraform itself on the first stack, which is quicker than another run of cdktf. */
async function terraform(...args: readonly string[]): Promise<CdktfRun> {
  const { variables } = await prepareTerraform({ root: projectRoot(), environment: process.env });
  const run = await execa(process.env["TERRAFORM_BINARY_NAME"] ?? "terraform", [...args, "-no-color"], {
    cwd: path.join(directory, "cdktf.out/stacks/first"),
    env: { ...awsVariables(local.endpoint), ...variables, PATH: process.env["PATH"] ?? "" },
    extendEnv: false,
    reject: false,
    all: true,
  });
  return { exitCode: run.exitCode, output: run.all };
}

/** Applies the first stack as somebody did who kept state in files. */
async function applyWithFiles(): Promise<void> {
  await execa("node", app.split(" "), {
    cwd: projectRoot(),
    env: { SLIPWAY_STATE_DIR: directory, CDKTF_OUTDIR: path.join(directory, "cdktf.out") },
  });
  expectSuccess(await terraform("init"));
  expectSuccess(await terraform("apply", "-auto-approve"));
}

test(
  "state moves from files into the bucket that one command makes, is locked there, and is read by other stacks",
  async () => {
    const s3 = new S3Client(settings());
    await applyWithFiles();
    expect(await readdir(directory)).toContain("terraform.first.tfstate");

    const made = await bootstrap({ in: "s3", region });
    expect(made.code).toBe(0);
    expect(made.said).toContain(`${bucket} (account ${account}, ${region})\n  made the bucket`);
    expect(made.said).toContain("turned versions on");
    const again = await bootstrap({ in: "s3", region });
    expect(again.said).toContain(`${bucket} (account ${account}, ${region}): nothing to do`);

    const moved = await cdktf("deploy", {
      endpoint: local.endpoint,
      directory,
      app: `node ${app}`,
      stateAsWritten: true,
      flags: ["--migrate-state"],
    });
    expectSuccess(moved);
    expect(moved.output).toMatch(/first .*No changes/);

    const { Versions = [], DeleteMarkers = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket: bucket }),
    );
    const keys = (list: readonly { Key?: string | undefined }[]) =>
      [...new Set(list.map(({ Key }) => Key))].toSorted();
    // A lock was written and deleted beside each state.
    expect(keys(Versions)).toEqual(
      ["first", "second"].flatMap((name) => [`slipway/${name}.tfstate`, `slipway/${name}.tfstate.tflock`]),
    );
    expect(keys(DeleteMarkers)).toEqual(["slipway/first.tfstate.tflock", "slipway/second.tfstate.tflock"]);
    const { Body, ServerSideEncryption } = await s3.send(
      new GetObjectCommand({ Bucket: bucket, Key: "slipway/first.tfstate" }),
    );
    expect(ServerSideEncryption).toBe("AES256");
    expect(await Body?.transformToString()).toContain(`arn:aws:iam::${account}:role/told`);
    const ssm = new SSMClient({ ...settings(), region: "us-east-1" });
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: "/told/role" }));
    expect(Parameter?.Value).toBe(`arn:aws:iam::${account}:role/told`);

    const lock = { Bucket: bucket, Key: "slipway/first.tfstate.tflock" };
    const holder = { ID: "1", Operation: "OperationTypeApply", Who: "ana@build-7", Created: new Date() };
    await s3.send(new PutObjectCommand({ ...lock, Body: JSON.stringify(holder) }));
    const locked = await terraform("plan", "-input=false");
    expect(locked.exitCode).toBe(1);
    expect(locked.output).toContain("Error acquiring the state lock");
    expect(locked.output).toContain("ana@build-7");
    await s3.send(new DeleteObjectCommand(lock));
  },
  4 * minutes,
);

test("a bucket in another Region and credentials of another account are refused, and nothing is made", async () => {
  const name = "state-of-another-region";
  await bootstrap({ in: "s3", region, bucket: name });
  const elsewhere = await bootstrap({ in: "s3", region: "us-west-2", bucket: name });
  expect(elsewhere.code).toBe(4);
  expect(elsewhere.said).toContain(`The bucket ${name} is in eu-west-1, not in us-west-2.`);
  const foreign = await bootstrap({ in: "s3", region }, { account: "999999999999" });
  expect(foreign.code).toBe(4);
  expect(foreign.said).toContain(`is in account 999999999999, and the credentials are of account ${account}`);
  const broken = await bootstrap({ in: "s3" });
  expect(broken.code).toBe(2);
  expect(broken.said).toContain('$.state.region: The field "region" is missing.');
});
