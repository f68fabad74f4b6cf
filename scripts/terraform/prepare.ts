import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { findMirror, readProviderRelease } from "./mirror.ts";
import type { MirrorSearch, ProviderMirror } from "./mirror.ts";

/** What Terraform has to be told before it runs. */
export interface TerraformPreparation {
  /** Environment variables for Terraform and cdktf, beside those of AWS. */
  readonly variables: Readonly<Record<string, string>>;
  /** The folder that stands in for the registry, if one was found. */
  readonly mirror?: string;
}

/** What to prepare for; `home`, `platform` and `parents` are for tests. */
export interface PrepareOptions extends Pick<MirrorSearch, "home" | "platform" | "parents"> {
  /** The project's folder; files are written below its `.local/terraform/` and nowhere else. */
  readonly root: string;
  /** The variables that the children would inherit. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

type UserConfiguration =
  | { readonly kind: "none" | "missing" }
  | { readonly kind: "present"; readonly installs: boolean; readonly caches: boolean };

/**
 * Makes Terraform ready to run: finds a provider mirror, writes a CLI configuration of our own where one is needed,
 * and gives the variables to run `cdktf` and Terraform with. Where Terraform does right by itself, it is left alone;
 * the user's own configuration is read and never written.
 *
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
 */
export async function prepareTerraform(options: PrepareOptions): Promise<TerraformPreparation> {
  const { root, environment } = options;
  const folder = path.join(root, ".local/terraform");
  const ownFile = path.join(folder, "cli.tfrc");
  const user = await readUserConfiguration(options, ownFile);
  const installsItself = user.kind === "present" && user.installs;
  const mirror = installsItself
    ? undefined
    : await findMirror({ ...options, release: await readProviderRelease(root) });

  const variables: Record<string, string> = { ...quietVariables(root) };
  const usesOwnMirror = mirror !== undefined && !(mirror.implied && user.kind !== "missing");
  if (usesOwnMirror || user.kind === "missing") {
    await writeWhole(ownFile, usesOwnMirror ? mirrorConfiguration(mirror) : emptyConfiguration);
    variables.TF_CLI_CONFIG_FILE = ownFile;
  }
  if (usesOwnMirror && environment.TF_PLUGIN_CACHE_DIR) {
    // Terraform refuses to copy a mirror onto itself, and a cache has nothing to add to one.
    variables.TF_PLUGIN_CACHE_DIR = "";
  }
  const caches = Boolean(environment.TF_PLUGIN_CACHE_DIR) || (user.kind === "present" && user.caches);
  if (mirror === undefined && !installsItself && !caches) {
    Object.assign(variables, await cacheVariables(path.join(folder, "plugin-cache")));
  }
  return mirror === undefined ? { variables } : { variables, mirror: mirror.directory };
}

/** Keeps Terraform and cdktf from calling home, looking for updates, and writing to the user's folder. */
function quietVariables(root: string): Record<string, string> {
  return {
    CHECKPOINT_DISABLE: "1",
    DISABLE_VERSION_CHECK: "1",
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
    CDKTF_HOME: path.join(root, ".local/cdktf"),
  };
}

/** The provider has hundreds of megabytes: one download for all stacks instead of one for each. */
async function cacheVariables(directory: string): Promise<Record<string, string>> {
  await mkdir(directory, { recursive: true });
  return { TF_PLUGIN_CACHE_DIR: directory, TF_PLUGIN_CACHE_MAY_BREAK_DEPENDENCY_LOCK_FILE: "1" };
}

async function readUserConfiguration(options: PrepareOptions, ownFile: string): Promise<UserConfiguration> {
  const { environment, home = os.homedir() } = options;
  const named = environment.TF_CLI_CONFIG_FILE ?? environment.TERRAFORM_CONFIG;
  const files = named ? [named] : [".terraformrc", ".tofurc"].map((name) => path.join(home, name));
  const file = files.find((candidate) => existsSync(candidate));
  if (named && path.resolve(named) === ownFile) {
    // Left by an earlier run: made anew, since the mirror may have moved.
    return { kind: file === undefined ? "missing" : "none" };
  }
  if (file === undefined) {
    return { kind: named ? "missing" : "none" };
  }
  const text = await readFile(file, "utf8");
  return {
    kind: "present",
    installs: /^\s*provider_installation\b/m.test(text),
    caches: /^\s*plugin_cache_dir\b/m.test(text),
  };
}

const emptyConfiguration =
  "# Stands in for the file that TF_CLI_CONFIG_FILE names and that does not exist.\n";

function mirrorConfiguration({ directory, address }: ProviderMirror): string {
  return `# Written anew by every run.
provider_installation {
  filesystem_mirror {
    path    = ${quote(directory)}
    include = [${quote(address)}]
  }
  direct {
    exclude = [${quote(address)}]
  }
}
`;
}

function quote(text: string): string {
  return JSON.stringify(text).replaceAll("${", "$${").replaceAll("%{", "%%{");
}

/** Another run may read the file at this moment, so it appears whole or not at all. */
async function writeWhole(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text);
  await rename(draft, file);
}
