import type { ResourceType } from "./action-data.ts";
import type { AskingCall } from "./asked.ts";
import { allTexts } from "./parameters.ts";

/** How ids of EC2 begin, and what they are ids of. */
const kinds: Readonly<Record<string, string>> = {
  acl: "network-acl",
  ami: "image",
  dopt: "dhcp-options",
  eigw: "egress-only-internet-gateway",
  eipalloc: "elastic-ip",
  eni: "network-interface",
  fl: "vpc-flow-log",
  i: "instance",
  igw: "internet-gateway",
  lt: "launch-template",
  nat: "natgateway",
  pcx: "vpc-peering-connection",
  pl: "prefix-list",
  rtb: "route-table",
  sg: "security-group",
  sgr: "security-group-rule",
  snap: "snapshot",
  subnet: "subnet",
  tgw: "transit-gateway",
  vol: "volume",
  vpc: "vpc",
  vpce: "vpc-endpoint",
};

/**
 * The resources of a call that changes something in EC2: what its ids name, and any of the kinds that it must have
 * and does not name, as those that it makes.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
export function ec2Resources(types: readonly ResourceType[], call: AskingCall): string[] {
  const ids = allTexts(call.parameters).flatMap((text) => {
    const kind = kinds[/^([a-z]+)-[0-9a-f]{8,}$/.exec(text)?.[1] ?? ""];
    return kind === undefined ? [] : [{ kind, id: text }];
  });
  const arns = types.flatMap(({ name, required, arnFormat }) => {
    const named = ids.filter(({ kind }) => kind === name).map(({ id }) => id);
    // What a call makes has no id yet, also where it names another of its kind.
    const made = call.operation === `Create${pascal(name)}`;
    const chosen = named.length > 0 && !made ? named : required || made ? ["*"] : [];
    return chosen.map((id) =>
      arnFormat
        .replace("${Partition}", "aws")
        .replace("${Region}", call.region)
        .replace("${Account}", call.account)
        .replace(/\$\{\w+\}$/, id),
    );
  });
  return arns.length > 0 ? [...new Set(arns)] : ["*"];
}

/** `security-group` becomes `SecurityGroup`. */
function pascal(name: string): string {
  return name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
