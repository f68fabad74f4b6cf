/**
 * What has to hold between the accounts that environments are in, and between them and where the state is.
 */
import type { Finding } from "./checks.ts";
import { asObject, below, within, type Raw } from "./parts.ts";
import { s3State } from "./schema-state.ts";
import { environmentSchema } from "./schema.ts";
import { nearestName } from "../aws-model/nearest.ts";
import { regions } from "./regions.generated.ts";

/** Checks that a Region is one that AWS has; a name that cannot be one is refused by its shape. */
export function checkRegion(region: string): Finding[] {
  if (regions.includes(region)) return [];
  const nearest = nearestName(region, regions);
  const hint = nearest === undefined ? "" : ` Did you mean "${nearest}"?`;
  const message =
    `"${region}" is no Region that the installed AWS SDK knows.${hint} ` +
    "One that is newer is known after an update of @aws-sdk/client-route-53 and npm run generate.";
  return [{ path: [], message }];
}

/** The account of an environment as the file tells it: named, or that of the role that Terraform assumes. */
export function accountOf(raw: Raw): string | undefined {
  const { account, terraform } = environmentSchema.shape;
  const named = account.safeParse(raw.account).data;
  const role = terraform.safeParse(raw.terraform).data?.assumeRole;
  return named ?? role?.split(":")[4];
}

/** Checks one environment's account and the way into it. */
export function checkAccess(raw: Raw): Finding[] {
  const named = environmentSchema.shape.account.safeParse(raw.account).data;
  return within(["terraform"], environmentSchema.shape.terraform.unwrap(), raw.terraform, (access) => {
    const findings: Finding[] = [];
    const ofRole = access.assumeRole?.split(":")[4];
    if (named !== undefined && ofRole !== undefined && ofRole !== named) {
      const message = `The role is in account ${ofRole}, and the environment in ${named}. Name a role of that account.`;
      findings.push({ path: ["assumeRole"], message });
    }
    if (access.externalId !== undefined && access.assumeRole === undefined) {
      const message = "An external id goes with a role. Name the role in assumeRole, or remove externalId.";
      findings.push({ path: ["externalId"], message, place: "key" });
    }
    if (access.profile !== undefined && access.assumeRole === undefined && raw.account === undefined) {
      const message =
        'A profile can lead to any account. Name the environment\'s own in "account", so that a wrong one is refused.';
      findings.push({ path: ["profile"], message });
    }
    return findings;
  });
}

/** Checks that every environment names its account where one does: else names could collide in one account unseen. */
export function checkAccounts(environments: Raw): Finding[] {
  const all = Object.entries(environments).map(([name, raw]) => ({ name, raw: asObject(raw) }));
  const naming = all.find(({ raw }) => accountOf(raw) !== undefined);
  if (naming === undefined) return [];
  return all.flatMap(({ name, raw }): Finding[] => {
    if (raw.account !== undefined || accountOf(raw) !== undefined) return [];
    const message =
      `Environment "${naming.name}" names its account (${String(accountOf(naming.raw))}) and this one does not. ` +
      'Give this one its "account" too.';
    return [{ path: [name], message, place: "key" }];
  });
}

/** Checks where the state is to be, against the accounts of the environments. Paths begin at the file's root. */
export function checkState(state: unknown, environments: Raw): Finding[] {
  return within(["state"], s3State, state, ({ bucket, region, kmsKeyArn }) => {
    const keyRegion = kmsKeyArn?.split(":")[3];
    const findings = below(["region"], checkRegion(region));
    if (keyRegion !== undefined && keyRegion !== region) {
      const message = `The key is in ${keyRegion} and the bucket in ${region}; S3 takes a key of its own Region alone. Name one there.`;
      findings.push({ path: ["kmsKeyArn"], message });
    }
    const accounts = Object.values(environments).map((raw) => accountOf(asObject(raw)));
    const known = new Set(accounts.filter((account) => account !== undefined));
    if (bucket === undefined && accounts.includes(undefined)) {
      const message =
        `The bucket's name is missing. Name it in "bucket", or give each environment its "account", for ` +
        `slipway-state-<account>-${region}. aws sts get-caller-identity shows the account.`;
      findings.push({ path: [], message });
    }
    if (bucket !== undefined && known.size > 1) {
      const message =
        `The environments are in ${known.size} accounts (${[...known].join(", ")}), and each keeps its own state. ` +
        "Remove bucket: npm run bootstrap makes slipway-state-<account>-<region> in each.";
      findings.push({ path: ["bucket"], message, place: "key" });
    }
    if (kmsKeyArn !== undefined && known.size > 1) {
      const message = `A key is in one account, and the environments are in ${known.size}. Remove kmsKeyArn.`;
      findings.push({ path: ["kmsKeyArn"], message, place: "key" });
    }
    return findings;
  });
}
