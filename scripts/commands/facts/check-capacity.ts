import type { Check } from "../../core/check.ts";
import { forecastCheck } from "../../core/capacity/forecast-check.ts";
import { isFargateProvider, serviceToBe, type RolloutSubject } from "../../core/capacity/rollout.ts";
import { AwsCallError } from "../../core/errors.ts";
import type { Facts } from "../../core/verify/facts.ts";
import { capacityReader } from "./capacity-reader.ts";
import { forecastCluster, leftOut, type HostedSubject } from "./cluster-capacity.ts";
import type { RunContext } from "../run-context.ts";

type Context = Pick<RunContext, "connect" | "ecs">;
type HostFacts = Pick<Facts, "hosts" | "cluster">;

/**
 * The capacity forecast of all services of a run: those of one cluster together, since they share its hosts. A service
 * on Fargate needs no call.
 *
 * @returns in the order of the subjects
 */
export async function checkCapacity(
  subjects: readonly RolloutSubject[],
  context: Context,
  facts: HostFacts,
): Promise<readonly Check[]> {
  const clusters = [...new Set(subjects.map(({ cluster }) => cluster))];
  const checks = new Map<RolloutSubject, Check>();
  await Promise.all(
    clusters.map(async (cluster) => {
      const ofCluster = subjects.filter((subject) => subject.cluster === cluster);
      for (const [subject, check] of await checkCluster(cluster, ofCluster, context, facts))
        checks.set(subject, check);
    }),
  );
  return subjects.flatMap((subject) => checks.get(subject) ?? []);
}

async function checkCluster(
  cluster: string,
  subjects: readonly RolloutSubject[],
  context: Context,
  facts: HostFacts,
): Promise<ReadonlyMap<RolloutSubject, Check>> {
  const name = `room on the hosts of cluster ${cluster}`;
  const checks = new Map<RolloutSubject, Check>();
  try {
    const hosted: (HostedSubject & { readonly subject: RolloutSubject })[] = [];
    for (const subject of subjects) {
      const where = await whereItRuns(subject, facts);
      if ("items" in where) hosted.push({ ...subject, items: where.items, subject });
      else checks.set(subject, { name, ...where });
    }
    if (hosted.length === 0) return checks;
    const forecasts = await forecastCluster(hosted, capacityReader(cluster, context, facts));
    for (const [index, { subject }] of hosted.entries()) {
      const forecast = forecasts[index];
      if (forecast) checks.set(subject, forecastCheck(forecast, cluster, leftOut(subject)));
    }
  } catch (error) {
    if (!(error instanceof AwsCallError)) throw error;
    for (const subject of subjects) {
      if (!checks.has(subject)) checks.set(subject, { name, status: "skipped", reason: error.message });
    }
  }
  return checks;
}

/** The strategy of a service that needs hosts, empty for launch type EC2; or why it needs no look at them. */
async function whereItRuns(
  subject: RolloutSubject,
  facts: HostFacts,
): Promise<Pick<HostedSubject, "items"> | Pick<Check, "status" | "reason">> {
  const service = serviceToBe(subject);
  const controller = service.deploymentController?.type ?? "ECS";
  const strategy = service.capacityProviderStrategy ?? [];
  if (controller !== "ECS") {
    return {
      status: "skipped",
      reason: `with deployment controller ${controller} ECS does not roll it out itself.`,
    };
  }
  if ((service.desiredCount ?? 1) === 0 && service.schedulingStrategy !== "DAEMON") {
    return { status: "ok", reason: "its desired count is 0." };
  }
  if (service.launchType === "EXTERNAL") {
    return { status: "skipped", reason: "hosts outside of AWS (launch type EXTERNAL) are not looked at." };
  }
  const items = await (strategy.length === 0 && service.launchType === undefined
    ? defaultStrategy(subject.cluster, facts)
    : strategy);
  const onFargate =
    service.launchType === "FARGATE" ||
    (items.length > 0 && items.every(({ capacityProvider = "" }) => isFargateProvider(capacityProvider)));
  return onFargate ? { status: "ok", reason: "Fargate needs no hosts." } : { items };
}

async function defaultStrategy(cluster: string, facts: HostFacts): Promise<HostedSubject["items"]> {
  const answer = await facts.cluster(cluster);
  if (answer.kind === "unread") throw new AwsCallError("Unread", answer.why);
  return answer.kind === "found" ? (answer.value.defaultCapacityProviderStrategy ?? []) : [];
}
