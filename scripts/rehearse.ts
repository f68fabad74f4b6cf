// The main job with no AWS account: `npm run rehearse`. It types the commands that a person would type, and exits 0
// only if all of them worked.
import { createWriteStream } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { parseArgs } from "node:util";

import { $, chalk, ProcessOutput, type ProcessPromise } from "zx";

import { projectRoot } from "./project-root.ts";
import { showTerraformProgress } from "./rehearsal/progress.ts";
import { checkTerraform } from "./terraform/check.ts";
import { prepareTerraform } from "./terraform/prepare.ts";

const usage = `Usage: npm run rehearse [-- --keep]

  --keep   leave the local AWS running with everything in it
`;

const before = "nginx:alpine";
const after = "nginx:1.27";

await main();

async function main(): Promise<void> {
  let keep: boolean;
  try {
    const { values } = parseArgs({
      options: { keep: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
    if (values.help === true) {
      process.stdout.write(usage);
      return;
    }
    keep = values.keep ?? false;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
    process.exitCode = 2;
    return;
  }
  try {
    await rehearse(keep);
  } catch (error) {
    process.stderr.write(`\n${chalk.red("The rehearsal failed:")} ${reason(error)}\n`);
    process.exitCode = 1;
  }
}

/** A child has said on standard error what is wrong; zx adds where it was called from. */
function reason(error: unknown): string {
  if (error instanceof ProcessOutput) return error.stderr.trimEnd();
  return error instanceof Error ? error.message : String(error);
}

async function rehearse(keep: boolean): Promise<void> {
  $.cwd = projectRoot();
  $.quiet = true;
  const startedAt = performance.now();
  const { variables: terraformVariables } = await prepareTerraform({
    root: projectRoot(),
    environment: process.env,
  });
  const found = await checkTerraform({ ...process.env, ...terraformVariables });
  if (!found.ok) throw new Error(found.message);

  const port = await freePort();
  await stage("Starting the local AWS", () => $`./local start --port ${port}`);
  try {
    const variables = await localVariables(port);
    const answers = await play(variables, port);
    if (!keep) await takeDown(variables);
    say(`\nBefore the update:  ${chalk.bold(answers.before)} answered on ${answers.url}`);
    say(`After the update:   ${chalk.bold(answers.after)} answered on ${answers.url}`);
    if (answers.before !== before || answers.after !== after) {
      throw new Error(`${before} and then ${after} should have answered.`);
    }
  } finally {
    if (!keep) await $`./local stop --port ${port}`;
  }
  say(chalk.green(`\nThe rehearsal worked, in ${Math.round((performance.now() - startedAt) / 1000)} s.`));
  if (keep) {
    say(`It is still running. To use it:  eval "$(./local env --port ${port})"`);
    say(`To stop it:                      ./local stop --port ${port}`);
  }
}

interface Answers {
  readonly url: string;
  readonly before: string;
  readonly after: string;
}

async function play(variables: NodeJS.ProcessEnv, port: number): Promise<Answers> {
  await stage("Deploying the stacks with the real Terraform, a minute or two", () =>
    cdktf("deploy", variables),
  );
  const deploy = (verb: string, image: string): Promise<void> =>
    stage(`CONTAINER_VERSION=${image} ./deploy ${verb} nginx`, () =>
      shown($({ env: { ...variables, CONTAINER_VERSION: image } })`./deploy ${verb} nginx`),
    );
  await deploy("create", before);
  const url = await listenerUrl(port);
  const answeredBefore = await answer(url);
  await deploy("update", after);
  return { url, before: answeredBefore, after: await answer(url) };
}

/** Services belong to deployments, not to Terraform, which can't destroy a cluster that has one. */
async function takeDown(variables: NodeJS.ProcessEnv): Promise<void> {
  await stage("./deploy delete nginx", () =>
    shown($({ env: variables })`./deploy delete nginx --confirm nginx`),
  );
  await stage("Destroying the stacks", () => cdktf("destroy", variables));
}

async function cdktf(verb: "deploy" | "destroy", variables: NodeJS.ProcessEnv): Promise<void> {
  const log = path.join(variables["SLIPWAY_STATE_DIR"] ?? "", `cdktf-${verb}.log`);
  // cdktf's own dependencies warn of listeners, which is nobody's business here.
  const env = { ...variables, NODE_NO_WARNINGS: "1" };
  await terraform($({ env })`npx cdktf ${verb} --auto-approve --skip-provider-lock ${"*"}`, log);
}

/** Runs one stage with its title in front and its time behind. */
async function stage(title: string, work: () => PromiseLike<unknown>): Promise<void> {
  const startedAt = performance.now();
  say(`${chalk.cyan("==>")} ${title}`);
  await work();
  say(chalk.dim(`    ${((performance.now() - startedAt) / 1000).toFixed(1)} s`));
}

/** Terraform's output goes to a log; what it has done is shown, and its errors when it fails. */
async function terraform(child: ProcessPromise, log: string): Promise<void> {
  child.stdout.pipe(createWriteStream(log));
  await showTerraformProgress(child.stdout);
  const { exitCode, stderr, stdout } = await child.nothrow();
  if (exitCode === 0) return;
  const end = `${stdout}${stderr}`.split("\n").slice(-failedLines).join("\n");
  throw new Error(`cdktf ended with ${exitCode}. The end of ${log}:\n${end}`);
}

const failedLines = 40;

/** What the child prints is shown as it comes, indented. */
async function shown(child: ProcessPromise): Promise<void> {
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (data: Buffer) => process.stdout.write(data.toString().replaceAll(/^(?=.)/gm, "    ")));
  }
  const { exitCode } = await child.nothrow();
  if (exitCode !== 0) throw new Error(`./deploy ended with exit code ${exitCode}.`);
}

/** What `eval "$(./local env)"` would set in a shell. */
async function localVariables(port: number): Promise<NodeJS.ProcessEnv> {
  const { stdout: exports } = await $`./local env --port ${port}`;
  const { stdout } = await $`sh -c ${`${exports}\nexec node -p 'JSON.stringify(process.env)'`}`;
  return JSON.parse(stdout) as NodeJS.ProcessEnv;
}

async function listenerUrl(port: number): Promise<string> {
  const { stdout } = await $`./local status --port ${port} --output json`;
  const { listeners } = JSON.parse(stdout) as { listeners: { loadBalancer: string; url: string }[] };
  const url = listeners.find(({ loadBalancer }) => loadBalancer.includes("external"))?.url;
  if (url === undefined) throw new Error("The external load balancer has no listener.");
  return url;
}

/** The version that answers: a task of the local AWS says its image in the first line. */
async function answer(url: string): Promise<string> {
  const response = await fetch(url);
  const text = await response.text();
  return response.ok ? (text.split("\n")[0] ?? "") : `HTTP ${response.status}`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
