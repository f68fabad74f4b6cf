/** What every SDK client is built with. The endpoint and the credentials come from AWS's own environment variables. */
export interface ClientSettings {
  readonly region: string;
  readonly profile?: string;
  /** Tries of one call, the first included; the SDK waits longer before each. */
  readonly maxAttempts: number;
  readonly logger: Logger;
}

/** The SDK's own remarks go nowhere: what matters comes as an error, and --verbose tells of the calls. */
interface Logger {
  readonly debug: () => void;
  readonly info: () => void;
  readonly warn: () => void;
  readonly error: () => void;
}

const silent = (): void => undefined;
const logger: Logger = { debug: silent, info: silent, warn: silent, error: silent };

/** Patience with throttling: about 20 s of growing pauses. */
const maxAttempts = 8;

/** Settings for a region and, where the user named one, a profile. */
export function clientSettings(region: string, profile?: string): ClientSettings {
  return { region, maxAttempts, logger, ...(profile === undefined ? {} : { profile }) };
}
