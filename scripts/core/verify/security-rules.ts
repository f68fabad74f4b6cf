import type { IpPermission } from "@aws-sdk/client-ec2";

/** TCP ports, both ends included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Whether rules let TCP ports through from (or to) one of some security groups. `perhaps` where a rule for addresses
 * or a prefix list covers the ports: whether the others are among them is not worked out.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
 */
export function allows(
  rules: readonly IpPermission[],
  groups: readonly string[],
  range: PortRange,
): "yes" | "no" | "perhaps" {
  const covering = rules.filter((rule) => covers(rule, range));
  const open = covering.some(
    ({ UserIdGroupPairs = [], IpRanges = [] }) =>
      UserIdGroupPairs.some(({ GroupId = "" }) => groups.includes(GroupId)) ||
      IpRanges.some(({ CidrIp }) => CidrIp === "0.0.0.0/0"),
  );
  if (open) return "yes";
  const byAddress = covering.some(
    ({ IpRanges = [], Ipv6Ranges = [], PrefixListIds = [] }) =>
      IpRanges.length + Ipv6Ranges.length + PrefixListIds.length > 0,
  );
  return byAddress ? "perhaps" : "no";
}

function covers({ IpProtocol, FromPort, ToPort }: IpPermission, { from, to }: PortRange): boolean {
  if (IpProtocol === "-1") return true;
  if (IpProtocol !== "tcp" && IpProtocol !== "6") return false;
  return (FromPort ?? 0) <= from && (ToPort ?? 65_535) >= to;
}
