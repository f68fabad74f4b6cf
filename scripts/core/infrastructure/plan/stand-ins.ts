import type { PlannedOutputs } from "./plan-json.ts";

/** A stack's configuration as Terraform reads it. */
export type Configuration = Readonly<Record<string, unknown>>;

/** Addresses of what stands in for values that only AWS will know; they are no part of the stack. */
export const standInPrefix = "terraform_data.slipway_unknown_";

/**
 * The configuration with each reference to another stack's output replaced by what that output will be once the other
 * stack is applied: its value, or something that Terraform knows only after applying. So a stack can be planned whose
 * neighbours are not applied yet, and what a neighbour's replacement does to it shows up before the neighbour is touched.
 *
 * @param outputs what the stack of that id will give, or nothing where it is not known here
 */
export function withPlannedOutputs(
  configuration: Configuration,
  outputs: (remoteState: string) => PlannedOutputs | undefined,
): Configuration {
  const locals: Record<string, unknown> = {};
  const unknowns: Record<string, object> = {};
  const names = new Map<string, string>();

  const standIn = (whole: string, remoteState: string, output: string): string => {
    const earlier = names.get(whole);
    if (earlier !== undefined) return earlier;
    const planned = outputs(remoteState)?.get(output);
    if (planned === undefined) return whole;
    const number = names.size;
    if (planned.known) locals[`slipway_planned_${number}`] = escaped(planned.value);
    // The type of its output is that of its input; what nobody has seen yet is an id, an ARN or a name.
    else unknowns[`slipway_unknown_${number}`] = { input: escaped(planned.before ?? "not there yet") };
    const name = planned.known
      ? `local.slipway_planned_${number}`
      : `terraform_data.slipway_unknown_${number}.output`;
    names.set(whole, name);
    return name;
  };
  const replaced = mapStrings(configuration, (text) =>
    text.replaceAll(remoteOutput, standIn),
  ) as Configuration;
  const resources = section(replaced, "resource");
  const terraformData = { ...section(resources, "terraform_data"), ...unknowns };
  const merged = {
    ...replaced,
    resource:
      Object.keys(terraformData).length === 0 ? resources : { ...resources, terraform_data: terraformData },
  };
  return withoutEmpty({
    ...merged,
    locals: { ...section(replaced, "locals"), ...locals },
    data: withoutUnused(section(replaced, "data"), JSON.stringify(merged)),
  });
}

/** Terraform takes no section without a block. */
function withoutEmpty(configuration: Configuration): Configuration {
  const sections = ["locals", "data", "resource"];
  return Object.fromEntries(
    Object.entries(configuration).filter(
      ([name]) => !sections.includes(name) || Object.keys(section(configuration, name)).length > 0,
    ),
  );
}

/** As cdktf writes a reference to another stack. */
const remoteOutput = /data\.terraform_remote_state\.([\w-]+)\.outputs\.([\w-]+)/g;

/** Reading a state that nothing asks for any more would fail where it is not there yet. */
function withoutUnused(data: Configuration, rest: string): Configuration {
  const states = Object.entries(section(data, "terraform_remote_state")).filter(([id]) =>
    rest.includes(`data.terraform_remote_state.${id}.`),
  );
  const { terraform_remote_state: _all, ...others } = data;
  return states.length === 0 ? others : { ...others, terraform_remote_state: Object.fromEntries(states) };
}

/** A value is written as it is, not read as a template of Terraform's. */
function escaped(value: unknown): unknown {
  return mapStrings(value, (text) => text.replaceAll(/[$%](?=\{)/g, (mark) => `${mark}${mark}`));
}

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((item) => mapStrings(item, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapStrings(item, change)]));
}

function section(configuration: Configuration, name: string): Configuration {
  const found = configuration[name];
  return typeof found === "object" && found !== null ? (found as Configuration) : {};
}
