import type { Facts } from "./facts.ts";

/** Whether a role may do something, as far as IAM's simulation tells. */
export type MayDo =
  | { readonly kind: "yes" }
  | { readonly kind: "no"; readonly why: string }
  | { readonly kind: "unknown"; readonly why: string };

/** Asks IAM to simulate one action of a role on one resource. */
export async function mayDo(facts: Facts, roleArn: string, action: string, resource: string): Promise<MayDo> {
  if (!roleArn.startsWith("arn:")) return { kind: "unknown", why: "the role is not named by its ARN." };
  const answer = await facts.simulate(roleArn, [action], [resource]);
  switch (answer.kind) {
    case "unread":
      return { kind: "unknown", why: `whether ${action} is allowed could not be asked (${answer.why})` };
    case "missing":
      return { kind: "unknown", why: "the role does not exist." };
    case "found": {
      const [decision] = answer.value;
      if (decision === undefined) return { kind: "unknown", why: `IAM said nothing of ${action}.` };
      if (decision.decision === "allowed") return { kind: "yes" };
      if (decision.decision === "implicitDeny" && decision.missingContextKeys.length > 0) {
        return { kind: "unknown", why: `its policies hang on ${decision.missingContextKeys.join(", ")}.` };
      }
      const how = decision.decision === "explicitDeny" ? "a policy denies" : "no policy allows";
      return { kind: "no", why: `${how} ${action} on ${resource}.` };
    }
  }
}
