/**
 * Names the resources of a call: the ARNs that it carries, or those that its names make by the formats of the service
 * authorization reference.
 */
import { resourceTypesOf, type Action, type ResourceType } from "./action-data.ts";
import type { AskingCall } from "./asked.ts";
import { ec2Resources } from "./ec2.ts";
import { namesFor } from "./names.ts";
import { allTexts, textIn } from "./parameters.ts";

/** Both APIs of Elastic Load Balancing have these, and the reference keeps what the older one says of them. */
const olderLoadBalancing = new Set([
  "AddTags",
  "RemoveTags",
  "DeleteLoadBalancer",
  "ModifyLoadBalancerAttributes",
]);

/**
 * The ARNs that a call is authorized on; `*` when its action takes no resource, or when the call names none.
 *
 * A part that a call does not name stands as `*`, as in the id of something that is yet to be made.
 */
export async function resourcesOf(action: Action, call: AskingCall): Promise<string[]> {
  const types =
    call.service === "elasticloadbalancing" && olderLoadBalancing.has(call.operation)
      ? await resourceTypesOf(call.service)
      : action.resourceTypes;
  if (call.service === "elasticloadbalancing" && call.operation === "CreateLoadBalancer") {
    return [newLoadBalancer(call)];
  }
  if (call.service === "ec2") return ec2Resources(types, call);
  const carried = arnsOf(types, call);
  const named = types.flatMap((type) => byName(type, call));
  const found = carried.length > 0 ? carried : named.length > 0 ? named : everyRequired(types, call);
  if (call.service === "logs") return found.map(logResource);
  return found.length > 0 ? [...new Set(found)] : ["*"];
}

function newLoadBalancer({ region, account, parameters }: AskingCall): string {
  const kinds: Readonly<Record<string, string>> = { network: "net", gateway: "gwy" };
  const kind = kinds[textIn(parameters, "Type") ?? ""] ?? "app";
  const name = textIn(parameters, "Name") ?? "*";
  return `arn:aws:elasticloadbalancing:${region}:${account}:loadbalancer/${kind}/${name}/*`;
}

/** Log groups are authorized in the form that their streams have. */
function logResource(arn: string): string {
  const trimmed = arn.replace(/:\*$/, "");
  return trimmed.includes(":log-stream:") || !trimmed.includes(":log-group:")
    ? trimmed
    : `${trimmed}:log-stream:`;
}

function arnsOf(types: readonly ResourceType[], { parameters }: AskingCall): string[] {
  const formats = types.map(({ arnFormat }) => expressionOf(arnFormat));
  const texts = allTexts(parameters).filter((text) => text.startsWith("arn:"));
  return texts.filter((text) => formats.some((format) => format.test(text)));
}

const placeholder = /\$\{(\w+)\}/g;

/** Whether a text is an ARN of a format: the last part may hold anything, the others end where the format says so. */
function expressionOf(format: string): RegExp {
  let from = 0;
  let source = "";
  for (const found of format.matchAll(placeholder)) {
    const next = format[found.index + found[0].length];
    source += escape(format.slice(from, found.index));
    source += next === undefined ? ".+" : `[^${next === "/" ? "/" : ":"}]*`;
    from = found.index + found[0].length;
  }
  return new RegExp(`^${source}${escape(format.slice(from))}$`);
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^$()[\]{}|\\]/g, String.raw`\$&`);
}

/** A call that could name things and names none is about all of them, as DescribeAlarms without names. */
function everyRequired(types: readonly ResourceType[], { region, account }: AskingCall): string[] {
  const [first, ...others] = types.filter(({ required }) => required);
  if (!first || others.length > 0) return [];
  const filled = first.arnFormat
    .replace("${Partition}", "aws")
    .replace("${Region}", region)
    .replace("${Account}", account);
  return [filled.replaceAll(placeholder, "*")];
}

function byName({ arnFormat }: ResourceType, call: AskingCall): string[] {
  const fixed: Readonly<Record<string, string>> = {
    Partition: "aws",
    Region: call.region,
    Account: call.account,
  };
  let arns = [""];
  let from = 0;
  let any = false;
  for (const found of arnFormat.matchAll(placeholder)) {
    const name = found[1] ?? "";
    const values = fixed[name] === undefined ? namesFor(call.service, name, call.parameters) : [];
    any ||= values.length > 0;
    const choices = fixed[name] === undefined ? (values.length > 0 ? values : ["*"]) : [fixed[name]];
    const text = arnFormat.slice(from, found.index);
    arns = arns.flatMap((arn) => choices.map((choice) => `${arn}${text}${choice}`));
    from = found.index + found[0].length;
  }
  return any ? arns.map((arn) => arn + arnFormat.slice(from)) : [];
}
