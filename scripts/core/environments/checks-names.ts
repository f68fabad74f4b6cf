/**
 * Names of resources that follow from two names in the file, and that no two pairs of them may share.
 */
import { targetGroupName } from "../staged/names.ts";
import type { Finding } from "./checks.ts";
import { accountOf } from "./checks-account.ts";
import { asObject, type Raw } from "./parts.ts";
import { service as serviceSchema } from "./schema-cluster.ts";

/** Checks that the target groups that Terraform makes have a name each, in all environments of an account and Region. */
export function checkTargetGroupNames(environments: Raw): Finding[] {
  const pairs = Object.entries(environments).flatMap(([environment, raw]) =>
    Object.entries(asObject(asObject(raw).services)).flatMap(([application, written]) => {
      const by = serviceSchema.safeParse(written).data?.blueGreen?.by;
      if (by !== "codeDeploy" && by !== "ecs") return [];
      const name = targetGroupName({ environment, application }, "blue");
      const place = `${String(asObject(raw).region)} ${accountOf(asObject(raw)) ?? ""}`;
      return [{ environment, application, place, name }];
    }),
  );
  return pairs.flatMap(({ environment, application, place, name }, index) => {
    const other = pairs.slice(0, index).find((pair) => pair.name === name && pair.place === place);
    if (other === undefined) return [];
    const message =
      `Its target groups would have the names of those of service "${other.application}" in environment ` +
      `"${other.environment}" (${name}). Name the service or the environment otherwise.`;
    return [{ path: [environment, "services", application], message, place: "key" as const }];
  });
}
