import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { prepareTerraform } from "../../scripts/terraform/prepare.ts";
import type { TerraformPreparation } from "../../scripts/terraform/prepare.ts";

const address = "registry.terraform.io/hashicorp/aws";
const version = "5.100.0";
const machine = `linux_${process.arch === "x64" ? "amd64" : process.arch}`;

describe("preparing Terraform", () => {
  let base: string;
  let root: string;
  let home: string;

  beforeEach(async () => {
    base = await mkdtemp(path.join(os.tmpdir(), "slipway-terraform-"));
    root = path.join(base, "project");
    home = path.join(base, "home");
    await mkdir(home, { recursive: true });
    const provider = path.join(root, "node_modules/@cdktf/provider-aws");
    await mkdir(provider, { recursive: true });
    const manifest = { cdktf: { provider: { name: address, version } } };
    await writeFile(path.join(provider, "package.json"), JSON.stringify(manifest));
  });

  afterEach(() => rm(base, { recursive: true, force: true }));

  function prepare(environment: Record<string, string> = {}): Promise<TerraformPreparation> {
    const shared = { XDG_DATA_DIRS: path.join(base, "share"), ...environment };
    return prepareTerraform({
      root,
      environment: shared,
      home,
      platform: "linux",
      parents: [path.join(base, "opt")],
    });
  }

  async function mirrorAt(
    folder: string,
    release = path.join(version, machine),
    host = address,
  ): Promise<string> {
    const directory = path.join(base, folder);
    await mkdir(path.join(directory, host, release), { recursive: true });
    return directory;
  }

  function ownConfiguration(): Promise<string> {
    return readFile(path.join(root, ".local/terraform/cli.tfrc"), "utf8");
  }

  test("a mirror is used through a configuration in the project, which bars the registry for this provider", async () => {
    const mirror = await mirrorAt("mirror");
    const prepared = await prepare({ TF_PLUGIN_MIRROR_DIR: mirror });
    expect(prepared.mirror).toBe(mirror);
    expect(prepared.variables["TF_CLI_CONFIG_FILE"]).toBe(path.join(root, ".local/terraform/cli.tfrc"));
    const text = await ownConfiguration();
    expect(text).toContain(`path    = "${mirror}"`);
    expect(text).toContain(`exclude = ["${address}"]`);
  });

  test("the variable that names a mirror goes before the cache, the implied folders and /opt", async () => {
    const named = await mirrorAt("named");
    const cache = await mirrorAt("cache");
    const implied = await mirrorAt("home/.terraform.d/plugins");
    const optional = await mirrorAt("opt/tools");
    const search = { TF_PLUGIN_MIRROR_DIR: named, TF_PLUGIN_CACHE_DIR: cache };
    expect((await prepare(search)).mirror).toBe(named);
    expect((await prepare({ TF_PLUGIN_CACHE_DIR: cache })).mirror).toBe(cache);
    expect((await prepare()).mirror).toBe(implied);
    await rm(implied, { recursive: true });
    expect((await prepare()).mirror).toBe(optional);
  });

  test("a mirror without this release is passed over", async () => {
    const other = await mirrorAt("other", path.join("6.0.0", machine));
    const elsewhere = await mirrorAt("elsewhere", path.join(version, "plan9_mips"));
    const prepared = await prepare({ TF_PLUGIN_MIRROR_DIR: other, TF_PLUGIN_CACHE_DIR: elsewhere });
    expect(prepared.mirror).toBeUndefined();
  });

  test("a mirror of packed releases is one, too", async () => {
    const mirror = await mirrorAt("packed", "");
    await writeFile(path.join(mirror, address, `terraform-provider-aws_${version}_${machine}.zip`), "");
    expect((await prepare({ TF_PLUGIN_MIRROR_DIR: mirror })).mirror).toBe(mirror);
  });

  test("a cache that serves as the mirror is no longer given to Terraform as a cache", async () => {
    const cache = await mirrorAt("cache");
    expect((await prepare({ TF_PLUGIN_CACHE_DIR: cache })).variables["TF_PLUGIN_CACHE_DIR"]).toBe("");
  });

  test("a folder that Terraform looks in by itself needs no configuration", async () => {
    await mirrorAt("home/.terraform.d/plugins");
    const { variables } = await prepare();
    expect(variables["TF_CLI_CONFIG_FILE"]).toBeUndefined();
    expect(variables["TF_PLUGIN_CACHE_DIR"]).toBeUndefined();
  });

  test("without a mirror Terraform's own installation stays, with one download for all stacks", async () => {
    const { variables } = await prepare();
    expect(variables["TF_CLI_CONFIG_FILE"]).toBeUndefined();
    expect(variables["TF_PLUGIN_CACHE_DIR"]).toBe(path.join(root, ".local/terraform/plugin-cache"));
    expect(existsSync(path.join(root, ".local/terraform/plugin-cache"))).toBe(true);
  });

  test("a configuration that is named and missing is stood in for, so that Terraform does not warn", async () => {
    const { variables } = await prepare({ TF_CLI_CONFIG_FILE: path.join(home, "missing.tfrc") });
    expect(variables["TF_CLI_CONFIG_FILE"]).toBe(path.join(root, ".local/terraform/cli.tfrc"));
    expect(await ownConfiguration()).not.toContain("provider_installation");
  });

  test("a user's configuration that installs providers is left in charge, even beside a mirror", async () => {
    await mirrorAt("opt/tools");
    await writeFile(path.join(home, ".terraformrc"), "provider_installation {\n  direct {}\n}\n");
    const prepared = await prepare();
    expect(prepared.mirror).toBeUndefined();
    expect(prepared.variables["TF_CLI_CONFIG_FILE"]).toBeUndefined();
    expect(prepared.variables["TF_PLUGIN_CACHE_DIR"]).toBeUndefined();
  });

  test("the configuration of an earlier run is made anew when the mirror has moved", async () => {
    const first = await mirrorAt("first");
    const { variables } = await prepare({ TF_PLUGIN_MIRROR_DIR: first });
    const second = await mirrorAt("second");
    await prepare({ ...variables, TF_PLUGIN_MIRROR_DIR: second });
    expect(await ownConfiguration()).toContain(`path    = "${second}"`);
  });

  test("OpenTofu finds the mirror of its own registry", async () => {
    const mirror = await mirrorAt("tofu", path.join(version, machine), "registry.example/hashicorp/aws");
    expect((await prepare({ TF_PLUGIN_MIRROR_DIR: mirror })).mirror).toBeUndefined();
    const prepared = await prepare({ TF_PLUGIN_MIRROR_DIR: mirror, TERRAFORM_BINARY_NAME: "tofu" });
    expect(prepared.mirror).toBe(mirror);
    expect(await ownConfiguration()).toContain('include = ["registry.example/hashicorp/aws"]');
  });

  test("nothing calls home and nothing is written to the user's folder", async () => {
    const { variables } = await prepare();
    expect(variables).toMatchObject({ CHECKPOINT_DISABLE: "1", CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1" });
    expect(variables["CDKTF_HOME"]).toBe(path.join(root, ".local/cdktf"));
  });
});
