/**
 * Whether the images are there, for the platform that the tasks run on.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/registries.html
 */
import type { Check } from "../check.ts";
import { parseImageReference } from "../image-reference.ts";
import type { EcrImage } from "../ports/ecr.ts";
import type { RolloutSubject } from "../capacity/rollout.ts";
import { failed, ok, skipped, type Facts } from "./facts.ts";
import { platformsWanted } from "./platforms.ts";

/** One check for each image of a task definition. */
export async function checkImages(subject: RolloutSubject, facts: Facts): Promise<readonly Check[]> {
  const images = (subject.taskDefinition.containerDefinitions ?? []).flatMap(({ image }) => image ?? []);
  return Promise.all([...new Set(images)].map((image) => checkImage(image, subject, facts)));
}

async function checkImage(reference: string, subject: RolloutSubject, facts: Facts): Promise<Check> {
  const name = `image ${reference}`;
  const image = ecrImage(reference);
  if (image === undefined) {
    return skipped(name, "its registry is not ECR, which is the only one that is asked.");
  }
  const answer = await facts.image(image);
  switch (answer.kind) {
    case "unread":
      return /RepositoryNotFoundException/.test(answer.why)
        ? failed(
            name,
            `there is no repository ${image.repository} in account ${image.registryId}, ${image.region}.`,
            "Push the image first, or correct CONTAINER_VERSION: account, region and path of the repository.",
          )
        : skipped(name, answer.why);
    case "missing":
      return failed(
        name,
        `repository ${image.repository} (account ${image.registryId}, ${image.region}) has no image with ${image.digest === undefined ? `tag ${image.tag ?? "latest"}` : `digest ${image.digest}`}.`,
        "Push it, or name one that is there (aws ecr list-images); a lifecycle policy may have removed it.",
      );
    case "found":
      return checkPlatform(name, answer.value.platforms, await platformsWanted(subject, facts));
  }
}

function checkPlatform(
  name: string,
  offered: readonly string[] | undefined,
  wanted: readonly string[] | undefined,
): Check {
  if (offered === undefined || offered.length === 0) {
    return ok(name, "it is in ECR; its platform could not be read.");
  }
  const has = offered.join(", ");
  if (wanted === undefined) return ok(name, `it is in ECR for ${has}; the hosts' platform is not known.`);
  const lacking = wanted.filter((platform) => !offered.includes(platform));
  if (lacking.length === 0) return ok(name, `it is in ECR for ${has}.`);
  return failed(
    name,
    `it is for ${has}, and the tasks run on ${lacking.join(", ")}.`,
    `Build it for ${lacking.join(" and ")} (docker buildx build --platform ${lacking.join(",")}), or set runtimePlatform.cpuArchitecture to what it is for.`,
  );
}

const ecrHost =
  /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws|api\.aws)$/;

/** The image's place in ECR; undefined where it is in another registry. */
export function ecrImage(reference: string): EcrImage | undefined {
  const parsed = parseImageReference(reference);
  if (!parsed.ok) return undefined;
  const { registry = "", repository, tag, digest } = parsed.image;
  const [, registryId, region] = ecrHost.exec(registry) ?? [];
  if (registryId === undefined || region === undefined) return undefined;
  return {
    registryId,
    region,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}
