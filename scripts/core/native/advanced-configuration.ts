/**
 * Fills in what a load balancer's traffic is moved with, from the outputs of the stacks, where a template leaves it
 * out and the environments file says that ECS moves the traffic of the service.
 */
import { DeferredText, elementsOf, fieldsOf, type Filled, type FilledObject } from "../aws-model/values.ts";
import type { Violation } from "../aws-model/violation.ts";

/** A member that may be filled in, with the stack output that holds its value. */
interface Source {
  readonly member: string;
  readonly output: string;
  /** Without a test listener the stacks publish none. */
  readonly optional?: true;
}

const advanced = "advancedConfiguration";

/** Where each member comes from; the first one stands beside the others' object. */
function sourcesOf(service: string): readonly Source[] {
  return [
    { member: "targetGroupArn", output: `service-${service}-blue-target-group-arn` },
    { member: "alternateTargetGroupArn", output: `service-${service}-green-target-group-arn` },
    { member: "productionListenerRule", output: `service-${service}-production-rule-arn` },
    { member: "testListenerRule", output: `service-${service}-test-rule-arn`, optional: true },
    { member: "roleArn", output: "ecs-infrastructure-role-arn" },
  ];
}

/**
 * The stack outputs that the template of a service leaves to be filled in; none where it says all itself, or has not
 * exactly one load balancer, as the outputs are for one.
 *
 * @param service its name in the environments file
 */
export function missingOutputs(document: FilledObject, service: string): readonly string[] {
  return missingSources(document, service).map(({ output }) => output);
}

function missingSources(document: FilledObject, service: string): readonly Source[] {
  const [balancer, ...others] = elementsOf(document["loadBalancers"]).map(fieldsOf);
  if (balancer === undefined || others.length > 0) return [];
  const given = fieldsOf(balancer[advanced]);
  return sourcesOf(service).filter(({ member }) =>
    member === "targetGroupArn" ? !Object.hasOwn(balancer, member) : !Object.hasOwn(given, member),
  );
}

/** A template with what was missing, and what could not be filled in. */
export interface Completed {
  readonly document: FilledObject;
  readonly violations: readonly Violation[];
}

/**
 * Fills in what is missing.
 *
 * @param outputs values by output; undefined before they are read, when every one is taken to be there
 * @param folder where the outputs are parameters, for the message
 */
export function withTraffic(
  document: FilledObject,
  service: string,
  outputs: ReadonlyMap<string, string> | undefined,
  folder: string,
): Completed {
  const missing = missingSources(document, service);
  if (missing.length === 0) return { document, violations: [] };
  const [balancer] = elementsOf(document["loadBalancers"]).map(fieldsOf);
  const own: Record<string, Filled> = {};
  const inner: Record<string, Filled> = {};
  const violations: Violation[] = [];
  for (const { member, output, optional } of missing) {
    const value = outputs === undefined ? new DeferredText([{ deferred: output }]) : outputs.get(output);
    if (value !== undefined) (member === "targetGroupArn" ? own : inner)[member] = value;
    else if (optional !== true) violations.push(notPublished(member, output, folder));
  }
  const configuration = { ...inner, ...fieldsOf(balancer?.[advanced]) };
  const loadBalancers = [{ ...own, ...balancer, [advanced]: configuration }];
  return { document: { ...document, loadBalancers }, violations };
}

function notPublished(member: string, output: string, folder: string): Violation {
  const path = ["loadBalancers", 0, ...(member === "targetGroupArn" ? [] : [advanced]), member];
  return {
    path,
    at: "value",
    message: `The field "${member}" is not given, and there is no parameter ${folder}${output} to fill it from.`,
    hint: "Deploy the load balancer's stack and the roles' of this environment, which publish it, or write the field out.",
  };
}
