import { isMissing, unless } from "../attributes.ts";
import type { RuleBody } from "../rule.ts";

const YEAR_DAYS = 365;

const retention: RuleBody = {
  why: "Break-ins are found months later, and then the log of the first day is wanted.",
  types: ["aws_cloudwatch_log_group"],
  mend: "Set cluster.logRetentionDays and network.flowLogs.retentionDays to 365 or more.",
  check({ attributes: { retention_in_days: days } }) {
    // 0 keeps them for ever; unwritten does so too, and shows nobody that it was meant.
    const holds = typeof days === "number" && (days === 0 || days >= YEAR_DAYS);
    return unless(holds, "retention_in_days", days);
  },
};

const encryptedLogs: RuleBody = {
  why: "Logs hold what containers say, and with a key of yours who reads them is in its policy and its log.",
  types: ["aws_cloudwatch_log_group"],
  mend: "Set encryptionKey.",
  check: ({ attributes: { kms_key_id: key } }) => unless(!isMissing(key), "kms_key_id", key),
};

const encryptedTopics: RuleBody = {
  why: "Notifications name services, tasks and what went wrong with them.",
  types: ["aws_sns_topic"],
  mend: "Set encryptionKey.",
  check: ({ attributes: { kms_master_key_id: key } }) => unless(!isMissing(key), "kms_master_key_id", key),
};

/** Rules for logs and notifications. */
export const logRules = {
  CKV_AWS_338: retention,
  CKV_AWS_158: encryptedLogs,
  CKV_AWS_26: encryptedTopics,
};
