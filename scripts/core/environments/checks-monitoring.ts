/**
 * What has to hold for the key of an environment and for those who are told.
 */
import type { Finding } from "./checks.ts";
import { asObject, within, type Raw } from "./parts.ts";
import { encryptionKey, monitoring } from "./schema-monitoring.ts";

/** Checks both in an environment as the file has it. */
export function checkMonitoring(raw: Raw, region: string | undefined): Finding[] {
  const { subscriptions } = monitoring.unwrap().shape;
  const written = asObject(raw.monitoring).subscriptions;
  return [
    ...within(["encryptionKey"], encryptionKey, raw.encryptionKey, (key) => checkEncryptionKey(key, region)),
    ...within(["monitoring", "subscriptions"], subscriptions, written, checkSubscriptions),
  ];
}

/** Checks that a given key is in the environment's Region: AWS's services take no other. */
function checkEncryptionKey(key: string, region: string | undefined): Finding[] {
  const its = key.split(":")[3];
  return key === "own" || region === undefined || its === region
    ? []
    : [
        {
          path: [],
          message: `The key is in ${String(its)} and this environment in ${region}; logs and topics take a key of their own Region. Name one of ${region}, or write "own".`,
        },
      ];
}

/** Checks that nobody is to be told twice. */
function checkSubscriptions(endpoints: readonly string[]): Finding[] {
  return endpoints.flatMap((endpoint, index) =>
    endpoints.indexOf(endpoint) === index
      ? []
      : [{ path: [index], message: `"${endpoint}" stands here twice. Remove one of the two.` }],
  );
}
