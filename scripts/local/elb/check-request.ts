import { Agent, request as requestHttp, type ClientRequest } from "node:http";
import { Agent as SecureAgent, request as requestHttps } from "node:https";

import type { CheckOutcome } from "./health.ts";
import { TargetProtocols } from "./target-protocol.ts";

/** One health check request. */
export interface Check {
  readonly localPort: number;
  /** What the target is called in the modelled network, as `address:port`. */
  readonly host: string;
  readonly path: string;
  readonly timeoutMs: number;
  readonly overTls: boolean;
}

/**
 * Sends the requests of health checks. AWS opens a connection for each; here they are kept, since hundreds of checks
 * a second of real time are a matter of the fast clock.
 */
export class CheckRequests {
  readonly #http = new Agent({ keepAlive: true });
  readonly #https = new SecureAgent({ keepAlive: true, rejectUnauthorized: false });
  readonly #protocols = new TargetProtocols();

  /** What came of a check; it never fails. */
  async send(check: Check): Promise<CheckOutcome> {
    const tls = check.overTls && (await this.#protocols.speaksTls(check.localPort));
    // A path that cannot be requested, such as one with a space, throws.
    return this.#send(check, tls, true).catch(() => ({ type: "refused" }));
  }

  close(): void {
    this.#http.destroy();
    this.#https.destroy();
  }

  #send(check: Check, tls: boolean, pooled: boolean): Promise<CheckOutcome> {
    return new Promise((resolve) => {
      const request = this.#request(check, tls, pooled);
      request.once("response", (response) => {
        response.resume();
        resolve({ type: "status", code: response.statusCode ?? 0 });
      });
      request.once("timeout", () => {
        resolve({ type: "timeout" });
        request.destroy();
      });
      request.once("error", () => {
        // A kept connection that the target had closed meanwhile says nothing of its health.
        if (request.reusedSocket && pooled) resolve(this.#send(check, tls, false));
        else resolve({ type: "refused" });
      });
      request.end();
    });
  }

  #request({ localPort, host, path, timeoutMs }: Check, tls: boolean, pooled: boolean): ClientRequest {
    const headers = { "user-agent": "ELB-HealthChecker/2.0", host };
    const where = { host: "127.0.0.1", port: localPort, path, headers, timeout: timeoutMs };
    if (tls)
      return requestHttps({ ...where, agent: pooled ? this.#https : false, rejectUnauthorized: false });
    return requestHttp({ ...where, agent: pooled ? this.#http : false });
  }
}
