import type { Check } from "../check.ts";
import type { RolloutSubject } from "../capacity/rollout.ts";
import { serviceChanges } from "../deployment/service-changes.ts";
import { checkAlarms } from "./check-alarms.ts";
import { checkCluster } from "./check-cluster.ts";
import { checkFargateSize } from "./check-fargate.ts";
import { checkImages, ecrImage } from "./check-images.ts";
import { checkLogs } from "./check-logs.ts";
import { checkNetwork } from "./check-network.ts";
import { checkPaths } from "./check-path.ts";
import { checkRoles } from "./check-roles.ts";
import { checkSecrets, secretReferences } from "./check-secrets.ts";
import { checkTargetGroups } from "./check-target-groups.ts";
import { skipped, type Facts } from "./facts.ts";

/** Everything that can be known of one service before its rollout, but for the room on its hosts. */
export async function verifyService(
  subject: RolloutSubject,
  region: string,
  facts: Facts,
): Promise<readonly Check[]> {
  const asked = await Promise.all([
    checkCluster(subject, facts),
    checkImages(subject, facts),
    checkRoles(subject, region, facts),
    checkSecrets(subject, region, facts, { withAccess: true }),
    checkLogs(subject, region, facts),
    checkNetwork(subject, facts),
    checkTargetGroups(subject, facts),
    checkPaths(subject, facts),
    checkAlarms(subject, facts),
  ]);
  return [...checkFargateSize(subject), ...asked.flat(), ...environmentFiles(subject)];
}

/** Secrets are asked for one by one; where that takes more calls than this, only `verify` does it. */
const mostSecretCalls = 3;

/**
 * The part of it that a run does itself before its first write: images in ECR, secrets where they are few, and the
 * target groups of a service that is created or gets others.
 */
export async function verifyCheaply(
  subject: RolloutSubject,
  region: string,
  facts: Facts,
): Promise<readonly Check[]> {
  const { service, running } = subject;
  const newTargets =
    running?.status !== "ACTIVE" ||
    serviceChanges({ service: subject.serviceName, ...service }, running).some(
      ({ member }) => member === "loadBalancers",
    );
  const references = secretReferences(subject, region);
  const calls =
    references.filter(({ kind }) => kind === "secret").length +
    (references.some(({ kind }) => kind === "parameter") ? 1 : 0);
  const checks = await Promise.all([
    checkImages(onlyEcr(subject), facts),
    calls <= mostSecretCalls ? checkSecrets(subject, region, facts, { withAccess: false }) : [],
    newTargets ? checkTargetGroups(subject, facts) : [],
  ]);
  return checks.flat();
}

/** The subject without images of other registries: a run need not say each time that it does not look there. */
function onlyEcr(subject: RolloutSubject): RolloutSubject {
  const { taskDefinition } = subject;
  const containerDefinitions = (taskDefinition.containerDefinitions ?? []).filter(
    ({ image = "" }) => ecrImage(image) !== undefined,
  );
  return { ...subject, taskDefinition: { ...taskDefinition, containerDefinitions } };
}

function environmentFiles({ taskDefinition }: RolloutSubject): readonly Check[] {
  const files = (taskDefinition.containerDefinitions ?? []).flatMap(({ environmentFiles: listed = [] }) =>
    listed.flatMap(({ value }) => value ?? []),
  );
  return [...new Set(files)].map((file) =>
    skipped(`environment file ${file}`, "objects in S3 are not looked at."),
  );
}
