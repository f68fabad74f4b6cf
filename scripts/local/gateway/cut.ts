import type { IncomingMessage } from "node:http";

/**
 * Cuts a caller's connection by a reset, as it breaks on the way. One that is about to end has nobody left to reset: Node
 * would keep its handle for good, so that the process could never exit.
 */
export function cut({ socket }: IncomingMessage): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
