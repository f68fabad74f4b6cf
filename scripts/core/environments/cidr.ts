/**
 * Arithmetic on IPv4 blocks in CIDR notation.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html
 */

/** A block: its first address as an unsigned 32-bit number, and the length of its prefix. */
export interface CidrBlock {
  readonly first: number;
  readonly prefix: number;
}

const CIDR = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** Parses `10.0.0.0/16`; undefined when it is not an IPv4 block. The address may have bits beyond the prefix. */
export function parseCidr(text: string): CidrBlock | undefined {
  const numbers = CIDR.exec(text)?.slice(1).map(Number);
  if (numbers === undefined) {
    return undefined;
  }
  const [a = 0, b = 0, c = 0, d = 0, prefix = 0] = numbers;
  if ([a, b, c, d].some((octet) => octet > 255) || prefix > 32) {
    return undefined;
  }
  return { first: ((a * 256 + b) * 256 + c) * 256 + d, prefix };
}

/** The number of addresses in a block. */
function addressCount(block: CidrBlock): number {
  return 2 ** (32 - block.prefix);
}

/** The block that contains the address and starts where its prefix allows. */
export function alignedBlock(block: CidrBlock): CidrBlock {
  return { first: block.first - (block.first % addressCount(block)), prefix: block.prefix };
}

/** Whether two aligned blocks share an address. */
export function overlaps(one: CidrBlock, other: CidrBlock): boolean {
  return one.first < other.first + addressCount(other) && other.first < one.first + addressCount(one);
}

/** The `index`-th of the equal parts that a block falls into when its prefix grows by `extraBits`. */
export function partOf(block: CidrBlock, extraBits: number, index: number): CidrBlock {
  const prefix = block.prefix + extraBits;
  return { first: block.first + index * addressCount({ first: 0, prefix }), prefix };
}

/** Writes a block as `10.0.0.0/16`. */
export function formatCidr(block: CidrBlock): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(block.first / 2 ** shift) % 256);
  return `${octets.join(".")}/${block.prefix}`;
}
