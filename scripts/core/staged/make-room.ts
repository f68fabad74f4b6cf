import { counted } from "../diagnosis/facts.ts";
import { RefusedError } from "../errors.ts";
import { chooseTeardown } from "./choose-teardown.ts";
import type { ObservedApplication } from "./model.ts";

/**
 * How room is made where a quota is used up: the command that takes down what is not needed any more, if anything is.
 *
 * @param keep how many retired deployments stay unless told otherwise
 * @param now milliseconds since 1970
 * @param command a teardown with these options, as it is typed
 */
export function makeRoomText(
  observed: ObservedApplication,
  keep: number,
  now: number,
  command: (options: readonly string[]) => string,
): string {
  const count = (kept: number): number => {
    try {
      return chooseTeardown(observed, { by: "allRetired", keep: kept }, now).length;
    } catch (error) {
      if (error instanceof RefusedError) return 0;
      throw error;
    }
  };
  const found = count(keep);
  if (found > 0)
    return `To make room, take ${counted(found, "deployment")} down: ${command(["--all-retired"])}`;
  const last = count(0);
  if (last > 0) {
    return `To make room, take ${counted(last, "deployment")} down, though ./deploy rollback would go there: ${command(["--all-retired", "--keep", "0"])}`;
  }
  return `${observed.application} has no deployment to take down; other services of the account may have some: ./deploy deployments <service>`;
}
