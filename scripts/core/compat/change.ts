import { parseImageReference, type ImageReference } from "../image-reference.ts";
import type { DefinitionChange } from "./command.ts";
import { compatExitCode } from "./exit-codes.ts";
import { textOf } from "./read-values.ts";
import type { CompatValues } from "./tokenize.ts";
import { CompatUsageError } from "./usage-error.ts";

const defaultTag = "latest";

/**
 * The image, or the tag, that the command line asks for.
 *
 * The tag is the image's own; without one, that of `--tag-env-var`; else `latest`. A digest stands unless the variable
 * has a tag for it.
 *
 * @throws CompatUsageError for what is no image or no tag
 */
export function readChange(
  values: CompatValues,
  variables: Readonly<Record<string, string | undefined>>,
  warnings: string[],
): DefinitionChange {
  const file = textOf(values, "task-definition-file");
  return {
    to: readTarget(values, variables, warnings),
    ...(file === undefined ? {} : { file }),
    newest: values["use-latest-task-def"] === true,
    copyTags: values["copy-task-definition-tags"] === true,
  };
}

function readTarget(
  values: CompatValues,
  variables: Readonly<Record<string, string | undefined>>,
  warnings: string[],
): DefinitionChange["to"] {
  const tag = textOf(values, "tag-only");
  const names = textOf(values, "tag_only_container_names");
  if (tag !== undefined) {
    if (!isTag(tag)) throw badTag("--tag-only", tag);
    const containers = names?.split(",").map((name) => name.trim());
    return { kind: "tag", tag, ...(containers === undefined ? {} : { containers }) };
  }
  if (names !== undefined) {
    warnings.push("Not used, as in ecs-deploy: --tag_only_container_names. It goes with --tag-only.");
  }
  const written = values.image;
  const parsed = parseImageReference(typeof written === "string" ? written : "");
  if (!parsed.ok) throw new CompatUsageError(compatExitCode.badImage, `--image: ${parsed.message}`);
  return { kind: "image", image: withTag(parsed.image, values, variables, warnings) };
}

function withTag(
  image: ImageReference,
  values: CompatValues,
  variables: Readonly<Record<string, string | undefined>>,
  warnings: string[],
): ImageReference {
  const name = textOf(values, "tag-env-var");
  if (name === undefined) {
    return image.tag === undefined && image.digest === undefined ? { ...image, tag: defaultTag } : image;
  }
  if (image.tag !== undefined) {
    warnings.push(`Not used, as in ecs-deploy: --tag-env-var ${name}. The image has the tag ${image.tag}.`);
    return image;
  }
  const tag = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (tag === undefined) {
    const message = `--tag-env-var: there is no environment variable ${JSON.stringify(name)}. Set it to the image's tag.`;
    throw new CompatUsageError(compatExitCode.usage, message);
  }
  if (tag === "") {
    if (image.digest !== undefined) return image;
    warnings.push(`Environment variable ${name} is empty, so the tag is ${defaultTag}, as in ecs-deploy.`);
    return { ...image, tag: defaultTag };
  }
  if (!isTag(tag)) throw badTag(`--tag-env-var: environment variable ${name} =`, tag);
  const { digest: _, ...rest } = image;
  return { ...rest, tag };
}

function isTag(text: string): boolean {
  const parsed = parseImageReference(`image:${text}`);
  return parsed.ok && parsed.image.tag === text && parsed.image.digest === undefined;
}

function badTag(where: string, tag: string): CompatUsageError {
  const shown = JSON.stringify(tag.length > 100 ? `${tag.slice(0, 100)}…` : tag);
  return new CompatUsageError(
    compatExitCode.badImage,
    `${where} ${shown} is not a tag. Allowed: 1 to 128 letters, digits, _, . and -, the first none of . and -.`,
  );
}
