/**
 * The certificates of HTTPS listeners. AWS keeps its certificates' keys to itself, so each is issued anew, for the
 * same names, by an authority of this run whose own certificate a client can trust.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";

import { generate, type CertificateExtension, type SubjectAltNameEntry } from "selfsigned";

import type { ListenerCertificate } from "./state.ts";

/** A certificate and its key, both as PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

/** Names by which a listener is reached on this machine, whatever its certificate is for. */
const everywhere: readonly SubjectAltNameEntry[] = [
  { type: 2, value: "localhost" },
  { type: 7, ip: "127.0.0.1" },
  { type: 7, ip: "::1" },
];

const dayMs = 24 * 3600 * 1000;
/** Clients refuse certificates of more than 398 days. */
const validDays = 397;
const elliptic = { keyType: "ec", curve: "P-256", algorithm: "sha256" } as const;

/** Issues certificates for one run. */
export class CertificateAuthority {
  /** The PEM file of the authority's own certificate; it is there once a listener has needed it. */
  readonly file: string;
  #authority: Promise<Issued> | undefined;
  readonly #issued = new Map<string, Promise<Issued>>();

  /** @param directory where the PEM file is put, as `ca.pem` */
  constructor(directory: string) {
    this.file = path.join(directory, "ca.pem");
  }

  /** A certificate for the same names as the given one; the same for the same names. */
  issue({ arn, domainNames }: ListenerCertificate): Promise<Issued> {
    const key = [arn, ...domainNames].join(" ");
    const issued = this.#issued.get(key) ?? this.#issue(domainNames);
    this.#issued.set(key, issued);
    return issued;
  }

  async #issue(domainNames: readonly string[]): Promise<Issued> {
    this.#authority ??= this.#found();
    const names = domainNames.map((value): SubjectAltNameEntry => ({ type: 2, value }));
    return issue(domainNames[0] ?? "localhost", await this.#authority, [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames: [...names, ...everywhere] },
    ]);
  }

  async #found(): Promise<Issued> {
    const authority = await issue("Local AWS", undefined, [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ]);
    writeFileSync(this.file, authority.cert);
    return authority;
  }
}

async function issue(
  commonName: string,
  authority: Issued | undefined,
  extensions: CertificateExtension[],
): Promise<Issued> {
  const { cert, private: key } = await generate([{ name: "commonName", value: commonName }], {
    ...elliptic,
    // A clock that goes a little wrong must not refuse a certificate of this minute.
    notBeforeDate: new Date(Date.now() - dayMs),
    notAfterDate: new Date(Date.now() + (validDays - 1) * dayMs),
    extensions,
    ...(authority && { ca: authority }),
  });
  return { cert, key };
}

/**
 * The certificate for the name that a client asks for: one with that very name, else with a wildcard for it, else
 * the default one.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/https-listener-certificates.html
 */
export function certificateFor(
  certificates: readonly ListenerCertificate[],
  serverName: string | undefined,
): ListenerCertificate | undefined {
  const name = serverName?.toLowerCase() ?? "";
  const wildcard = `*.${name.slice(name.indexOf(".") + 1)}`;
  const named = (wanted: string) =>
    certificates.find(({ domainNames }) => domainNames.some((domain) => domain.toLowerCase() === wanted));
  return named(name) ?? named(wildcard) ?? certificates[0];
}
