/**
 * Tags of resources, looked up only for callers whose policies speak of them.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html
 */
import type { State } from "../world/state.ts";
import type { Policies } from "./evaluate.ts";
import { askJson, askText, type MotoAddress } from "./moto-calls.ts";
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
  const tags = await tagsOf(service, state, moto, arn);
  return Object.fromEntries(
    tags.flatMap(([key, value]) => [
      [`aws:ResourceTag/${key}`, value],
      [`${service}:ResourceTag/${key}`, value],
    ]),
  );
}

function tagsOf(service: string, state: State, moto: MotoAddress, arn: string): TagPairs | Promise<TagPairs> {
  if (service === "ecs") return ecsTags(state, arn);
  return service === "elasticloadbalancing" ? balancerTags(moto, arn) : motoTags(moto, arn);
}

type TagPairs = readonly (readonly [key: string, value: string])[];

function ecsTags({ ecs }: State, arn: string): TagPairs {
  return (ecs.tags[arn] ?? []).map(({ key = "", value = "" }) => [key, value]);
}

/** Of rules and listeners too, which moto's tagging API leaves out. */
async function balancerTags(moto: MotoAddress, arn: string): Promise<TagPairs> {
  const form = { Action: "DescribeTags", Version: "2015-12-01", "ResourceArns.member.1": arn };
  const answer = (await askText(moto, "elasticloadbalancing", "/", form)) ?? "";
  const pairs = answer.matchAll(
    /<Value>([^<]*)<\/Value>\s*<Key>([^<]*)<|<Key>([^<]*)<\/Key>\s*<Value>([^<]*)</g,
  );
  return [...pairs].map(([, value, key, otherKey, otherValue]) => [
    plainText(key ?? otherKey ?? ""),
    plainText(value ?? otherValue ?? ""),
  ]);
}

const entities: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
};

function plainText(xml: string): string {
  return xml.replaceAll(/&(?:amp|lt|gt|quot|apos);/g, (entity) => entities[entity] ?? entity);
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
