import { exitCode } from "../core/exit-code.ts";
import type { Output } from "../terminal/output.ts";

interface SignalHost {
  on(signal: "SIGINT" | "SIGTERM", listener: () => void): unknown;
  off(signal: "SIGINT" | "SIGTERM", listener: () => void): unknown;
  exit(code: number): never;
}

/**
 * Ctrl-C, or a pipeline that cancels its job: the first asks the run to end and tell how things stand, the second
 * leaves at once.
 */
export function onInterrupt(
  host: SignalHost,
  output: Pick<Output, "event">,
): { readonly signal: AbortSignal; readonly release: () => void } {
  const controller = new AbortController();
  const listener = (): void => {
    if (controller.signal.aborted) host.exit(exitCode.interrupted);
    controller.abort();
    output.event({
      type: "note",
      at: new Date().toISOString(),
      message: "Interrupted: finishing the call under way to say how things stand. Again to leave at once.",
    });
  };
  host.on("SIGINT", listener);
  host.on("SIGTERM", listener);
  return {
    signal: controller.signal,
    release: () => {
      host.off("SIGINT", listener);
      host.off("SIGTERM", listener);
    },
  };
}
