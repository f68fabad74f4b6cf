/**
 * Tags of resources, looked up only for callers whose policies speak of them.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
 */
import type { State } from "../world/state.ts";
import type { Policies } from "./evaluate.ts";
import { askJson, type MotoAddress } from "./moto-calls.ts";
import type { Context } from "./pattern.ts";

const mention = /resourcetag\//i;

/** Whether any policy looks at the tags of resources, in a condition or in a variable. */
export function mentionsResourceTags({ identity, boundary, session, resource }: Policies): boolean {
  return [identity, boundary, session, resource].some((layer) =>
    layer?.some(({ statements }) =>
      statements.some(
        (statement) =>
          statement.conditions.some(
            ({ key, values }) => mention.test(key) || values.some((value) => mention.test(value)),
          ) ||
          (statement.resource?.patterns.some((pattern) => mention.test(pattern)) ?? false),
      ),
    ),
  );
}

/** `aws:ResourceTag/…` of a resource, and its service's own key for the same. */
export async function resourceTagContext(state: State, moto: MotoAddress, arn: string): Promise<Context> {
  const [, , service = ""] = arn.split(":");
  const tags = service === "ecs" ? ecsTags(state, arn) : await motoTags(moto, arn);
  return Object.fromEntries(
    tags.flatMap(([key, value]) => [
      [`aws:ResourceTag/${key}`, value],
      [`${service}:ResourceTag/${key}`, value],
    ]),
  );
}

type TagPairs = readonly (readonly [key: string, value: string])[];

function ecsTags({ ecs }: State, arn: string): TagPairs {
  return (ecs.tags[arn] ?? []).map(({ key = "", value = "" }) => [key, value]);
}

async function motoTags(moto: MotoAddress, arn: string): Promise<TagPairs> {
  for (let token = ""; ;) {
    const page = await askJson(
      moto,
      "tagging",
      "GetResources",
      token === "" ? {} : { PaginationToken: token },
    );
    const list = (page?.["ResourceTagMappingList"] ?? []) as {
      ResourceARN: string;
      Tags: { Key: string; Value: string }[];
    }[];
    const found = list.find(({ ResourceARN }) => ResourceARN === arn);
    if (found) return found.Tags.map(({ Key, Value }) => [Key, Value]);
    token = typeof page?.["PaginationToken"] === "string" ? page["PaginationToken"] : "";
    if (token === "") return [];
  }
}
