import { isFargateProvider, serviceToBe, type RolloutSubject } from "../capacity/rollout.ts";
import { hostOf } from "../capacity/hosts.ts";
import type { Facts } from "./facts.ts";

const architectures: Readonly<Record<string, string>> = {
  x86_64: "amd64",
  arm64: "arm64",
};

/** Whether a service's tasks run on Fargate alone. */
export function runsOnFargate(subject: RolloutSubject): boolean {
  const { launchType, capacityProviderStrategy = [] } = serviceToBe(subject);
  return (
    launchType === "FARGATE" ||
    (capacityProviderStrategy.length > 0 &&
      capacityProviderStrategy.every(({ capacityProvider = "" }) => isFargateProvider(capacityProvider)))
  );
}

/**
 * The platforms that a task definition's images must be for, as in `linux/amd64`; undefined where only the hosts could
 * tell and they are not known. Fargate runs x86_64 unless told otherwise.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RuntimePlatform.html
 */
export async function platformsWanted(
  subject: RolloutSubject,
  facts: Facts,
): Promise<readonly string[] | undefined> {
  const { cpuArchitecture, operatingSystemFamily = "LINUX" } = subject.taskDefinition.runtimePlatform ?? {};
  const system = operatingSystemFamily.startsWith("WINDOWS") ? "windows" : "linux";
  const named = (architecture: string): string => `${system}/${architectures[architecture] ?? architecture}`;
  if (cpuArchitecture !== undefined) return [named(cpuArchitecture.toLowerCase())];
  if (runsOnFargate(subject)) return [named("x86_64")];
  const answer = await facts.hosts(subject.cluster);
  if (answer.kind !== "found") return undefined;
  const providers = (serviceToBe(subject).capacityProviderStrategy ?? []).map(
    ({ capacityProvider }) => capacityProvider,
  );
  const found = answer.value
    .map(hostOf)
    .filter(
      ({ takesTasks, capacityProvider }) =>
        takesTasks && (providers.length === 0 || providers.includes(capacityProvider)),
    )
    .map(({ attributes }) => attributes.get("ecs.cpu-architecture"))
    .filter((architecture) => architecture !== undefined);
  return found.length === 0 ? undefined : [...new Set(found)].map(named);
}
