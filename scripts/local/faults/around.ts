import { setTimeout as sleep } from "node:timers/promises";

import { internalFailure } from "../gateway/error-answer.ts";
import type { ApiRequest, ApiResponse } from "../gateway/request.ts";
import { rateExceeded } from "../throttling/throttle.ts";
import type { Fault } from "./fault.ts";

/** No answer: the connection is cut. */
export const noAnswer = Symbol("no answer");

/** Answers a call to which a fault happens. @param proceed answers it as if nothing were wrong */
export async function answerWithFault(
  fault: Fault,
  call: ApiRequest,
  proceed: () => Promise<ApiResponse | typeof noAnswer>,
): Promise<ApiResponse | typeof noAnswer> {
  switch (fault.kind) {
    case "delay":
      await sleep(fault.delayMs);
      return proceed();
    case "throttle":
      return rateExceeded(call, fault.message);
    case "error":
      return internalFailure(call, fault.message);
    case "reset":
      return noAnswer;
    case "drop-after-effect":
      await proceed();
      return noAnswer;
  }
}
