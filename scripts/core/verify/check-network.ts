/**
 * Whether tasks with addresses of their own get them: subnets and security groups of one VPC.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html
 */
import type { Check } from "../check.ts";
import { serviceToBe, type RolloutSubject } from "../capacity/rollout.ts";
import { failed, ok, skipped, type Facts } from "./facts.ts";

/** Checks for the subnets, the security groups and the VPC that they share with the target groups. */
export async function checkNetwork(subject: RolloutSubject, facts: Facts): Promise<readonly Check[]> {
  const service = serviceToBe(subject);
  const { subnets: subnetIds = [], securityGroups: groupIds = [] } =
    service.networkConfiguration?.awsvpcConfiguration ?? {};
  if (subnetIds.length === 0) return [];
  const [subnets, groups, targetGroups] = await Promise.all([
    Promise.all(subnetIds.map((id) => facts.subnet(id))),
    Promise.all(groupIds.map((id) => facts.securityGroup(id))),
    Promise.all(
      (service.loadBalancers ?? []).map(({ targetGroupArn = "" }) => facts.targetGroup(targetGroupArn)),
    ),
  ]);
  const vpcs = new Map<string, string>();
  const checks: Check[] = [];
  for (const [index, answer] of subnets.entries()) {
    const id = subnetIds[index] ?? "";
    const name = `subnet ${id}`;
    if (answer.kind === "unread") checks.push(skipped(name, answer.why));
    else if (answer.kind === "missing") {
      checks.push(failed(name, "there is no such subnet.", "Correct the subnets of awsvpcConfiguration."));
    } else {
      const { VpcId = "", AvailableIpAddressCount: free, AvailabilityZone: zone = "" } = answer.value;
      vpcs.set(id, VpcId);
      checks.push(
        free === 0
          ? failed(
              name,
              "it has no free address left, so no task starts there.",
              "Name further subnets, or free addresses.",
            )
          : ok(name, `it is in ${zone}, with ${free ?? "an unknown number of"} free addresses.`),
      );
    }
  }
  for (const [index, answer] of groups.entries()) {
    const id = groupIds[index] ?? "";
    const name = `security group ${id}`;
    if (answer.kind === "unread") checks.push(skipped(name, answer.why));
    else if (answer.kind === "missing") {
      checks.push(
        failed(
          name,
          "there is no such security group.",
          "Correct the securityGroups of awsvpcConfiguration.",
        ),
      );
    } else {
      vpcs.set(id, answer.value.VpcId ?? "");
      checks.push(ok(name, "it exists."));
    }
  }
  for (const answer of targetGroups) {
    if (answer.kind !== "found" || answer.value.VpcId === undefined) continue;
    vpcs.set(`target group ${answer.value.TargetGroupName ?? ""}`, answer.value.VpcId);
  }
  const distinct = [...new Set(vpcs.values())];
  if (distinct.length > 1) {
    const where = [...vpcs].map(([what, vpc]) => `${what} in ${vpc}`).join(", ");
    checks.push(
      failed(
        "one VPC",
        `subnets, security groups and target groups are of several: ${where}.`,
        "Take all of them from one VPC.",
      ),
    );
  }
  return checks;
}
