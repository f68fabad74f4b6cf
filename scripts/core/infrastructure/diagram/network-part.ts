import type { Resource } from "../references.ts";
import { nameOf, plainText } from "../values.ts";
import { boxId } from "./drawing.ts";
import type { Box } from "./drawing.ts";
import type { Scene } from "./scene.ts";

/** The network of an environment: its own or another's, and its own subnets by zone. */
export interface DrawnNetwork {
  readonly title: string;
  readonly zones: readonly Box[];
}

/** The environment's VPC, and its subnets by zone with their ways out; another environment's VPC is only named. */
export function networkPart(scene: Scene): DrawnNetwork {
  const [vpc] = scene.draw("aws_vpc");
  scene.draw("aws_route", "aws_route_table", "aws_route_table_association", "aws_internet_gateway");
  const endpoints = scene.draw("aws_vpc_endpoint");
  const zones = new Map<string, Resource[]>();
  for (const subnet of scene.draw("aws_subnet")) {
    const zone = plainText(subnet.attributes.availability_zone) ?? zoneById(subnet);
    zones.set(zone, [...(zones.get(zone) ?? []), subnet]);
  }
  if (vpc === undefined) return { title: foreignTitle(scene), zones: [] };
  const boxes = [...zones].map(([zone, inZone]): Box => ({
    id: boxId(`${vpc.key}-${zone}`),
    title: zone,
    kind: "other",
    lines: [],
    children: inZone
      .map((subnet) => subnetBox(scene, subnet))
      .toSorted((left, right) => right.kind.localeCompare(left.kind)),
  }));
  return {
    title: titleOf(vpc),
    zones: [
      { id: boxId(`${vpc.key}-zones`), title: "", kind: "other", lines: [], across: true, children: boxes },
      ...endpointsBox(vpc, endpoints),
    ],
  };
}

function titleOf(vpc: Resource): string {
  return `VPC ${nameOf(vpc)}  ${plainText(vpc.attributes.cidr_block) ?? ""}`;
}

/** Security groups say which VPC is shared. */
function foreignTitle(scene: Scene): string {
  const [vpc] = scene
    .ofType("aws_security_group")
    .flatMap((group) => scene.graph.target(group, "vpc_id") ?? []);
  return vpc === undefined ? "No VPC" : `${titleOf(vpc)}, another environment's`;
}

function endpointsBox(vpc: Resource, endpoints: readonly Resource[]): Box[] {
  if (endpoints.length === 0) return [];
  const lines = endpoints.map((endpoint) => plainText(endpoint.attributes.service_name) ?? nameOf(endpoint));
  return [
    { id: boxId(`${vpc.key}-endpoints`), title: "VPC endpoints", kind: "network", lines, children: [] },
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
  return route.attributes.gateway_id === undefined ? destination : `${destination} by the internet gateway`;
}
