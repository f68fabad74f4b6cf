import { Eip } from "@cdktf/provider-aws/lib/eip/index.js";
import { NatGateway } from "@cdktf/provider-aws/lib/nat-gateway/index.js";
import { Route } from "@cdktf/provider-aws/lib/route/index.js";
import { RouteTable } from "@cdktf/provider-aws/lib/route-table/index.js";
import { RouteTableAssociation } from "@cdktf/provider-aws/lib/route-table-association/index.js";
import { Subnet } from "@cdktf/provider-aws/lib/subnet/index.js";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";

/** What makes the part of a VPC in one zone. */
export interface ZoneSettings {
  readonly environmentName: string;
  readonly vpcId: string;
  readonly zoneName: string;
  /** Counts from 1; part of the names. */
  readonly number: number;
  readonly publicBlock: string;
  readonly privateBlock: string;
  readonly publicRouteTableId: string;
  /** The NAT gateway to use; undefined makes one in this zone. */
  readonly natGatewayId: string | undefined;
  /** A NAT gateway works only once its subnet reaches the internet. */
  readonly internetRoute: ITerraformDependable;
}

/** A public and a private subnet in one zone; the private one goes out through a NAT gateway. */
export class Zone extends Construct {
  readonly publicSubnetId: string;
  readonly privateSubnetId: string;
  readonly natGatewayId: string;

  constructor(scope: Construct, id: string, settings: ZoneSettings) {
    super(scope, id);
    const { environmentName, vpcId, number } = settings;
    const publicSubnet = this.addSubnet("public", settings.publicBlock, settings);
    new RouteTableAssociation(this, "public-association", {
      subnetId: publicSubnet.id,
      routeTableId: settings.publicRouteTableId,
    });
    this.natGatewayId = settings.natGatewayId ?? this.addNatGateway(publicSubnet.id, settings);

    const privateSubnet = this.addSubnet("private", settings.privateBlock, settings);
    const privateRoutes = new RouteTable(this, "private-routes", {
      vpcId,
      tags: { Name: `${environmentName}-private-${number}` },
    });
    new Route(this, "nat-route", {
      routeTableId: privateRoutes.id,
      destinationCidrBlock: "0.0.0.0/0",
      natGatewayId: this.natGatewayId,
    });
    new RouteTableAssociation(this, "private-association", {
      subnetId: privateSubnet.id,
      routeTableId: privateRoutes.id,
    });
    this.publicSubnetId = publicSubnet.id;
    this.privateSubnetId = privateSubnet.id;
  }

  private addSubnet(kind: "public" | "private", cidrBlock: string, settings: ZoneSettings): Subnet {
    return new Subnet(this, `${kind}-subnet`, {
      vpcId: settings.vpcId,
      availabilityZone: settings.zoneName,
      cidrBlock,
      mapPublicIpOnLaunch: false,
      tags: { Name: `${settings.environmentName}-${kind}-${settings.number}` },
    });
  }

  private addNatGateway(subnetId: string, settings: ZoneSettings): string {
    const tags = { Name: `${settings.environmentName}-nat-${settings.number}` };
    const address = new Eip(this, "nat-address", {
      domain: "vpc",
      tags,
      dependsOn: [settings.internetRoute],
    });
    const gateway = new NatGateway(this, "nat-gateway", {
      subnetId,
      allocationId: address.id,
      tags,
      dependsOn: [settings.internetRoute],
    });
    return gateway.id;
  }
}
