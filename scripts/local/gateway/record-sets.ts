/**
 * Changes of DNS records are moto's, but it looks at what was ever written in place of what is there: it lets a record be
 * deleted twice, or deleted though it points somewhere else by now, and one be created over another.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html
 */
import { refusedAs } from "./error-answer.ts";
import { forwardTo } from "./forward.ts";
import type { ApiRequest, ApiResponse } from "./request.ts";

const changesOf = /^\/2013-04-01\/hostedzone\/[^/]+\/rrset\/?(?:$|\?)/;
/** More than a zone has in any test. */
const allRecords = 100_000;

function changesRecords({ service, method, url }: ApiRequest): boolean {
  return service === "route53" && method === "POST" && changesOf.test(url);
}

/** What Route 53 answers to changes of records of which one cannot be made; null where all can, or the call is another. */
export async function refusalOfRecords(port: number, call: ApiRequest): Promise<ApiResponse | null> {
  if (!changesRecords(call)) return null;
  const path = call.url.split("?")[0]?.replace(/\/$/, "") ?? "";
  const url = `${path}?maxitems=${allRecords}`;
  const known = await forwardTo(port, { ...call, method: "GET", url, body: Buffer.alloc(0) });
  if (known.statusCode >= 400) return null;
  const records = new Map(
    elements(known.body, "ResourceRecordSet").map((set) => [keyOf(set), valuesOf(set)]),
  );
  const wrong = elements(call.body, "Change").flatMap((change) => whatIsWrong(change, records) ?? []);
  return wrong.length === 0 ? null : refusedAs("InvalidChangeBatch", call, `[${wrong.join(", ")}]`);
}

/** The call as moto takes it: any record behind the one that is to be created is that one to it. */
export function withUpserts(call: ApiRequest): ApiRequest {
  if (!changesRecords(call)) return call;
  const body = String(call.body).replaceAll("<Action>CREATE</Action>", "<Action>UPSERT</Action>");
  return { ...call, body: Buffer.from(body) };
}

/** What Route 53 says of a change after those before it; it is made to `records` where it may be. */
function whatIsWrong(change: string, records: Map<string, string>): string | undefined {
  const key = keyOf(change);
  const values = valuesOf(change);
  const there = records.get(key);
  switch (text(change, "Action")) {
    case "CREATE":
      if (there !== undefined) return `Tried to create resource record set [${key}] but it already exists`;
      records.set(key, values);
      return undefined;
    case "UPSERT":
      records.set(key, values);
      return undefined;
    case "DELETE":
      if (there === undefined) return `Tried to delete resource record set [${key}] but it was not found`;
      if (there !== values) {
        return `Tried to delete resource record set [${key}] but the values provided do not match the current values`;
      }
      records.delete(key);
      return undefined;
    default:
      return undefined;
  }
}

/** Which record it is, as Route 53 names it. */
function keyOf(set: string): string {
  const name = `${text(set, "Name").toLowerCase().replace(/\.$/, "").replaceAll("*", "\\052")}.`;
  const identifier = text(set, "SetIdentifier");
  const which = identifier === "" ? "" : `, set-identifier='${identifier}'`;
  return `name='${name}', type='${text(set, "Type")}'${which}`;
}

/** What it says, in a form of its own: values in any order, names in any case. */
function valuesOf(set: string): string {
  const values = elements(set, "ResourceRecord").map((record) => text(record, "Value"));
  const alias = text(set, "DNSName").toLowerCase().replace(/\.$/, "");
  return JSON.stringify([
    // An alias has none, whatever moto tells.
    alias === "" ? text(set, "TTL") : "",
    values.toSorted(),
    alias,
    text(set, "HostedZoneId"),
    text(set, "EvaluateTargetHealth").toLowerCase(),
  ]);
}

/** The contents of all elements of a name. */
function elements(xml: Buffer | string, name: string): readonly string[] {
  const each = new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, "g");
  return [...String(xml).matchAll(each)].map(([, content = ""]) => content);
}

const entities: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

/** The text of the first element of a name; empty where there is none. */
function text(xml: string, name: string): string {
  const [content = ""] = elements(xml, name);
  return content
    .trim()
    .replaceAll(/&(lt|gt|quot|apos|amp);/g, (entity: string, known: string) => entities[known] ?? entity);
}
