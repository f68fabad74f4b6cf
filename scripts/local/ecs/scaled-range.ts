import type { Transaction } from "../world/transaction.ts";
import { lookSoon } from "./wake.ts";

/**
 * Brings a service's count into the range in which it is scaled, as Application Auto Scaling does by itself when its
 * scalable target is registered, or changed in whatever way.
 *
 * @param resourceId as in `service/test/web`
 * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
 */
export function bringIntoRange(
  { state, now }: Transaction,
  resourceId: string,
  { least, most }: { readonly least: number; readonly most: number },
): void {
  const service = Object.values(state.ecs.services).find(
    ({ arn, status }) => status === "ACTIVE" && arn.endsWith(`:${resourceId}`),
  );
  if (service === undefined) return;
  const count = Math.min(Math.max(service.desiredCount, least), most);
  if (count === service.desiredCount) return;
  service.desiredCount = count;
  service.steady = false;
  lookSoon(state, now, service.arn);
}
