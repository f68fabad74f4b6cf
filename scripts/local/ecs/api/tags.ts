import type {
  ListTagsForResourceCommandInput,
  Tag,
  TagResourceCommandInput,
  UntagResourceCommandInput,
} from "@aws-sdk/client-ecs";

import { findTaskSet } from "../task-sets.ts";
import type { Call } from "./call.ts";
import { AwsError, invalidParameter } from "./errors.ts";
import { checkTags } from "./tag-rules.ts";

/** Adds tags to a resource; a tag of the same key is replaced. */
export function tagResource(call: Call, input: TagResourceCommandInput): Record<string, never> {
  const arn = taggable(call, input.resourceArn ?? "");
  const given = input.tags ?? [];
  const kept = (call.state.ecs.tags[arn] ?? []).filter(({ key }) => !given.some((tag) => tag.key === key));
  checkTags(given);
  checkTags([...kept, ...given]);
  call.state.ecs.tags[arn] = [...kept, ...given];
  return {};
}

/** Takes tags off a resource. */
export function untagResource(call: Call, input: UntagResourceCommandInput): Record<string, never> {
  const arn = taggable(call, input.resourceArn ?? "");
  const gone = new Set(input.tagKeys);
  call.state.ecs.tags[arn] = (call.state.ecs.tags[arn] ?? []).filter(({ key }) => !gone.has(key ?? ""));
  return {};
}

/** The tags of a resource. */
export function listTagsForResource(call: Call, input: ListTagsForResourceCommandInput): { tags: Tag[] } {
  const arn = taggable(call, input.resourceArn ?? "");
  return { tags: call.state.ecs.tags[arn] ?? [] };
}

/**
 * The ARN itself, when it is that of something that can have tags.
 *
 * @throws AwsError InvalidParameterException, ClusterNotFoundException or ResourceNotFoundException
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TagResource.html
 */
function taggable({ state }: Call, arn: string): string {
  const [, kind = "", path = ""] = /^arn:aws[a-z-]*:ecs:[a-z0-9-]+:\d{12}:([a-z-]+)\/(.+)$/.exec(arn) ?? [];
  if (kind === "") throw invalidParameter("Invalid resource ARN. Specify a valid ARN and try again.");
  const status = statusOf(state.ecs, kind, path, arn);
  if (status === undefined) {
    if (kind === "cluster") throw new AwsError("ClusterNotFoundException", "Cluster not found.");
    throw new AwsError("ResourceNotFoundException", "The specified resource could not be found.");
  }
  if (status === "INACTIVE" && kind !== "task-definition") {
    throw invalidParameter(`The specified ${kind} is inactive. Specify an active ${kind} and try again.`);
  }
  return arn;
}

/** A resource's status; undefined when there is no such thing. */
function statusOf(ecs: Call["state"]["ecs"], kind: string, path: string, arn: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  switch (kind) {
    case "cluster":
      return ecs.clusters[path]?.status;
    case "service":
      return ecs.services[arn]?.status;
    case "task":
      return ecs.tasks[arn]?.lastStatus;
    case "task-definition":
      return ecs.taskDefinitions[path]?.status;
    case "container-instance":
      return ecs.hosts[name]?.status;
    case "capacity-provider":
      return ecs.capacityProviders[path]?.status;
    case "task-set":
      return Object.values(ecs.services)
        .map((service) => findTaskSet(service, arn)?.status)
        .find((status) => status !== undefined);
    default:
      return undefined;
  }
}
