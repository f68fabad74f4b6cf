/**
 * What ended the deployment as a whole: an alarm, a hook, traffic that could not be shifted, or somebody.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html
 */
import type { Evidence } from "./evidence.ts";
import type { Finding } from "./finding.ts";

/** Causes that ECS's reason for the failure names by itself; none for the circuit breaker, which only counts tasks. */
export function deploymentCauses(evidence: Evidence): readonly Finding[] {
  const words = failureWords(evidence);
  const text = words.join("\n");
  const found =
    alarm(text, evidence) ?? hook(text) ?? trafficShift(text) ?? byHand(text) ?? stageTimedOut(text);
  return found === undefined ? [] : [{ ...found, tasks: [], words }];
}

type Found = Omit<Finding, "tasks" | "words">;

/** ECS's words for the failure, from wherever it has left them. */
function failureWords({ reason, deploymentId, described, serviceDeployment }: Evidence): readonly string[] {
  const ours = described?.deployments?.find(({ id }) => id === deploymentId);
  const marker = `(deployment ${deploymentId}) deployment failed`;
  const event = described?.events?.find(({ message }) => message?.includes(marker) === true)?.message;
  const failed = ours?.rolloutState === "FAILED" ? ours.rolloutStateReason : undefined;
  const words = [reason, serviceDeployment?.statusReason, serviceDeployment?.rollback?.reason, failed, event];
  return [...new Set(words.flatMap((one) => (one === undefined || one === "" ? [] : [one])))];
}

function alarm(text: string, { described, serviceDeployment }: Evidence): Found | undefined {
  const triggered = serviceDeployment?.alarms?.triggeredAlarmNames ?? [];
  if (
    !/\balarms?\b/i.test(text) &&
    triggered.length === 0 &&
    serviceDeployment?.alarms?.status !== "TRIGGERED"
  ) {
    return undefined;
  }
  const watched =
    serviceDeployment?.alarms?.alarmNames ?? described?.deploymentConfiguration?.alarms?.alarmNames ?? [];
  const rang = triggered.length > 0 ? triggered : watched;
  const names = rang.join(", ");
  const surely = triggered.length > 0 || watched.length === 1;
  return {
    kind: "alarm",
    cause: surely
      ? `Alarm ${names} went off during the rollout.`
      : `An alarm of the deployment went off during the rollout${names === "" ? "" : `: one of ${names}`}.`,
    remedy:
      names === ""
        ? "See in CloudWatch which of the deployment's alarms rang, and what it measures."
        : `See what it measured: aws cloudwatch describe-alarm-history --alarm-name ${rang[0] ?? ""}; the new version made it worse, or it rings for reasons of its own.`,
  };
}

function hook(text: string): Found | undefined {
  const pause = /(?:because|on the) (?:of a rollback action on the )?(\w+) pause hook( timed out)?/.exec(
    text,
  );
  if (pause !== null) {
    const stage = pause[1] ?? "";
    return pause[2] === undefined
      ? {
          kind: "hook",
          cause: `Somebody answered the pause at ${stage} with a rollback.`,
          remedy: "Ask who did, and why, before trying again.",
        }
      : {
          kind: "hook",
          cause: `Nobody let the deployment go on at the pause of ${stage} before its time was over.`,
          remedy:
            "Go on in time (aws ecs continue-service-deployment), or give the hook a longer timeoutConfiguration or CONTINUE as its action.",
        };
  }
  const failed = /because (\w+) lifecycle hook\(s\) failed/.exec(text);
  if (failed === null) return undefined;
  const target = /(?:hook target|response from) (\S+)/.exec(text)?.[1];
  const name =
    target === undefined ? "A lifecycle hook" : `Lifecycle hook ${target.slice(target.lastIndexOf(":") + 1)}`;
  const why = /due to:? ([^\n]+)/.exec(text)?.[1]?.replace(/[.\s]*$/, "");
  const cannot = /unable to (invoke|parse)/.exec(text)?.[1];
  return {
    kind: "hook",
    cause: `${name} at stage ${failed[1] ?? ""} ${cannot === "invoke" ? "could not be called" : cannot === "parse" ? "gave no answer that ECS understands" : "answered FAILED"}${why === undefined ? "" : `: ${why}`}.`,
    remedy:
      cannot === "invoke"
        ? "Check that the function exists and that the hook's role may call it (lambda:InvokeFunction)."
        : cannot === "parse"
          ? 'Let the function answer {"hookStatus": "SUCCEEDED"}, FAILED or IN_PROGRESS, and see its log.'
          : "See the function's log for what it found wrong with the new version.",
  };
}

function trafficShift(text: string): Found | undefined {
  const why = /because of invalid networking configuration[.:]? ?([^\n]*)/.exec(text)?.[1];
  if (why === undefined) return undefined;
  return {
    kind: "trafficShift",
    cause: `ECS could not shift traffic, since the listener rules do not fit${why === "" ? "" : `: ${why.replace(/[.\s]*$/, "")}`}.`,
    remedy:
      "Let productionListenerRule forward to one of the service's two target groups alone (weight 0 for the other), and see that both rules exist.",
  };
}

function byHand(text: string): Found | undefined {
  if (
    !/rollback was requested|StopServiceDeployment|stop(?:ped)? (?:was )?requested|stopped by (?:a )?user/i.test(
      text,
    )
  )
    return undefined;
  return {
    kind: "stoppedByHand",
    cause: "Somebody stopped the deployment and asked ECS to roll it back.",
    remedy: "CloudTrail tells who called StopServiceDeployment; ask before trying again.",
  };
}

function stageTimedOut(text: string): Found | undefined {
  const stage = /because the (\w+) lifecycle stage timed out/.exec(text)?.[1];
  if (stage === undefined) return undefined;
  return {
    kind: "other",
    cause: `Stage ${stage} of the deployment took longer than the 24 hours that ECS allows.`,
    remedy: "See what the stage waits for: healthy tasks in SCALE_UP, a hook in the others.",
  };
}
