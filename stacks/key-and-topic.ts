import type { Construct } from "constructs";
import { EncryptionStack } from "./encryption.ts";
import type { EnvironmentStackSettings } from "./environment-stack.ts";
import { MonitoringStack } from "./monitoring.ts";

/**
 * Adds what an environment's other stacks refer to, if it wants it: its key, and after it the topic that alarms tell.
 *
 * @returns what those other stacks are given
 */
export function addKeyAndTopic(app: Construct, given: EnvironmentStackSettings): EnvironmentStackSettings {
  const { encryptionKey, monitoring } = given.environment;
  const encryptionKeyArn = encryptionKey === "own" ? new EncryptionStack(app, given).keyArn : encryptionKey;
  const encrypted = encryptionKeyArn === undefined ? given : { ...given, encryptionKeyArn };
  if (monitoring === undefined) return encrypted;
  const { subscriptions } = monitoring;
  return { ...encrypted, eventTopicArn: new MonitoringStack(app, { ...encrypted, subscriptions }).topicArn };
}
