import { maxAttempts, retries } from "./retries.ts";

/** What every SDK client is built with. The endpoint and the credentials come from AWS's own environment variables. */
export interface ClientSettings {
  readonly region: string;
  readonly profile?: string;
  /** Tries of one call, the first included. */
  readonly maxAttempts: number;
  readonly retryStrategy: ReturnType<typeof retries>;
  readonly requestHandler: { readonly connectionTimeout: number; readonly requestTimeout: number };
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

/** A connection that says nothing for so long is given up and the call tried again. */
const requestHandler = { connectionTimeout: 10_000, requestTimeout: 30_000 };

/** Settings for a region and, where the user named one, a profile. */
export function clientSettings(region: string, profile?: string): ClientSettings {
  return {
    region,
    maxAttempts,
    retryStrategy: retries("anything"),
    requestHandler,
    logger,
    ...(profile === undefined ? {} : { profile }),
  };
}

/**
 * The same for calls that must not happen twice and that AWS knows no token for: they are tried again only where AWS
 * surely did nothing. Whoever makes one looks, after any other failure, whether it came about.
 */
export function onceOnly(settings: ClientSettings): ClientSettings {
  return { ...settings, retryStrategy: retries("throttling") };
}
