import { forwardTo } from "./forward.ts";
import type { ApiRequest, ApiResponse } from "./request.ts";
import { onlyOfTarget } from "./scaling-policies.ts";
import { withNotFound, withSuspendedState } from "./scalable-targets.ts";

/** Refusals of Elastic Load Balancing that moto words otherwise than AWS does. */
const rewordings: readonly (readonly [moto: RegExp, aws: (call: ApiRequest) => string])[] = [
  [
    /The specified priority is in use\./,
    ({ form }) =>
      `Priority '${form.get("Priority") ?? form.get("RulePriorities.member.1.Priority") ?? ""}' is currently in use`,
  ],
  [/The target group (?='[^']*' is currently in use by a listener or a rule)/, () => "Target group "],
];

/** A refusal in AWS's words. */
function reworded(call: ApiRequest, answer: ApiResponse): ApiResponse {
  const text = rewordings.reduce(
    (body, [moto, aws]) => body.replace(moto, () => aws(call)),
    String(answer.body),
  );
  return { ...answer, body: text };
}

/**
 * Puts right what moto 5.2 answers otherwise than AWS; of EC2, where Terraform would see a change on every plan.
 *
 * - A launch template's own tags are not part of its versions' data.
 *   https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateLaunchTemplate.html
 * - A rule that refers to a security group keeps the description it was made with.
 *   https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_UserIdGroupPair.html
 */
export async function correctAnswer(
  port: number,
  call: ApiRequest,
  answer: ApiResponse,
): Promise<ApiResponse> {
  if (call.service === "elasticloadbalancing" && answer.statusCode >= 400) return reworded(call, answer);
  if (call.service === "application-autoscaling" && answer.statusCode >= 400) return withNotFound(answer);
  if (call.operation === "DescribeScalingPolicies") return onlyOfTarget(call, answer);
  if (call.operation === "DescribeScalableTargets") return withSuspendedState(answer);
  if (call.service !== "ec2" || answer.statusCode >= 400) return answer;
  if (call.operation === "DescribeLaunchTemplateVersions") {
    return { ...answer, body: String(answer.body).replaceAll(ownTags, "") };
  }
  if (call.operation?.startsWith("AuthorizeSecurityGroup") === true) await describeRules(port, call, answer);
  return answer;
}

const ownTags = /<item><resourceType>launch-template<\/resourceType><tagSet>.*?<\/tagSet><\/item>/gs;

/** Moto drops the description of a group's rule when it is made, and takes it when it is modified. */
async function describeRules(port: number, call: ApiRequest, answer: ApiResponse): Promise<void> {
  const ids = [...String(answer.body).matchAll(/<securityGroupRuleId>([^<]+)</g)].map(([, id = ""]) => id);
  const description = call.form.get("IpPermissions.1.Groups.1.Description");
  const groupId = call.form.get("GroupId");
  // Terraform and the SDK's users make such rules one at a time; several at once keep moto's answer.
  const [id] = ids;
  if (description === null || groupId === null || id === undefined || ids.length > 1) return;
  const rule = "SecurityGroupRule.1.SecurityGroupRule.";
  const form = new URLSearchParams({
    Action: "ModifySecurityGroupRules",
    Version: "2016-11-15",
    GroupId: groupId,
    "SecurityGroupRule.1.SecurityGroupRuleId": id,
    [`${rule}Description`]: description,
  });
  const sources = {
    IpProtocol: "IpProtocol",
    FromPort: "FromPort",
    ToPort: "ToPort",
    ReferencedGroupId: "Groups.1.GroupId",
  };
  for (const [field, source] of Object.entries(sources)) {
    const value = call.form.get(`IpPermissions.1.${source}`);
    if (value !== null) form.set(`${rule}${field}`, value);
  }
  await forwardTo(port, {
    ...call,
    operation: "ModifySecurityGroupRules",
    form,
    body: Buffer.from(form.toString()),
  });
}
