import {
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  type Tag,
} from "@aws-sdk/client-ecs";
import { expect } from "@jest/globals";

import { contractCase, refusal, type ContractCase } from "../suite/contract-case.ts";
import type { Context } from "../suite/context.ts";
import { ecsApi } from "../suite/sources.ts";

const tag = (key: string, value: string): Tag => ({ key, value });

async function serviceWith(
  context: Context,
  tags: Tag[],
): Promise<{ arn: string; read: () => Promise<Tag[]> }> {
  const service = await context.create({ cluster: await context.ownCluster(), tags });
  const arn = service.serviceArn ?? "";
  const read = async () =>
    (await context.ecs.send(new ListTagsForResourceCommand({ resourceArn: arn }))).tags ?? [];
  return { arn, read };
}

const sorted = (tags: readonly Tag[]) =>
  tags.map(({ key, value }) => `${key ?? ""}=${value ?? ""}`).toSorted();

/** TagResource with these tags on a service is refused. */
function refused(id: string, title: string, tags: Tag[]): ContractCase {
  return refusal({
    id: `tags.${id}`,
    title,
    source: ecsApi("Tag"),
    type: "InvalidParameterException",
    call: async (context) => {
      const { arn } = await serviceWith(context, []);
      return context.ecs.send(new TagResourceCommand({ resourceArn: arn, tags }));
    },
  });
}

export const tagCases: readonly ContractCase[] = [
  contractCase({
    id: "tags.of-creation",
    title: "The tags of a service's creation are its tags",
    source: ecsApi("CreateService"),
    run: async (context) => {
      const { read } = await serviceWith(context, [tag("team", "web")]);
      expect(await read()).toEqual([tag("team", "web")]);
    },
  }),
  contractCase({
    id: "tags.replace",
    title: "TagResource replaces the value of a key that is there and keeps the rest",
    source: ecsApi("TagResource"),
    run: async (context) => {
      const { arn, read } = await serviceWith(context, [tag("team", "web"), tag("cost", "1")]);
      await context.ecs.send(new TagResourceCommand({ resourceArn: arn, tags: [tag("team", "shop")] }));
      expect(sorted(await read())).toEqual(["cost=1", "team=shop"]);
    },
  }),
  contractCase({
    id: "tags.untag",
    title: "UntagResource takes keys away and does not mind one that is not there",
    source: ecsApi("UntagResource"),
    run: async (context) => {
      const { arn, read } = await serviceWith(context, [tag("team", "web"), tag("cost", "1")]);
      await context.ecs.send(new UntagResourceCommand({ resourceArn: arn, tagKeys: ["team", "none"] }));
      expect(sorted(await read())).toEqual(["cost=1"]);
    },
  }),
  contractCase({
    id: "tags.described",
    title: "DescribeServices tells tags only where they are included",
    source: ecsApi("DescribeServices"),
    run: async (context) => {
      const service = await context.create({
        cluster: await context.ownCluster(),
        tags: [tag("team", "web")],
      });
      expect((await context.describe(service)).tags ?? []).toEqual([]);
      expect((await context.describe(service, ["TAGS"])).tags).toEqual([tag("team", "web")]);
    },
  }),
  contractCase({
    id: "tags.empty-value",
    title: "A tag may have an empty value",
    source: ecsApi("Tag"),
    run: async (context) => {
      const { read } = await serviceWith(context, [tag("flag", "")]);
      expect(sorted(await read())).toEqual(["flag="]);
    },
  }),
  refused(
    "too-many",
    "A resource has 50 tags at most",
    Array.from({ length: 51 }, (_, index) => tag(`k${index}`, "")),
  ),
  refused("key-length", "A tag's key has 128 characters at most", [tag("k".repeat(129), "")]),
  refused("value-length", "A tag's value has 256 characters at most", [tag("k", "v".repeat(257))]),
  refused("reserved", "A tag's key does not begin with aws:", [tag("aws:mine", "1")]),
  refusal({
    id: "tags.no-arn",
    title: "TagResource wants an ARN",
    source: ecsApi("TagResource"),
    type: "InvalidParameterException",
    call: (context) =>
      context.ecs.send(new TagResourceCommand({ resourceArn: "web", tags: [tag("k", "v")] })),
  }),
];
