/** What every SDK client is built with. The endpoint and the credentials come from AWS's own environment variables. */
export interface ClientSettings {
  readonly region: string;
  readonly profile?: string;
  /** Tries of one call, the first included; the SDK waits longer before each. */
  readonly maxAttempts: number;
}

/** Patience with throttling: about 20 s of growing pauses. */
const maxAttempts = 8;

/** Settings for a region and, where the user named one, a profile. */
export function clientSettings(region: string, profile?: string): ClientSettings {
  return { region, maxAttempts, ...(profile === undefined ? {} : { profile }) };
}
