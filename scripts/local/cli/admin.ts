import { request, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";

import { endpointOn } from "./client.ts";
import { CommandError } from "./output.ts";

/**
 * Asks the admin interface of the local AWS on a port.
 *
 * @returns what it answers
 * @throws CommandError when none runs there, or with what it says is wrong
 */
export async function askAdmin(port: number, method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await openAdmin(port, method, path, body);
  const content = JSON.parse(await text(answer)) as { message?: string };
  if ((answer.statusCode ?? 500) < 400) return content;
  throw new CommandError(content.message ?? `The local AWS answered ${answer.statusCode ?? "nothing"}.`);
}

/** Opens an answer of the admin interface, to be read as it comes. @throws CommandError when none runs there */
export function openAdmin(
  port: number,
  method: string,
  path: string,
  body?: unknown,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    const asked = request(`${endpointOn(port)}/_slipway/${path}`, { method, headers }, resolve);
    asked.once("error", (cause) => {
      reject(
        new CommandError(`No local AWS runs at ${endpointOn(port)}. Start it: ./local start`, { cause }),
      );
    });
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
