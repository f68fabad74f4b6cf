import type {
  ListTagsForResourceCommandInput,
  Tag,
  TagResourceCommandInput,
  UntagResourceCommandInput,
} from "@aws-sdk/client-codedeploy";

import type { Call } from "../../ecs/api/call.ts";
import { refusal } from "./errors.ts";
import { arnOf, findApplication, findGroup } from "./find.ts";

/**
 * An application or a deployment group can have tags; its ARN says which it is. The account in it does not count:
 * Terraform leaves it out where it is told not to ask for it.
 */
function checkArn(call: Call, arn: string): string {
  const [, kind, name] = /^arn:aws:codedeploy:[\w-]*:\d*:(\w+):(.+)$/.exec(arn) ?? [];
  if (kind === undefined || name === undefined) {
    throw refusal("InvalidArn", `The ARN '${arn}' is not in a valid format.`);
  }
  const [application, group] = name.split("/");
  if (kind === "application") findApplication(call, name);
  else if (kind === "deploymentgroup") findGroup(findApplication(call, application), group);
  else
    throw refusal("ArnNotSupported", `The ARN '${arn}' is not one of an application or a deployment group.`);
  return arnOf(call, kind, name);
}

/** Adds tags to a resource; a tag of the same key is replaced. */
export function tagResource(
  call: Call,
  { ResourceArn = "", Tags = [] }: TagResourceCommandInput,
): Record<string, never> {
  const arn = checkArn(call, ResourceArn);
  const { tags } = call.state.codedeploy;
  const kept = (tags[arn] ?? []).filter(({ Key }) => !Tags.some((tag) => tag.Key === Key));
  tags[arn] = [...kept, ...Tags];
  return {};
}

/** Takes tags off a resource. */
export function untagResource(
  call: Call,
  { ResourceArn = "", TagKeys = [] }: UntagResourceCommandInput,
): Record<string, never> {
  const arn = checkArn(call, ResourceArn);
  const { tags } = call.state.codedeploy;
  tags[arn] = (tags[arn] ?? []).filter(({ Key }) => !TagKeys.includes(Key ?? ""));
  return {};
}

/** The tags of a resource. */
export function listTagsForResource(
  call: Call,
  { ResourceArn = "" }: ListTagsForResourceCommandInput,
): { Tags: Tag[] } {
  return { Tags: call.state.codedeploy.tags[checkArn(call, ResourceArn)] ?? [] };
}
