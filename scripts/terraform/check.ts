import { execa } from "execa";

/** Either Terraform (or OpenTofu) can be used, or what stands in the way and how to get it. */
export type TerraformCheck =
  | { readonly ok: true; readonly binary: string; readonly version: string }
  | { readonly ok: false; readonly message: string };

const LOWEST = { major: 1, minor: 9 };

const HOW_TO_GET_IT =
  "Install it from https://developer.hashicorp.com/terraform/install, or use OpenTofu " +
  "(https://opentofu.org/docs/intro/install) with TERRAFORM_BINARY_NAME=tofu.";

/**
 * Checks that Terraform 1.9 or newer is there: the program that `TERRAFORM_BINARY_NAME` names, as cdktf does.
 *
 * @param environment the variables to run it with; those of `prepareTerraform` among them keep it from warning
 */
export async function checkTerraform(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<TerraformCheck> {
  const binary = environment.TERRAFORM_BINARY_NAME || "terraform";
  const wanted = `Terraform ${LOWEST.major}.${LOWEST.minor} or newer is needed`;
  const result = await execa(binary, ["version", "-json"], {
    env: { ...environment },
    extendEnv: false,
    reject: false,
    timeout: 30_000,
  });
  if (result.failed) {
    const problem =
      result.code === "ENOENT" ? "was not found on the PATH" : `could not be run: ${result.shortMessage}`;
    return { ok: false, message: `${wanted}, but "${binary}" ${problem}. ${HOW_TO_GET_IT}` };
  }
  const version = parseVersion(result.stdout);
  if (version === undefined) {
    return { ok: false, message: `${wanted}, but "${binary}" did not tell its version. ${HOW_TO_GET_IT}` };
  }
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > LOWEST.major || (major === LOWEST.major && minor >= LOWEST.minor)
    ? { ok: true, binary, version }
    : { ok: false, message: `${wanted}, but "${binary}" is version ${version}. ${HOW_TO_GET_IT}` };
}

function parseVersion(output: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(output);
    const version =
      typeof parsed === "object" && parsed !== null && "terraform_version" in parsed
        ? parsed.terraform_version
        : "";
    return typeof version === "string" && /^\d+\.\d+\./.test(version) ? version : undefined;
  } catch {
    return undefined;
  }
}
