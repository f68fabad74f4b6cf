import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { execa } from "execa";
import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { projectRoot } from "../../scripts/project-root.ts";
import { cases, edited } from "../helpers/broken-environments.ts";
import { awsVariables } from "../helpers/deploy-command.ts";

const account = "123456789012";

/** A project of its own, with an environments file of its own and everything else of this one. */
let project: string;
/** Stands for AWS: says who is asking, and refuses the rest. */
let aws: Server;
let asked: string[] = [];

beforeAll(async () => {
  project = await mkdtemp(path.join(os.tmpdir(), "environments-file-"));
  for (const name of ["cdktf.json", "package.json", "dist"]) {
    await cp(path.join(projectRoot(), name), path.join(project, name), { recursive: true });
  }
  for (const name of ["node_modules", "templates"]) {
    await symlink(path.join(projectRoot(), name), path.join(project, name));
  }
  aws = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const action = new URLSearchParams(Buffer.concat(chunks).toString()).get("Action");
      const target = action ?? String(request.headers["x-amz-target"]);
      asked.push(target);
      const isSts = target === "GetCallerIdentity";
      response.writeHead(isSts ? 200 : 400, { "content-type": isSts ? "text/xml" : "application/json" });
      const identity = `<Account>${account}</Account><Arn>arn:aws:iam::${account}:user/ana</Arn>`;
      response.end(
        isSts
          ? `<GetCallerIdentityResponse><GetCallerIdentityResult>${identity}</GetCallerIdentityResult></GetCallerIdentityResponse>`
          : '{"__type":"AccessDeniedException","message":"no"}',
      );
    });
  });
  await new Promise<void>((resolve) => aws.listen(0, "127.0.0.1", resolve));
});

afterAll(async () => {
  await new Promise((resolve) => aws.close(resolve));
  await rm(project, { recursive: true, force: true });
});

beforeEach(() => {
  asked = [];
});

async function run(
  text: string,
  args: readonly string[],
): Promise<{ code: number | undefined; said: string }> {
  await writeFile(path.join(project, "environments.jsonc"), text);
  const { exitCode, stderr } = await execa("node", args, {
    cwd: project,
    env: {
      ...awsVariables(`http://127.0.0.1:${(aws.address() as AddressInfo).port}`),
      PATH: process.env["PATH"] ?? "",
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
      CONTAINER_VERSION: "nginx:alpine",
    },
    extendEnv: false,
    reject: false,
  });
  return { code: exitCode, said: stderr };
}

const synth = ["dist/stacks.js"];
const update = ["dist/deploy.js", "update", "nginx"];

test("every mistake of the file is told by the stacks and by ./deploy alike, with exit 2, before AWS is called", async () => {
  const [, edits, said] = cases.find(([title]) => title === "several things are wrong at once") ?? [
    "",
    [],
    [],
  ];
  const lines = said.map((line) => `environments.jsonc:${line}`);
  const stacks = await run(edited(edits), synth);
  expect(stacks).toEqual({ code: 2, said: lines.join("\n") });
  const deploy = await run(edited(edits), update);
  expect(deploy.code).toBe(2);
  expect(deploy.said).toContain(
    [`environments.jsonc has ${said.length} mistakes:`, ...lines.map((line) => `  ${line}`)].join("\n"),
  );
  expect(asked).toEqual([]);
});

test("./deploy refuses credentials of another account than the environment's, with exit 4, and asks nothing else", async () => {
  const { code, said } = await run(inAccount("999999999999"), update);
  expect(code).toBe(4);
  expect(said).toContain(
    `Environment test is in account 999999999999, and the credentials are of account ${account} (arn:aws:iam::${account}:user/ana).`,
  );
  expect(asked).toEqual(["GetCallerIdentity"]);
});

test("./deploy goes on with credentials of the environment's account", async () => {
  const { code } = await run(inAccount(account), update);
  expect(code).toBe(5);
  expect(asked[0]).toBe("GetCallerIdentity");
  expect(asked.length).toBeGreaterThan(1);
});

function inAccount(id: string): string {
  const network = { cidr: "10.0.0.0/16", zones: 2 };
  const environment = { region: "us-east-1", account: id, network, cluster: { ec2: null } };
  return JSON.stringify({ environments: { test: environment } });
}
