/**
 * Reads CBOR, the body of protocol rpcv2Cbor, which the SDKs speak with CloudWatch.
 *
 * @see https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html
 * @see https://www.rfc-editor.org/rfc/rfc8949
 */

const indefinite = 31;
const stop = Symbol("break");

/**
 * Decodes one item: maps with text keys become objects, byte strings buffers.
 *
 * @throws RangeError when the bytes end too early
 */
export function decodeCbor(bytes: Buffer): unknown {
  return new Decoder(bytes).item();
}

class Decoder {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  item(): unknown {
    const head = this.#bytes.readUInt8(this.#at);
    this.#at += 1;
    const major = head >> 5;
    const info = head & 31;
    if (major === 7) return this.#simple(info);
    const length = info === indefinite ? null : this.#argument(info);
    switch (major) {
      case 0:
        return length;
      case 1:
        return -1 - (length ?? 0);
      case 2:
        return length === null ? Buffer.concat(this.#all() as Buffer[]) : this.#take(length);
      case 3:
        return length === null ? this.#all().join("") : this.#take(length).toString();
      case 4:
        return this.#all(length);
      case 5: {
        const flat = this.#all(length === null ? null : length * 2);
        const pairs = flat.flatMap((key, index) => (index % 2 === 0 ? [[String(key), flat[index + 1]]] : []));
        return Object.fromEntries(pairs) as unknown;
      }
      default:
        // A tag, as on timestamps: what it marks is all that matters here.
        return this.item();
    }
  }

  #all(count: number | null = null): unknown[] {
    const items: unknown[] = [];
    while (count === null || items.length < count) {
      const item = this.item();
      if (item === stop) break;
      items.push(item);
    }
    return items;
  }

  #take(length: number): Buffer {
    const from = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new RangeError("The CBOR body ends within an item.");
    return this.#bytes.subarray(from, this.#at);
  }

  #argument(info: number): number {
    if (info < 24) return info;
    const bytes = this.#take(2 ** (info - 24));
    return bytes.length === 8 ? Number(bytes.readBigUInt64BE()) : bytes.readUIntBE(0, bytes.length);
  }

  #simple(info: number): unknown {
    if (info === 20 || info === 21) return info === 21;
    if (info === 22) return null;
    if (info === indefinite) return stop;
    if (info === 25) return half(this.#take(2).readUInt16BE());
    if (info === 26) return this.#take(4).readFloatBE();
    if (info === 27) return this.#take(8).readDoubleBE();
    return undefined;
  }
}

function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
