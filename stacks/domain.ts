import { Route53Zone } from "@cdktf/provider-aws/lib/route53-zone/index.js";
import type { Construct } from "constructs";
import type { Environment } from "../scripts/core/environments.ts";
import { certificateNames, privateZoneName } from "../scripts/core/environments/domain-names.ts";
import { requestCertificate } from "./constructs/certificate.ts";
import { EnvironmentStack } from "./environment-stack.ts";
import type { EnvironmentStackSettings } from "./environment-stack.ts";

/** What an environment has of DNS and TLS, given or made. */
export interface DomainEntry {
  readonly publicZoneId?: string | undefined;
  readonly privateZoneId?: string | undefined;
  /** A certificate that is validated. */
  readonly certificateArn?: string | undefined;
}

type Domain = NonNullable<Environment["domain"]>;

/** What makes the domain of an environment. */
interface DomainStackSettings extends EnvironmentStackSettings {
  readonly domain: Domain;
  readonly vpcId: string;
}

/** What an environment has of its domain: what the file names, and a stack for what is to be made. */
export function addDomain(
  scope: Construct,
  settings: EnvironmentStackSettings & { readonly vpcId: string },
): DomainEntry {
  const { domain } = settings.environment;
  if (domain === undefined) return {};
  const { hostedZone, privateZone, certificate } = domain;
  const makes = hostedZone === "own" || privateZone === "own" || certificate === "request";
  return makes
    ? new DomainStack(scope, { ...settings, domain })
    : {
        publicZoneId: domain.hostedZoneId,
        privateZoneId: privateZone?.hostedZoneId,
        certificateArn: certificate,
      };
}

/**
 * The zones of an environment's domain, and its certificate.
 *
 * @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-private.html
 */
class DomainStack extends EnvironmentStack implements DomainEntry {
  readonly publicZoneId: string | undefined;
  readonly privateZoneId: string | undefined;
  readonly certificateArn: string | undefined;

  constructor(scope: Construct, { domain, vpcId, ...settings }: DomainStackSettings) {
    super(scope, "domain", settings);
    const { hostedZoneId, hostedZone, privateZone, certificate } = domain;
    this.publicZoneId = hostedZone === "own" ? this.addPublicZone(domain.name) : hostedZoneId;
    this.privateZoneId =
      privateZone === "own" ? this.addPrivateZone(domain, vpcId) : privateZone?.hostedZoneId;
    this.certificateArn = certificate;
    if (certificate === "request" && this.publicZoneId !== undefined) {
      const services = Object.values(this.environment.services);
      const hasStaged = services.some(({ blueGreen }) => blueGreen?.by === "stage");
      this.certificateArn = requestCertificate(this, "certificate", {
        names: certificateNames(domain, hasStaged),
        zoneId: this.publicZoneId,
        tags: { Name: this.environment.name },
      });
      this.publish({ "certificate-arn": this.certificateArn });
    }
  }

  private addPublicZone(name: string): string {
    const zone = new Route53Zone(this, "public-zone", {
      name,
      comment: `Environment ${this.environment.name}`,
    });
    this.publish({ "hosted-zone-id": zone.zoneId, "name-servers": zone.nameServers });
    return zone.zoneId;
  }

  private addPrivateZone(domain: Domain, vpcId: string): string {
    const zone = new Route53Zone(this, "private-zone", {
      name: privateZoneName(domain) ?? domain.name,
      comment: `Environment ${this.environment.name}, inside its VPC`,
      vpc: [{ vpcId }],
    });
    this.publish({ "private-zone-id": zone.zoneId });
    return zone.zoneId;
  }
}
