import type { Verb } from "../command-line/verbs.ts";
import type { NextStep, ServiceStatus } from "./model.ts";

/**
 * How to go on with the deployment that is under way, where its traffic moves by ECS's strategies or by CodeDeploy.
 *
 * @param command another command on the same service, as it is typed
 */
export function nextSteps(
  {
    codeDeploy,
    serviceDeployment,
    isNative,
    replacesSome,
  }: Pick<ServiceStatus, "codeDeploy" | "serviceDeployment"> & {
    readonly isNative: boolean;
    /** Whether ECS's deployment replaces another, to which it could go back. */
    readonly replacesSome: boolean;
  },
  command: (verb: Verb) => string,
): readonly NextStep[] {
  const approve: NextStep = { purpose: "let it go on", command: command("activate") };
  const goBack: NextStep = { purpose: "go back", command: command("rollback") };
  if (codeDeploy !== undefined) {
    const { underWay, rollsBack, waitsForApproval } = codeDeploy;
    if (!underWay) return [];
    if (rollsBack !== undefined) return [{ purpose: "wait for the rollback", command: command("rollback") }];
    return waitsForApproval === undefined ? [goBack] : [approve, goBack];
  }
  if (serviceDeployment === undefined || !isNative) return [];
  const { status, awaiting } = serviceDeployment;
  if (status === "PENDING" || status === "IN_PROGRESS") {
    return [...(awaiting.length > 0 ? [approve] : []), ...(replacesSome ? [goBack] : [])];
  }
  return /^(STOP|ROLLBACK)_(REQUESTED|IN_PROGRESS)$/.test(status)
    ? [{ purpose: "wait for the rollback", command: command("rollback") }]
    : [];
}
