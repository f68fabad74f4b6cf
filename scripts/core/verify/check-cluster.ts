import type { Check } from "../check.ts";
import { isFargateProvider, serviceToBe, type RolloutSubject } from "../capacity/rollout.ts";
import { failed, ok, skipped, type Facts } from "./facts.ts";

/** Whether the cluster is active and has the capacity providers that the service names. */
export async function checkCluster(subject: RolloutSubject, facts: Facts): Promise<readonly Check[]> {
  const name = `cluster ${subject.cluster}`;
  const answer = await facts.cluster(subject.cluster);
  switch (answer.kind) {
    case "unread":
      return [skipped(name, answer.why)];
    case "missing":
      return [
        failed(
          name,
          "there is no such cluster in this region.",
          "Deploy the stack that makes it, or name another: --cluster, --env, --region.",
        ),
      ];
    case "found": {
      const { status = "unknown", capacityProviders = [] } = answer.value;
      if (status !== "ACTIVE") {
        return [failed(name, `it is ${status}.`, "Make it anew, or name another with --cluster.")];
      }
      const wanted = (serviceToBe(subject).capacityProviderStrategy ?? []).flatMap(
        ({ capacityProvider }) => capacityProvider ?? [],
      );
      const checks = await Promise.all(
        wanted.map((provider) => checkProvider(provider, capacityProviders, subject.cluster, facts)),
      );
      return [ok(name, "it is ACTIVE."), ...checks];
    }
  }
}

async function checkProvider(
  provider: string,
  ofCluster: readonly string[],
  cluster: string,
  facts: Facts,
): Promise<Check> {
  const name = `capacity provider ${provider}`;
  if (!ofCluster.includes(provider)) {
    return failed(
      name,
      `cluster ${cluster} does not have it; it has ${ofCluster.join(", ") || "none"}.`,
      "Add it with aws ecs put-cluster-capacity-providers (the stack does), or name another.",
    );
  }
  if (isFargateProvider(provider)) return ok(name, "the cluster has it.");
  const answer = await facts.capacityProvider(provider);
  switch (answer.kind) {
    case "unread":
      return skipped(name, answer.why);
    case "missing":
      return failed(name, "it does not exist.", "Deploy the stack that makes it, or name another.");
    case "found":
      return answer.value.status === "ACTIVE"
        ? ok(name, "it is ACTIVE.")
        : failed(
            name,
            `it is ${answer.value.status ?? "in an unknown state"}.`,
            "Make it anew, or name another.",
          );
  }
}
