/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html */

/** What a line of a service's event log says, as far as it tells of trouble. */
export type ServiceTrouble =
  /** No host, or Fargate, took a task. `words` is what ECS says of it. */
  | { readonly type: "notPlaced"; readonly words: string }
  | {
      readonly type: "unhealthyTarget";
      readonly targetGroupArn: string;
      readonly taskId?: string;
      readonly words: string;
    }
  | { readonly type: "unhealthyContainer"; readonly taskId?: string }
  /** A task could not be launched, or its targets not be registered. */
  | { readonly type: "refused"; readonly words: string }
  | { readonly type: "throttled" }
  | { readonly type: "stuckByConfiguration" };

const unhealthyTarget =
  /(?:\(task ([^)\s]+)\) )?(?:\(instance [^)]+\) )?(?:\(port \d+\) )?is unhealthy in \(?(?:target-group|elb) ([^)\s]+)\)? due to \(reason (.*?)\)\.?$/s;

/** Reads one event; undefined for what is no trouble, or says nothing of its cause. */
export function readServiceEvent(message: string): ServiceTrouble | undefined {
  const unhealthy = unhealthyTarget.exec(message);
  if (unhealthy !== null) {
    const [, taskId, targetGroupArn = "", words = ""] = unhealthy;
    return { type: "unhealthyTarget", targetGroupArn, words, ...(taskId === undefined ? {} : { taskId }) };
  }
  if (/failed container health checks/.test(message)) {
    const taskId = /\(task ([^)\s]+)\)/.exec(message)?.[1];
    return { type: "unhealthyContainer", ...(taskId === undefined ? {} : { taskId }) };
  }
  const notPlaced = /was unable to place a task(?:\. Reason: | because )(.*)$/s.exec(message);
  if (notPlaced !== null) return { type: "notPlaced", words: notPlaced[1] ?? "" };
  const refused =
    /(?:failed to|was unable to|is unable to) [^()]*(?:\([^)]*\) )*(?:with|due to) \((?:error|reason) (.*)\)\.?$/s.exec(
      message,
    );
  if (refused !== null) return { type: "refused", words: refused[1] ?? "" };
  if (/operations are being throttled|Rate exceeded/.test(message)) return { type: "throttled" };
  if (/because of the service deployment configuration/.test(message))
    return { type: "stuckByConfiguration" };
  return undefined;
}
