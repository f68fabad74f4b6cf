import { connect } from "node:tls";

/** How long a target may take to answer a greeting. */
const patienceMs = 2000;
/** How long an answer is believed: a port may be another container's later. */
const believedMs = 10_000;

/**
 * Which targets speak TLS. A group of protocol HTTPS is reached over TLS where the target speaks it, and over plain
 * HTTP where it does not, as the catalogue's containers: an image that terminates TLS is not to be told from its name.
 */
export class TargetProtocols {
  readonly #known = new Map<number, { readonly askedAt: number; readonly answer: Promise<boolean> }>();

  /** Whether what listens on a loopback port answers a TLS greeting. It is asked now and then. */
  speaksTls(localPort: number): Promise<boolean> {
    const now = performance.now();
    const known = this.#known.get(localPort);
    if (known && now - known.askedAt < believedMs) return known.answer;
    for (const [port, { askedAt }] of this.#known) if (now - askedAt >= believedMs) this.#known.delete(port);
    const answer = greet(localPort);
    this.#known.set(localPort, { askedAt: now, answer });
    return answer;
  }
}

function greet(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    // A load balancer does not check its targets' certificates.
    const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false });
    const answer = (speaks: boolean) => {
      resolve(speaks);
      socket.destroy();
    };
    socket.setTimeout(patienceMs, () => {
      answer(false);
    });
    socket.once("secureConnect", () => {
      answer(true);
    });
    socket.once("error", () => {
      answer(false);
    });
  });
}
