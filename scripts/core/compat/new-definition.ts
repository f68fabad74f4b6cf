import type {
  ContainerDefinition,
  RegisterTaskDefinitionRequest,
  Tag,
  TaskDefinition,
} from "@aws-sdk/client-ecs";

import { readOnlyFields } from "../aws-model/model.ts";
import { nearestName } from "../aws-model/nearest.ts";
import type { RegisteredRevision } from "../deployment/task-definition.ts";
import { InvalidInputError } from "../errors.ts";
import { formatImageReference, parseImageReference, type ImageReference } from "../image-reference.ts";
import type { DefinitionChange } from "./command.ts";

/** The definition to register, and what somebody should know of how it came about. */
export interface NewDefinition {
  readonly definition: RegisterTaskDefinitionRequest;
  readonly warnings: readonly string[];
}

/**
 * A new revision's definition: all of its base but the images that the command line names. Only what
 * RegisterTaskDefinition does not take is left out.
 *
 * @param base the revision that runs, or the newest one
 * @param file what `--task-definition-file` holds, in place of the base's definition
 * @throws InvalidInputError when the image, or a container, is none of the definition's
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
 */
export function newDefinition(
  base: RegisteredRevision,
  change: DefinitionChange,
  file?: RegisterTaskDefinitionRequest,
): NewDefinition {
  const source = file ?? registrable(base.taskDefinition);
  const { containers, warnings } = newContainers(source.containerDefinitions ?? [], change.to);
  const { tags: ownTags, ...rest } = source;
  const tags = change.copyTags ? withCopied(ownTags ?? [], base.tags) : (ownTags ?? []);
  return {
    definition: { ...rest, containerDefinitions: containers, ...(tags.length === 0 ? {} : { tags }) },
    warnings,
  };
}

/** What AWS tells of a revision without the members that RegisterTaskDefinition does not take. */
function registrable(definition: TaskDefinition): RegisterTaskDefinitionRequest {
  const readOnly = new Set(readOnlyFields("TaskDefinition"));
  const members = Object.entries(definition).filter(
    ([name, value]) => !readOnly.has(name) && value !== undefined,
  );
  // A registered revision has a family and containers, and what is left is what RegisterTaskDefinition takes.
  return Object.fromEntries(members) as unknown as RegisterTaskDefinitionRequest;
}

/** Tags of AWS's own can't be set, and the trail's are made anew for each revision. */
function withCopied(own: readonly Tag[], copied: readonly Tag[]): Tag[] {
  const keys = new Set(own.map(({ key }) => key));
  const fit = copied.filter(({ key = "" }) => !/^(aws|slipway):/i.test(key) && !keys.has(key));
  return [...own, ...fit];
}

interface NewContainers {
  readonly containers: ContainerDefinition[];
  readonly warnings: readonly string[];
}

function newContainers(
  containers: readonly ContainerDefinition[],
  to: DefinitionChange["to"],
): NewContainers {
  return to.kind === "image" ? withImage(containers, to.image) : withTag(containers, to.tag, to.containers);
}

/** Every container whose image is of the same repository gets the image; the only container gets it anyway. */
function withImage(containers: readonly ContainerDefinition[], image: ImageReference): NewContainers {
  const text = formatImageReference(image);
  const wanted = repositoryOf(image);
  const matching = containers.filter((container) => repositoryOfText(container.image) === wanted);
  const [only, ...others] = containers;
  if (matching.length > 0) {
    const next = containers.map((one) => (matching.includes(one) ? { ...one, image: text } : one));
    return { containers: next, warnings: [] };
  }
  if (only === undefined || others.length > 0) {
    throw new InvalidInputError(
      `--image ${text}: no container of the task definition has an image of this name, so nothing would change. ` +
        `It has ${listOf(containers)}. Name one of these images; to bring another image to a container, use ./deploy update with templates.`,
    );
  }
  const warning = `The only container, ${only.name ?? "?"}, ran ${only.image ?? "no image"} and gets ${text}, an image of another name.`;
  return { containers: [{ ...only, image: text }], warnings: [warning] };
}

/** The tag of every image, or of those of some containers; a digest gives way to it. */
function withTag(
  containers: readonly ContainerDefinition[],
  tag: string,
  names: readonly string[] | undefined,
): NewContainers {
  const known = containers.map(({ name = "" }) => name);
  const unknown = names?.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    const near = nearestName(unknown, known);
    throw new InvalidInputError(
      `--tag_only_container_names: the task definition has no container ${JSON.stringify(unknown)}.${near === undefined ? "" : ` Did you mean ${near}?`} It has ${listOf(containers)}.`,
    );
  }
  const next = containers.map((container): ContainerDefinition => {
    if (names?.includes(container.name ?? "") === false || container.image === undefined) return container;
    const parsed = parseImageReference(container.image);
    if (!parsed.ok) {
      throw new InvalidInputError(`--tag-only: container ${container.name ?? "?"}: ${parsed.message}`);
    }
    const { digest: _, ...image } = parsed.image;
    return { ...container, image: formatImageReference({ ...image, tag }) };
  });
  return { containers: next, warnings: [] };
}

/** Registry and repository, with what Docker adds where they are left out, so that `nginx` is `docker.io/library/nginx`. */
function repositoryOf({ registry, repository }: ImageReference): string {
  const hub = registry === undefined || registry === "docker.io" || registry === "index.docker.io";
  if (!hub) return `${registry.toLowerCase()}/${repository}`;
  return `docker.io/${repository.includes("/") ? repository : `library/${repository}`}`;
}

function repositoryOfText(image: string | undefined): string | undefined {
  const parsed = parseImageReference(image ?? "");
  return parsed.ok ? repositoryOf(parsed.image) : undefined;
}

function listOf(containers: readonly ContainerDefinition[]): string {
  if (containers.length === 0) return "no container";
  return containers.map(({ name = "?", image = "no image" }) => `${name} (${image})`).join(", ");
}
