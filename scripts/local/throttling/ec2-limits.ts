/**
 * The rate limits of the EC2 API: a bucket for each operation.
 *
 * @see https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
 */
import { byOperation } from "./operation-names.ts";
import type { Charge, Limit } from "./token-buckets.ts";

const nonMutating: Limit = { burst: 100, perSecond: 20 };
const unfiltered: Limit = { burst: 50, perSecond: 10 };
const mutating: Limit = { burst: 50, perSecond: 5 };

/** Reads that take of a smaller bucket when they ask for everything at once. */
const smallerUnfiltered = new Set([
  "DescribeInstances",
  "DescribeInstanceStatus",
  "DescribeNetworkInterfaces",
  "DescribeSecurityGroups",
  "DescribeSnapshots",
  "DescribeSpotInstanceRequests",
  "DescribeVolumes",
]);

/** Operations with limits of their own: burst and refill a second. */
const uncategorized: ReadonlyMap<string, Limit> = byOperation(
  [
    [
      1,
      0.1,
      `AdvertiseByoipCidr DeprovisionByoipCidr DisableImageBlockPublicAccess DisableSnapshotBlockPublicAccess
      EnableImageBlockPublicAccess EnableSnapshotBlockPublicAccess ProvisionByoipCidr WithdrawByoipCidr`,
    ],
    [
      1,
      0.5,
      `AssociateCapacityReservationBillingOwner DescribeByoipCidrs
      DisassociateCapacityReservationBillingOwner`,
    ],
    [
      1,
      1,
      `CancelDeclarativePoliciesReport CreateDefaultSubnet CreateDefaultVpc DescribeInstanceTopology
      DescribeMovingAddresses MoveAddressToVpc RestoreAddressToClassic StartDeclarativePoliciesReport`,
    ],
    [2, 2, "ModifyInstanceMetadataDefaults"],
    [4, 0.3, "CreateVpcEndpoint DeleteVpcEndpoints ModifyVpcEndpoint"],
    [
      5,
      1,
      `CreateCoipCidr CreateCoipPool CreateSubnetCidrReservation DeleteCoipCidr DeleteCoipPool
      DeleteCoipPoolPermission DeleteSubnetCidrReservation`,
    ],
    [
      5,
      2,
      `AuthorizeClientVpnIngress CreateClientVpnRoute DeleteClientVpnRoute DescribeHostReservationOfferings
      DescribeHostReservations DisableFastLaunch EnableFastLaunch GetHostReservationPurchasePreview
      PurchaseHostReservation RevokeClientVpnIngress RunInstances StartInstances`,
    ],
    [
      5,
      5,
      `DeleteQueuedReservedInstances DescribeDeclarativePoliciesReports GetDeclarativePoliciesReportSummary
      PurchaseReservedInstancesOffering`,
    ],
    [
      10,
      0.15,
      `DescribeCapacityBlockExtensionOfferings DescribeCapacityBlockOfferings PurchaseCapacityBlock
      PurchaseCapacityBlockExtension`,
    ],
    [
      10,
      1,
      `AcceptVpcEndpointConnections AssignPrivateNatGatewayAddress AssociateEnclaveCertificateIamRole
      AssociateNatGatewayAddress CreateNatGateway CreateVpcEndpointServiceConfiguration DeleteNatGateway
      DeleteVpcEndpointServiceConfigurations DisassociateEnclaveCertificateIamRole
      DisassociateNatGatewayAddress GetAssociatedEnclaveCertificateIamRoles
      ModifyVpcEndpointServiceConfiguration RejectVpcEndpointConnections UnassignPrivateNatGatewayAddress`,
    ],
    [
      10,
      2,
      `AttachVerifiedAccessTrustProvider CreateVerifiedAccessGroup CreateVerifiedAccessInstance
      CreateVerifiedAccessTrustProvider DeleteVerifiedAccessGroup DeleteVerifiedAccessInstance
      DeleteVerifiedAccessTrustProvider DescribeVerifiedAccessInstanceLoggingConfigurations
      DetachVerifiedAccessTrustProvider ModifyVerifiedAccessGroup ModifyVerifiedAccessInstance
      ModifyVerifiedAccessInstanceLoggingConfiguration ModifyVerifiedAccessTrustProvider`,
    ],
    [
      10,
      10,
      `DescribeAggregateIdFormat DescribeIdFormat DescribeIdentityIdFormat DescribePrincipalIdFormat
      DescribeReservedInstancesOfferings`,
    ],
    [
      20,
      4,
      `CreateVerifiedAccessEndpoint DeleteVerifiedAccessEndpoint ModifyVerifiedAccessEndpoint
      ModifyVerifiedAccessEndpointPolicy ModifyVerifiedAccessGroupPolicy`,
    ],
    [20, 5, "DescribeSecurityGroupReferences DescribeStaleSecurityGroups"],
    [50, 0.1, "CreateRestoreImageTask CreateStoreImageTask"],
    [50, 0.5, "DescribeStoreImageTasks"],
    [50, 3, "CreateSpotDatafeedSubscription DeleteSpotDatafeedSubscription DescribeSpotFleetRequests"],
    [100, 1, "CopyImage"],
    [
      100,
      5,
      `AssignIpv6Addresses AssignPrivateIpAddresses AssociateIamInstanceProfile CreateLaunchTemplateVersion
      CreateNetworkInterface CreateSnapshot CreateSnapshots CreateVolume DeleteNetworkInterface
      DeleteSnapshot DeleteVolume DeregisterImage DescribeSpotFleetInstances
      DescribeSpotFleetRequestHistory DisassociateIamInstanceProfile ModifyImageAttribute
      ModifyInstanceMetadataOptions ModifyLaunchTemplate ModifyNetworkInterfaceAttribute
      ModifySnapshotAttribute TerminateInstances UnassignPrivateIpAddresses`,
    ],
    [100, 10, "CreateTags DeleteTags"],
    [100, 13, "DescribeSpotDatafeedSubscription"],
  ],
  (_operation, burst: number, perSecond: number) => ({ burst, perSecond }),
);

/** What an EC2 call takes. */
export function ec2Charges(operation: string, form: URLSearchParams): Charge {
  const own = uncategorized.get(operation);
  if (own) return { bucket: operation, ...own };
  if (!/^(Describe|List|Search|Get)/.test(operation)) return { bucket: operation, ...mutating };
  if (!smallerUnfiltered.has(operation) || asksForPart(form)) return { bucket: operation, ...nonMutating };
  return { bucket: `${operation} unfiltered`, ...unfiltered };
}

function asksForPart(form: URLSearchParams): boolean {
  return [...form.keys()].some((name) => /^(Filter\.|MaxResults$|NextToken$)/.test(name));
}
