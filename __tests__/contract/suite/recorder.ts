import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";

import type { ECSClient } from "@aws-sdk/client-ecs";

/** An answer as it came over the wire, and as the SDK's client gave it to its caller. */
export interface Recorded {
  readonly service: "ecs" | "codedeploy" | "elb";
  readonly operation: string;
  readonly body: string;
  readonly output: Readonly<Record<string, unknown>>;
}

type Stack = ECSClient["middlewareStack"];

/** Keeps every good answer that comes to a client. */
export function record(
  service: Recorded["service"],
  { middlewareStack }: { readonly middlewareStack: unknown },
  into: Recorded[],
): void {
  // The stacks of all clients take the same middleware; their types name their own commands.
  const stack = middlewareStack as Stack;
  const bodies = new WeakMap<object, string>();
  stack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { statusCode: number; body: Readable };
      const bytes = await buffer(response.body);
      response.body = Readable.from([bytes]);
      if (response.statusCode === 200) bodies.set(args.request as object, bytes.toString());
      return result;
    },
    { step: "deserialize", priority: "low", name: `record-${service}-body` },
  );
  stack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      const body = bodies.get(args.request as object);
      const operation = String(context.commandName).replace(/Command$/, "");
      if (body !== undefined) into.push({ service, operation, body, output: { ...result.output } });
      return result;
    },
    { step: "deserialize", priority: "high", name: `record-${service}-output` },
  );
}
