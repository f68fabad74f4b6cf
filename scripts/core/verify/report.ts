import type { Check } from "../check.ts";

/** What `./deploy verify` found of one service. */
export interface VerifiedService {
  readonly service: string;
  readonly cluster: string;
  /** Whether a service of this name is ACTIVE; absent where that may not be read. */
  readonly exists?: boolean;
  readonly checks: readonly Check[];
}

/** The document of `./deploy verify`. */
export interface VerifyReport {
  readonly command: "verify";
  readonly environment: string;
  readonly region: string;
  readonly exitCode: number;
  readonly summary: Readonly<Record<Check["status"], number>>;
  readonly services: readonly VerifiedService[];
}

/** How many checks came to what. */
export function summaryOf(services: readonly VerifiedService[]): VerifyReport["summary"] {
  const count = (status: Check["status"]): number =>
    services.flatMap(({ checks }) => checks).filter((check) => check.status === status).length;
  return { ok: count("ok"), failed: count("failed"), skipped: count("skipped") };
}
