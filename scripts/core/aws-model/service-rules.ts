/**
 * What ECS asks of a service beyond its model.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
 */
import type { ShapeName } from "./model.ts";
import { checkName, duplicates, numberAt, textAt, wrong } from "./rule-helpers.ts";
import { checkStrategy } from "./strategy-rules.ts";
import { elementsOf, fieldsOf, type Filled, type FilledObject } from "./values.ts";
import { quoted, type Violation } from "./violation.ts";

const targetGroupLimit = 5;

/** The rules for a service template, or for the input of one of the two calls. */
export function checkService(document: Filled, shape: ShapeName): readonly Violation[] {
  const service = fieldsOf(document);
  return [
    ...checkName(service["serviceName"], ["serviceName"]),
    ...(shape === "Service" ? checkBothNames(service) : []),
    ...checkLaunch(service),
    ...checkPercentages(service),
    ...checkRole(service),
    ...checkLoadBalancers(service),
    ...checkStrategy(service),
    ...checkToken(service),
  ];
}

/** A template for both calls may name the service as either of them does. */
function checkBothNames(service: FilledObject): Violation[] {
  const given = ["serviceName", "service"].filter((field) => Object.hasOwn(service, field));
  if (given.length === 0)
    return [wrong(["serviceName"], 'The field "serviceName" is missing; a service needs a name.')];
  const [created, updated] = [textAt(service, "serviceName"), textAt(service, "service")];
  if (created === undefined || updated === undefined || created === updated) return [];
  const message = `serviceName is ${quoted(created)} and service is ${quoted(updated)}: they name the same service.`;
  return [wrong(["service"], message, "Keep serviceName alone.")];
}

function checkLaunch(service: FilledObject): Violation[] {
  if (!Object.hasOwn(service, "launchType") || elementsOf(service["capacityProviderStrategy"]).length === 0)
    return [];
  return [
    wrong(["launchType"], "launchType and capacityProviderStrategy exclude each other.", "Keep one of them."),
  ];
}

/** With both at 100 a rollout could neither start a new task nor stop an old one: ECS takes it at no call. */
function checkPercentages(service: FilledObject): Violation[] {
  const configuration = fieldsOf(service["deploymentConfiguration"]);
  const both = ["minimumHealthyPercent", "maximumPercent"].every(
    (field) => numberAt(configuration, field) === 100,
  );
  if (!both) return [];
  return [
    wrong(
      ["deploymentConfiguration", "maximumPercent"],
      "minimumHealthyPercent and maximumPercent are both 100, so that no task could ever be replaced.",
      "Give a maximumPercent above 100, so that new tasks start first, or a lower minimumHealthyPercent, so that old ones stop first.",
    ),
  ];
}

/** ECS uses the role on the load balancer only, and never where it has its service-linked role. */
function checkRole(service: FilledObject): Violation[] {
  if (!Object.hasOwn(service, "role")) return [];
  const hint = "Leave role out: ECS then uses its service-linked role.";
  if (Object.hasOwn(fieldsOf(service["networkConfiguration"]), "awsvpcConfiguration")) {
    return [wrong(["role"], "A service whose tasks use awsvpc takes no role.", hint)];
  }
  const balanced = elementsOf(service["loadBalancers"]).length > 0;
  return balanced ? [] : [wrong(["role"], "A service without a load balancer takes no role.", hint)];
}

function checkLoadBalancers(service: FilledObject): Violation[] {
  const balancers = elementsOf(service["loadBalancers"]);
  const found = duplicates(balancers, "targetGroupArn").map(({ index, value }) =>
    wrong(["loadBalancers", index, "targetGroupArn"], `The target group ${quoted(value)} is given twice.`),
  );
  if (balancers.length > targetGroupLimit) {
    const message = `${balancers.length} target groups are given; a service takes ${targetGroupLimit} at most.`;
    found.push(wrong(["loadBalancers"], message));
  }
  return found;
}

function checkToken(service: FilledObject): Violation[] {
  const token = textAt(service, "clientToken");
  if (token === undefined || /^[!-~]{1,36}$/.test(token)) return [];
  const allowed = "It takes 1 to 36 printable ASCII characters.";
  return [wrong(["clientToken"], `${quoted(token)} is not a client token.`, allowed)];
}
