import type {
  ListTagsForResourceCommandInput,
  Setting,
  Tag,
  TagResourceCommandInput,
  UntagResourceCommandInput,
  ListAccountSettingsCommandInput,
  PutAccountSettingCommandInput,
} from "@aws-sdk/client-ecs";

import type { Call } from "./call.ts";

/** Adds tags to a resource; a tag of the same key is replaced. */
export function tagResource({ state }: Call, input: TagResourceCommandInput): Record<string, never> {
  const arn = input.resourceArn ?? "";
  const given = input.tags ?? [];
  const kept = (state.ecs.tags[arn] ?? []).filter(({ key }) => !given.some((tag) => tag.key === key));
  state.ecs.tags[arn] = [...kept, ...given];
  return {};
}

/** Takes tags off a resource. */
export function untagResource({ state }: Call, input: UntagResourceCommandInput): Record<string, never> {
  const arn = input.resourceArn ?? "";
  const gone = new Set(input.tagKeys);
  state.ecs.tags[arn] = (state.ecs.tags[arn] ?? []).filter(({ key }) => !gone.has(key ?? ""));
  return {};
}

/** The tags of a resource. */
export function listTagsForResource(
  { state }: Call,
  input: ListTagsForResourceCommandInput,
): { tags: Tag[] } {
  return { tags: state.ecs.tags[input.resourceArn ?? ""] ?? [] };
}

const principal = (call: Call) => `arn:aws:iam::${call.state.account}:root`;

/** Sets an account setting, for the caller or as the default: there is one principal here. */
export function putAccountSetting(call: Call, input: PutAccountSettingCommandInput): { setting: Setting } {
  const { name, value } = input;
  if (name !== undefined && value !== undefined) call.state.ecs.accountSettings[name] = value;
  return { setting: { name, value, principalArn: principal(call) } };
}

/** The account settings that were set. */
export function listAccountSettings(
  call: Call,
  input: ListAccountSettingsCommandInput,
): { settings: Setting[] } {
  const settings = Object.entries(call.state.ecs.accountSettings)
    .filter(([name]) => input.name === undefined || input.name === name)
    .map(([name, value]) => ({ name: name as Setting["name"], value, principalArn: principal(call) }));
  return { settings };
}
