import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

/** The provider that the stacks are made for: its address, as in `<registry>/hashicorp/aws`, and its version. */
export interface ProviderRelease {
  readonly address: string;
  readonly version: string;
}

/** A folder that Terraform can take the provider from instead of the registry. */
export interface ProviderMirror {
  readonly directory: string;
  /** The provider's address in this mirror. */
  readonly address: string;
  /** Terraform looks there by itself, with no configuration. */
  readonly implied: boolean;
}

/** Where to look for a mirror; everything is a parameter so that tests stay off the machine. */
export interface MirrorSearch {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly root: string;
  readonly release: ProviderRelease;
  /** @default the user's */
  readonly home?: string;
  /** @default process.platform */
  readonly platform?: NodeJS.Platform;
  /** Folders whose own folders may be mirrors. @default ["/opt"] */
  readonly parents?: readonly string[];
}

/** Reads which provider release the installed `@cdktf/provider-aws` is generated from. */
export async function readProviderRelease(root: string): Promise<ProviderRelease> {
  const file = path.join(root, "node_modules/@cdktf/provider-aws/package.json");
  // The package's own shape, the same in every release.
  const { cdktf } = JSON.parse(await readFile(file, "utf8")) as {
    cdktf: { provider: { name: string; version: string } };
  };
  return { address: cdktf.provider.name, version: cdktf.provider.version };
}

/**
 * Finds a filesystem mirror that holds the release for this machine: in `$TF_PLUGIN_MIRROR_DIR`,
 * `$TF_PLUGIN_CACHE_DIR`, the folders that Terraform looks in by itself, then one level under `/opt`.
 *
 * @see https://developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories
 */
export async function findMirror(search: MirrorSearch): Promise<ProviderMirror | undefined> {
  const { environment, root, parents = ["/opt"] } = search;
  const named = [environment.TF_PLUGIN_MIRROR_DIR, environment.TF_PLUGIN_CACHE_DIR];
  const below = await Promise.all(parents.map(foldersIn));
  const candidates = [
    ...[...named, path.join(root, "terraform.d/plugins")].map((directory) => ({ directory, implied: false })),
    ...impliedDirectories(search).map((directory) => ({ directory, implied: true })),
    ...below.flat().map((directory) => ({ directory, implied: false })),
  ];
  for (const { directory, implied } of candidates) {
    const address = directory ? await addressIn(directory, search) : undefined;
    if (directory && address !== undefined) {
      return { directory: path.resolve(directory), address, implied };
    }
  }
  return undefined;
}

function impliedDirectories({
  environment,
  home = os.homedir(),
  platform = process.platform,
}: MirrorSearch): string[] {
  if (platform === "darwin") {
    return [
      path.join(home, ".terraform.d/plugins"),
      path.join(home, "Library/Application Support/io.terraform/plugins"),
      "/Library/Application Support/io.terraform/plugins",
    ];
  }
  const data = environment.XDG_DATA_HOME ?? path.join(home, ".local/share");
  const shared = (environment.XDG_DATA_DIRS ?? "/usr/local/share:/usr/share").split(":").filter(Boolean);
  return [
    path.join(home, ".terraform.d/plugins"),
    ...[data, ...shared].map((directory) => path.join(directory, "terraform/plugins")),
  ];
}

/** The provider's address in a mirror, if the mirror has the release for this machine, packed or not. */
async function addressIn(directory: string, search: MirrorSearch): Promise<string | undefined> {
  const { address, version } = search.release;
  const [host = "", ...rest] = address.split("/");
  const platform = platformName(search.platform ?? process.platform);
  const type = rest.at(-1) ?? "";
  // OpenTofu asks a registry of its own for the same provider, so its mirrors have another first folder.
  const isTofu = path.basename(search.environment.TERRAFORM_BINARY_NAME ?? "") === "tofu";
  const hosts = isTofu ? (await foldersIn(directory)).map((folder) => path.basename(folder)) : [host];
  return hosts
    .map((name) => [name, ...rest].join("/"))
    .find((candidate) => {
      const base = path.join(directory, candidate);
      return (
        existsSync(path.join(base, version, platform)) ||
        existsSync(path.join(base, `terraform-provider-${type}_${version}_${platform}.zip`))
      );
    });
}

/** Go's names for this machine, as in `linux_amd64`. */
function platformName(platform: NodeJS.Platform): string {
  const system = platform === "win32" ? "windows" : platform;
  const processor = process.arch === "x64" ? "amd64" : process.arch;
  return `${system}_${processor}`;
}

async function foldersIn(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory);
    return entries.toSorted().map((entry) => path.join(directory, entry));
  } catch {
    // A folder that is missing, or that may not be read, holds no mirror for us.
    return [];
  }
}
