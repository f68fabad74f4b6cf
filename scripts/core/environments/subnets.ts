/**
 * How an environment's VPC block is divided into subnets.
 */
import { formatCidr, parseCidr, partOf } from "./cidr.ts";

/** A VPC block is cut into 16 parts: 8 for private subnets, 8 for public ones. Zones can be added without a move. */
const EXTRA_BITS = 4;

/** The most zones that an environment can span. */
export const MAXIMUM_ZONES = 8;

/** The longest prefix whose parts still hold an ALB: it wants subnets of /27 or larger. */
export const LONGEST_VPC_PREFIX = 27 - EXTRA_BITS;

/** The largest VPC that AWS allows is a /16. */
export const SHORTEST_VPC_PREFIX = 16;

/** The CIDR blocks of an environment's subnets, one of each kind a zone, in the order of the zones. */
export interface SubnetBlocks {
  readonly private: readonly string[];
  readonly public: readonly string[];
}

/**
 * Divides the block of a VPC for a number of zones. The blocks of a zone depend on its position alone.
 *
 * @throws RangeError when `cidr` is no IPv4 block or the number of zones is above {@link MAXIMUM_ZONES}
 */
export function subnetBlocks(cidr: string, zoneCount: number): SubnetBlocks {
  const vpc = parseCidr(cidr);
  if (vpc === undefined || zoneCount > MAXIMUM_ZONES) {
    throw new RangeError(
      `Cannot divide ${cidr} for ${zoneCount} zones; at most ${MAXIMUM_ZONES} are possible.`,
    );
  }
  const zones = Array.from({ length: zoneCount }, (_, index) => index);
  return {
    private: zones.map((zone) => formatCidr(partOf(vpc, EXTRA_BITS, zone))),
    public: zones.map((zone) => formatCidr(partOf(vpc, EXTRA_BITS, MAXIMUM_ZONES + zone))),
  };
}
