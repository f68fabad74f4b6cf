/**
 * What Elastic Load Balancing does when something is made that is there already, which moto either makes a second time or
 * always refuses: with the same settings the call succeeds, with others it is refused.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html
 */
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
  type LoadBalancer,
} from "@aws-sdk/client-elastic-load-balancing-v2";

import type { ElbState } from "../elb/state.ts";
import { errorAnswer } from "./error-answer.ts";
import { forwardTo } from "./forward.ts";
import type { RegionServices } from "./region-services.ts";
import type { ApiRequest, ApiResponse } from "./request.ts";

interface Kind {
  /** The ARN of what is there under the name, or on the port, that a call asks for. */
  readonly find: (elb: ElbState, form: URLSearchParams) => string | undefined;
  /** The operation that tells of such things, and the member that names them there. */
  readonly describe: readonly [operation: string, arns: string];
  /** The settings of what is there, in the names of the call's members. */
  readonly read: (elb: ElasticLoadBalancingV2Client, arn: string) => Promise<object | undefined>;
  /** What a call means that leaves these out. */
  readonly defaults: Readonly<Record<string, string>>;
  readonly refusal: (form: URLSearchParams) => readonly [code: string, message: string];
}

const sameName = (what: string, form: URLSearchParams) =>
  `A ${what} with the same name '${form.get("Name") ?? ""}' exists, but with different settings`;

const kinds: Readonly<Record<string, Kind>> = {
  CreateTargetGroup: {
    find: ({ targetGroups }, form) =>
      Object.values(targetGroups).find(({ name }) => name === form.get("Name"))?.arn,
    describe: ["DescribeTargetGroups", "TargetGroupArns"],
    read: async (elb, arn) => {
      const { TargetGroups } = await elb.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] }));
      return TargetGroups?.[0];
    },
    defaults: { TargetType: "instance" },
    refusal: (form) => ["DuplicateTargetGroupName", sameName("target group", form)],
  },
  CreateLoadBalancer: {
    find: ({ loadBalancers }, form) =>
      Object.values(loadBalancers).find(({ name }) => name === form.get("Name"))?.arn,
    describe: ["DescribeLoadBalancers", "LoadBalancerArns"],
    read: async (elb, arn) => {
      const { LoadBalancers } = await elb.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] }));
      const [found] = LoadBalancers ?? [];
      return found && inMembersOfCall(found);
    },
    defaults: { Scheme: "internet-facing", Type: "application" },
    refusal: (form) => ["DuplicateLoadBalancerName", sameName("load balancer", form)],
  },
  CreateListener: {
    find: ({ listeners }, form) =>
      Object.values(listeners).find(
        ({ loadBalancerArn, port }) =>
          loadBalancerArn === form.get("LoadBalancerArn") && String(port) === form.get("Port"),
      )?.arn,
    describe: ["DescribeListeners", "ListenerArns"],
    read: async (elb, arn) => {
      const { Listeners } = await elb.send(new DescribeListenersCommand({ ListenerArns: [arn] }));
      return Listeners?.[0];
    },
    defaults: {},
    refusal: (form) => [
      "DuplicateListener",
      `A listener already exists on this port for this load balancer '${form.get("LoadBalancerArn") ?? ""}'`,
    ],
  },
};

/** The order of subnets and groups means nothing. */
function inMembersOfCall({ AvailabilityZones = [], ...balancer }: LoadBalancer): object {
  const Subnets = AvailabilityZones.map(({ SubnetId = "" }) => SubnetId).toSorted();
  return { ...balancer, Subnets, SecurityGroups: balancer.SecurityGroups?.toSorted() ?? [] };
}

/** Answers a call that makes something that is there already; undefined where moto is to make it. */
export async function answerForTwin(
  port: number,
  call: ApiRequest,
  { region, elb }: Pick<RegionServices, "region" | "elb">,
): Promise<ApiResponse | undefined> {
  const { service, operation, form } = call;
  const kind = service === "elasticloadbalancing" ? kinds[operation ?? ""] : undefined;
  const arn = kind?.find(region.state.elb, form);
  if (!kind || arn === undefined) return undefined;
  if (!fits({ ...kind.defaults, ...settingsOf(form) }, flat(await kind.read(elb, arn)))) {
    const [code, message] = kind.refusal(form);
    const everywhere = <Value>(value: Value) => ({
      json: value,
      restJson: value,
      query: value,
      ec2: value,
      s3: value,
    });
    return errorAnswer(call, { code: everywhere(code), statusCode: everywhere(400), message });
  }
  const [describe, arns] = kind.describe;
  const asked = new URLSearchParams({
    Action: describe,
    Version: form.get("Version") ?? "2015-12-01",
    [`${arns}.member.1`]: arn,
  });
  const body = Buffer.from(asked.toString());
  const answer = await forwardTo(port, { ...call, operation: describe, form: asked, body });
  return { ...answer, body: String(answer.body).replaceAll(describe, operation ?? "") };
}

type Settings = Readonly<Record<string, string>>;

/** The members of a call that settle what it makes; those that name it or only adorn it are left out. */
function settingsOf(form: URLSearchParams): Settings {
  const entries = [...form.entries()]
    .filter(([name]) => !/^(Action|Version|Name|LoadBalancerArn|Tags\..*)$/.test(name))
    .map(
      ([name, value]) =>
        [name.replace(/^SubnetMappings(\.member\.\d+)\.SubnetId$/, "Subnets$1"), value] as const,
    );
  const inOrder = (name: string) =>
    entries
      .filter(([key]) => key.startsWith(`${name}.member.`))
      .map(([, value]) => value)
      .toSorted()
      .map((value, index) => [`${name}.member.${index + 1}`, value]);
  return Object.fromEntries([...entries, ...inOrder("Subnets"), ...inOrder("SecurityGroups")]) as Settings;
}

/** A value in the way of query APIs: `DefaultActions.member.1.Type`. */
function flat(value: unknown, path = ""): Settings {
  if (typeof value !== "object" || value === null)
    return value === undefined ? {} : { [path]: `${value as string | number | boolean}` };
  const below = path === "" ? "" : `${path}.`;
  const entries = Array.isArray(value)
    ? value.map((item, index): [string, unknown] => [`${below}member.${index + 1}`, item])
    : Object.entries(value).map(([name, item]): [string, unknown] => [`${below}${name}`, item]);
  return Object.assign({}, ...entries.map(([name, item]) => flat(item, name))) as Settings;
}

/** Whether what is there is what is asked for; what a call leaves out may be anything, but for the length of a list. */
function fits(asked: Settings, there: Settings): boolean {
  const names = Object.keys(asked);
  const lists = new Set(names.flatMap((name) => /^(.*\.?)member\.\d+/.exec(name)?.[1] ?? []));
  const length = (settings: Settings, list: string) =>
    new Set(
      Object.keys(settings)
        .filter((name) => name.startsWith(`${list}member.`))
        .map((name) => name.slice(list.length).split(".")[1]),
    ).size;
  return (
    names.every((name) => asked[name] === there[name]) &&
    [...lists].every((list) => length(asked, list) === length(there, list))
  );
}
