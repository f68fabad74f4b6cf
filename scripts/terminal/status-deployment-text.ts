import type { ServiceStatus } from "../core/status/model.ts";
import { cleanLine } from "./clean-text.ts";
import type { Paint } from "./paint.ts";
import { moment, time } from "./status-times.ts";

/** The deployments that AWS lists, then what is known of the one under way. */
export function deploymentLines(
  status: ServiceStatus,
  { paint, now }: { readonly paint: Paint; readonly now: number },
): readonly string[] {
  const { deployments, serviceDeployment, codeDeploy } = status;
  const lines = deployments.map(
    ({ id, status: state, revision, rolloutState, reason, desired, running, pending, failed, createdAt }) => {
      const tone =
        rolloutState === "FAILED" ? paint.bad : rolloutState === "IN_PROGRESS" ? paint.warning : paint.good;
      const counts = `${running}/${desired} running${pending > 0 ? `, ${pending} pending` : ""}${failed > 0 ? `, ${failed} failed` : ""}`;
      const told = reason === undefined || rolloutState === "COMPLETED" ? "" : ` ${cleanLine(reason)}`;
      return `${id} ${state} ${rolloutState === undefined ? "" : `${tone(rolloutState)} `}${revision} ${counts}, ${moment(createdAt, now)}${told}`;
    },
  );
  if (codeDeploy !== undefined) return [...lines, ...codeDeployLines(codeDeploy, paint)];
  if (serviceDeployment === undefined) return lines;
  const {
    status: state,
    reason,
    lifecycleStage,
    strategy,
    awaiting,
    circuitBreaker,
    triggeredAlarms,
  } = serviceDeployment;
  // For a rolling deployment that succeeded the list above says it all.
  if (state === "SUCCESSFUL" && lifecycleStage === undefined) return lines;
  const isOpen =
    lifecycleStage !== undefined && /^(PENDING|IN_PROGRESS|.*_REQUESTED|.*_IN_PROGRESS)$/.test(state);
  const stage = isOpen ? `, stage ${lifecycleStage}${trafficText(serviceDeployment)}` : "";
  const breaker =
    circuitBreaker === undefined || circuitBreaker.failures === 0
      ? ""
      : `, circuit breaker ${circuitBreaker.failures} of ${circuitBreaker.threshold} failures`;
  return [
    ...lines,
    `${strategy === undefined ? "" : `${strategy} `}${toned(state, paint)}${stage}${breaker}${reason === undefined ? "" : `: ${cleanLine(reason)}`}`,
    ...awaiting.map(({ expiresAt }) => paint.warning(`paused: it waits for approval${untilText(expiresAt)}`)),
    ...(triggeredAlarms.length === 0 ? [] : [paint.bad(`alarms: ${triggeredAlarms.join(", ")}`)]),
  ];
}

function codeDeployLines(
  {
    id,
    status,
    revision,
    stage,
    stageStatus,
    traffic,
    deploymentConfig,
    rollsBack,
    underWay,
    reason,
    waitsForApproval,
    oldTasksStay,
  }: NonNullable<ServiceStatus["codeDeploy"]>,
  paint: Paint,
): readonly string[] {
  const tone = status === "Succeeded" ? paint.good : underWay ? paint.warning : paint.bad;
  const parts = [
    `CodeDeploy ${id} ${tone(status)} ${revision ?? "an unknown revision"}`,
    ...(rollsBack === undefined ? [] : [`rolls ${rollsBack} back`]),
    ...(deploymentConfig === undefined ? [] : [deploymentConfig]),
    ...(stage === undefined ? [] : [`stage ${stage} ${stageStatus ?? ""}`.trimEnd()]),
  ];
  const why = reason === undefined ? "" : `: ${cleanLine(reason)}`;
  return [
    `${parts.join(", ")}${underWay ? trafficText({ traffic }) : ""}${why}`,
    ...(waitsForApproval === undefined
      ? []
      : [paint.warning(`paused: it waits for approval${untilText(waitsForApproval.until)}`)]),
    ...(oldTasksStay === undefined
      ? []
      : [`all traffic has moved; the old tasks stay${untilText(oldTasksStay.until)}`]),
  ];
}

function untilText(at: string | undefined): string {
  return at === undefined ? "" : ` until ${time(at)}`;
}

function trafficText({ traffic }: Pick<NonNullable<ServiceStatus["serviceDeployment"]>, "traffic">): string {
  if (traffic === undefined) return "";
  const shares = (["production", "test"] as const).flatMap((of) =>
    traffic[of] === undefined ? [] : [`${traffic[of]} % of ${of}`],
  );
  return `, ${shares.join(", ")} traffic on the new version`;
}

function toned(state: string, paint: Paint): string {
  if (state === "SUCCESSFUL") return paint.good(state);
  return state === "PENDING" || state === "IN_PROGRESS" ? paint.warning(state) : paint.bad(state);
}
