import { InterruptedError } from "../core/errors.ts";
import { exitCode } from "../core/exit-code.ts";
import { interruptText, leavingText } from "../terminal/interrupt-text.ts";
import type { RunOutput } from "../terminal/output.ts";

/** Ctrl-C, a pipeline that cancels its job, and a terminal that was closed. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type Signal = (typeof signals)[number];

interface SignalHost {
  on(signal: Signal, listener: () => void): unknown;
  off(signal: Signal, listener: () => void): unknown;
  exit(code: number): never;
}

/**
 * The first signal asks the run to end and tells how things stand, the second leaves at once with exit code 130, with
 * what it stopped on as every run's last word, and the terminal as it was found.
 *
 * @param resumable whether the same command would take up what this one has begun
 */
export function onInterrupt(
  host: SignalHost,
  output: Pick<RunOutput, "event" | "error" | "view">,
  resumable: boolean,
): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const listener = (): void => {
    if (controller.signal.aborted) {
      output.error(new InterruptedError(leavingText(output.view())));
      host.exit(exitCode.interrupted);
    }
    controller.abort();
    const message = interruptText(output.view(), resumable);
    output.event({ type: "warning", at: new Date().toISOString(), message });
  };
  for (const signal of signals) host.on(signal, listener);
  return {
    signal: controller.signal,
    release: () => {
      for (const signal of signals) host.off(signal, listener);
    },
  };
}
