import type { Resource } from "../references.ts";
import { nameOf, plainText } from "../values.ts";
import { boxId } from "./drawing.ts";
import type { Box } from "./drawing.ts";
import type { Scene } from "./scene.ts";

/** The subnets of the environment's own VPC by zone, with their ways out; none where it is another environment's. */
export function networkPart(scene: Scene): Box[] {
  const [vpc] = scene.draw("aws_vpc");
  scene.draw("aws_route", "aws_route_table", "aws_route_table_association", "aws_internet_gateway");
  const endpoints = scene.draw("aws_vpc_endpoint");
  const subnets = scene.draw("aws_subnet");
  if (vpc === undefined) return [];
  const zones = new Map<string, Resource[]>();
  for (const subnet of subnets) {
    const zone = plainText(subnet.attributes.availability_zone) ?? zoneById(subnet);
    zones.set(zone, [...(zones.get(zone) ?? []), subnet]);
  }
  return [
    {
      id: boxId(vpc.key),
      title: `VPC ${nameOf(vpc)}  ${plainText(vpc.attributes.cidr_block) ?? ""}`,
      kind: "network",
      lines: endpoints.map((endpoint) => `Endpoint ${plainText(endpoint.attributes.service_name) ?? nameOf(endpoint)}`),
      across: true,
      children: [...zones].map(([zone, inZone]) => ({
        id: boxId(`${vpc.key}-${zone}`),
        title: zone,
        kind: "other",
        lines: [],
        children: inZone
          .map((subnet) => subnetBox(scene, subnet))
          .toSorted((left, right) => right.kind.localeCompare(left.kind)),
      })),
    },
  ];
}

/** Subnets of zones that AWS chooses have the zone's number in their id. */
function zoneById({ id }: Resource): string {
  return /zone-(\d+)/.exec(id)?.[0] ?? "zone";
}

function subnetBox(scene: Scene, subnet: Resource): Box {
  const { graph } = scene;
  const routes = graph
    .pointingAt(subnet, "subnet_id", "aws_route_table_association")
    .flatMap((association) => graph.target(association, "route_table_id") ?? [])
    .flatMap((table) => graph.pointingAt(table, "route_table_id", "aws_route"));
  const gateways = graph.pointingAt(subnet, "subnet_id", "aws_nat_gateway");
  gateways.forEach((gateway) => scene.markDrawn(gateway));
  const isPublic = routes.some((route) => route.attributes.gateway_id !== undefined);
  return {
    id: boxId(subnet.key),
    title: `${isPublic ? "Public" : "Private"} subnet ${plainText(subnet.attributes.cidr_block) ?? nameOf(subnet)}`,
    kind: isPublic ? "public" : "private",
    lines: routes.map((route) => routeText(scene, route)),
    children: gateways.map((gateway) => natBox(scene, gateway)),
  };
}

function natBox(scene: Scene, gateway: Resource): Box {
  const address = scene.graph.target(gateway, "allocation_id");
  if (address !== undefined) scene.markDrawn(address);
  return {
    id: boxId(gateway.key),
    title: `NAT gateway ${nameOf(gateway)}`,
    kind: "network",
    lines: address === undefined ? [] : ["with a fixed public address"],
    children: [],
  };
}

function routeText(scene: Scene, route: Resource): string {
  const destination = plainText(route.attributes.destination_cidr_block) ?? "elsewhere";
  const nat = scene.graph.target(route, "nat_gateway_id");
  if (nat !== undefined) return `${destination} by NAT gateway ${nameOf(nat)}`;
  return route.attributes.gateway_id === undefined ? `${destination}` : `${destination} by the internet gateway`;
}
