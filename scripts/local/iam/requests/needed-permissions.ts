/**
 * From a call of any API to what it needs to be allowed.
 */
import type { ApiRequest } from "../../gateway/request.ts";
import type { Context } from "../pattern.ts";
import { actionOf, type Action } from "./action-data.ts";
import type { Asked, AskingCall, Surroundings } from "./asked.ts";
import { ecsResources } from "./ecs.ts";
import { further } from "./further-permissions.ts";
import { boundaryContext, iamResources } from "./iam.ts";
import { lookedUp } from "./looked-up-resources.ts";
import { parametersOf, tagsIn, textsIn } from "./parameters.ts";
import { recordChanges } from "./record-changes.ts";
import { resourcesOf } from "./resources.ts";
import { restOperation } from "./rest.ts";
import { s3Asks } from "./s3.ts";
import { serviceContext } from "./service-context.ts";

/** Prefixes of actions where they are not the service's signing name. */
const prefixes: Readonly<Record<string, string>> = {
  email: "ses",
  monitoring: "cloudwatch",
  tagging: "tag",
};

/** Operations whose action has another name. */
export const renamed: Readonly<Record<string, string>> = {
  "dynamodb:BatchExecuteStatement": "PartiQLSelect",
  "dynamodb:ExecuteStatement": "PartiQLSelect",
  "lambda:Invoke": "InvokeFunction",
  "lambda:InvokeAsync": "InvokeFunction",
};

/** Calls that anyone who has a key may make. */
const freeForAll = new Set(["sts:GetCallerIdentity"]);

/** Prefix of the actions of the service that a call goes to. */
export function servicePrefix({ service, form }: ApiRequest): string {
  const action = form.get("Action") ?? "";
  const name = service ?? (action.startsWith("AssumeRoleWith") ? "sts" : "s3");
  return prefixes[name] ?? name;
}

/** What a call is called in IAM, and what it names; the operation is `*` where its path is not known here. */
function askingCall(call: ApiRequest, account: string): AskingCall {
  const rest = restOperation(call);
  const operation = call.operation ?? rest?.operation ?? null;
  return {
    service: servicePrefix(call),
    operation: operation ?? "*",
    parameters: {
      ...parametersOf(call),
      ...rest?.parameters,
      ...(rest?.operation === "ChangeResourceRecordSets" && recordChanges(call.body)),
    },
    region: call.region,
    account,
  };
}

/**
 * Everything that a call needs to be allowed, its own action first; nothing for a call that anyone may make.
 *
 * @param caller ARN of the user or session that calls
 */
export async function whatIsAsked(
  call: ApiRequest,
  { account, caller }: { readonly account: string; readonly caller: string },
  surroundings: Surroundings,
): Promise<Asked[]> {
  const asking = askingCall(call, account);
  if (asking.service === "s3") return s3Asks(call);
  const { service, operation } = asking;
  const name = renamed[`${service}:${operation}`] ?? operation;
  if (freeForAll.has(`${service}:${name}`)) return [];
  const action = await actionOf(service, name);
  // An action that IAM does not know can only be allowed by one that means every action.
  if (!action) return [{ action: `${service}:${name}`, resource: "*", context: {} }];
  const context = only(action, {
    ...requestTags(asking),
    ...serviceContext(asking, surroundings),
    ...(service === "iam" && (await boundaryContext(asking, surroundings))),
  });
  const resources = await resourcesFor(action, asking, caller, surroundings);
  const own = resources.map((resource) => ({ action: action.name, resource, context }));
  const more = await further(asking, own, surroundings);
  return [...own, ...(await Promise.all(more.map((asked) => withTags(asked, asking))))];
}

async function resourcesFor(
  action: Action,
  asking: AskingCall,
  caller: string,
  surroundings: Surroundings,
): Promise<string[]> {
  if (action.resourceTypes.length === 0) return [listing[action.name]?.(asking.account) ?? "*"];
  if (asking.service === "ecs") return ecsResources(action, asking);
  if (asking.service === "iam") return iamResources(action, asking, caller, surroundings);
  return (await lookedUp(asking, surroundings)) ?? resourcesOf(action, asking);
}

const every =
  (kind: string) =>
  (account: string): string =>
    `arn:aws:iam::${account}:${kind}/`;

/** Lists of IAM are authorized on the whole of what they list, although the reference gives them no resource. */
const listing: Readonly<Record<string, (account: string) => string>> = {
  "iam:ListGroups": every("group"),
  "iam:ListInstanceProfiles": every("instance-profile"),
  "iam:ListRoles": every("role"),
  "iam:ListUsers": every("user"),
};

/** The tags of a request belong to its tagging too, but not to the roles that it passes. */
async function withTags(asked: Asked, asking: AskingCall): Promise<Asked> {
  const [service = "", name = ""] = asked.action.split(":");
  const action = await actionOf(service, name);
  return action ? { ...asked, context: { ...only(action, requestTags(asking)), ...asked.context } } : asked;
}

/** A key is there only for actions that the reference gives it to. */
function only({ conditionKeys }: Action, context: Context): Context {
  return Object.fromEntries(
    Object.entries(context).filter(([key]) => {
      const lower = key.toLowerCase();
      return conditionKeys.has(lower) || conditionKeys.has(lower.replace(/\/.*$/, "/"));
    }),
  );
}

function requestTags({ parameters }: AskingCall): Context {
  const tags = tagsIn(parameters);
  const keys = [...Object.keys(tags), ...textsIn(parameters, "tagKeys", "TagKeys")];
  return {
    ...Object.fromEntries(Object.entries(tags).map(([key, value]) => [`aws:RequestTag/${key}`, value])),
    ...(keys.length > 0 && { "aws:TagKeys": keys }),
  };
}
