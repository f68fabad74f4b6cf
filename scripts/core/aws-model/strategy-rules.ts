/**
 * What ECS asks of a service whose traffic it shifts itself: strategies BLUE_GREEN, LINEAR and CANARY.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html
 */
import { checkHooks } from "./hook-rules.ts";
import { numberAt, textAt, wrong } from "./rule-helpers.ts";
import { elementsOf, fieldsOf, type FilledObject } from "./values.ts";
import { quoted, type JsonPath, type Violation } from "./violation.ts";

/** The rules for a strategy and for what it moves. */
export function checkStrategy(service: FilledObject): readonly Violation[] {
  const configuration = fieldsOf(service["deploymentConfiguration"]);
  const strategy = textAt(configuration, "strategy");
  const shifts = strategy !== undefined && strategy !== "ROLLING";
  return [
    ...(shifts ? checkSurroundings(service, strategy) : []),
    ...checkTenths(configuration, "linearConfiguration", "stepPercent"),
    ...checkTenths(configuration, "canaryConfiguration", "canaryPercent"),
    ...checkHooks(elementsOf(configuration["lifecycleHooks"])),
    ...checkLoadBalancers(elementsOf(service["loadBalancers"]).map(fieldsOf), shifts ? strategy : undefined),
  ];
}

function checkSurroundings(service: FilledObject, strategy: string): Violation[] {
  const path = ["deploymentConfiguration", "strategy"];
  const controller = textAt(fieldsOf(service["deploymentController"]), "type") ?? "ECS";
  const found: Violation[] = [];
  if (controller !== "ECS") {
    const message = `Strategy ${strategy} is for services with deployment controller ECS; this one has ${controller}.`;
    found.push(wrong(path, message, "Leave the strategy out, or the controller."));
  }
  if (textAt(service, "schedulingStrategy") === "DAEMON") {
    found.push(wrong(path, `A daemon takes no strategy but ROLLING; this one asks for ${strategy}.`));
  }
  return found;
}

function checkTenths(configuration: FilledObject, member: string, field: string): Violation[] {
  const percent = numberAt(fieldsOf(configuration[member]), field);
  if (percent === undefined || Math.abs(percent * 10 - Math.round(percent * 10)) < 1e-6) return [];
  const message = `${percent} is not a share that ECS takes.`;
  return [
    wrong(
      ["deploymentConfiguration", member, field],
      message,
      "It takes whole tenths of a per cent, as in 12.5.",
    ),
  ];
}

const advanced = "advancedConfiguration";

function checkLoadBalancers(
  balancers: readonly FilledObject[],
  strategy: string | undefined,
): readonly Violation[] {
  const given = balancers.filter((balancer) => Object.hasOwn(balancer, advanced));
  const required = strategy !== undefined || given.length > 0;
  const why =
    strategy === undefined
      ? "Either all load balancers of a service have one, or none."
      : `ECS wants one for each load balancer with strategy ${strategy}.`;
  const found = balancers.flatMap((balancer, index): readonly Violation[] => {
    const path = ["loadBalancers", index, advanced];
    if (Object.hasOwn(balancer, advanced)) return checkAdvanced(balancer, path);
    const hint =
      "Give it alternateTargetGroupArn, productionListenerRule, roleArn and, for test traffic, testListenerRule.";
    return required ? [wrong(path, `The field "${advanced}" is missing. ${why}`, hint)] : [];
  });
  return [...found, ...checkUnique(balancers)];
}

const groupArn = /^arn:[^:]+:elasticloadbalancing:[^:]*:[^:]*:targetgroup\//;
/** A rule of an Application Load Balancer, or a listener of a Network Load Balancer. */
const ruleArn = /^arn:[^:]+:elasticloadbalancing:[^:]*:[^:]*:(listener-rule\/app|listener\/net)\//;
const roleArn = /^arn:[^:]+:iam::\d{12}:role\//;
const rule =
  "It takes the ARN of a rule of an Application Load Balancer, or of a Network Load Balancer's listener.";

const members: readonly (readonly [string, RegExp, string, boolean])[] = [
  ["alternateTargetGroupArn", groupArn, "It takes the ARN of a target group.", true],
  ["productionListenerRule", ruleArn, rule, true],
  ["testListenerRule", ruleArn, rule, false],
  ["roleArn", roleArn, "It takes the ARN of the role with which ECS moves traffic.", true],
];

function checkAdvanced(balancer: FilledObject, path: JsonPath): Violation[] {
  const found: Violation[] = [];
  if (Object.hasOwn(balancer, "loadBalancerName")) {
    found.push(wrong(path, `A Classic Load Balancer takes no ${advanced}.`, "Use a target group."));
  }
  const configuration = fieldsOf(balancer[advanced]);
  for (const [member, form, allowed, isRequired] of members) {
    const value = textAt(configuration, member);
    if (isRequired && !Object.hasOwn(configuration, member)) {
      found.push(wrong([...path, member], `The field "${member}" is missing.`, allowed));
    } else if (value !== undefined && !form.test(value)) {
      found.push(wrong([...path, member], `${quoted(value)} is not of the right form.`, allowed));
    }
  }
  const production = textAt(configuration, "productionListenerRule");
  if (production !== undefined && production === textAt(configuration, "testListenerRule")) {
    const message = "productionListenerRule and testListenerRule are the same.";
    const hint = "Give test traffic a rule of its own, or leave testListenerRule out.";
    found.push(wrong([...path, "testListenerRule"], message, hint));
  }
  return found;
}

/** No target group twice, be it as the first or as the alternate one. */
function checkUnique(balancers: readonly FilledObject[]): Violation[] {
  const seen = new Set(balancers.flatMap((balancer) => textAt(balancer, "targetGroupArn") ?? []));
  return balancers.flatMap((balancer, index) => {
    const value = textAt(fieldsOf(balancer[advanced]), "alternateTargetGroupArn");
    if (value === undefined) return [];
    const path = ["loadBalancers", index, advanced, "alternateTargetGroupArn"];
    if (seen.has(value)) return [wrong(path, `The target group ${quoted(value)} is given twice.`)];
    seen.add(value);
    return [];
  });
}
