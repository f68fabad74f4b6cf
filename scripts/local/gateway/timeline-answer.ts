import type { IncomingMessage, ServerResponse } from "node:http";

import type { Entry, Timeline } from "../timeline/timeline.ts";

const ndjson = { "content-type": "application/x-ndjson" };

/** `GET timeline?since=<seq>&type=<types>&follow=1`: entries as NDJSON; with `follow`, on and on until either ends. */
export function answerTimeline(
  timeline: Timeline,
  { searchParams }: URL,
  message: IncomingMessage,
  response: ServerResponse,
): undefined {
  const since = Number(searchParams.get("since") ?? 0);
  const asked = searchParams.get("type");
  const types = asked === null ? null : new Set(asked.split(","));
  response.writeHead(200, ndjson);
  const write = (entry: Entry) => response.write(`${JSON.stringify(entry)}\n`);
  for (const entry of timeline.since(since, types)) write(entry);
  if (searchParams.get("follow") === null) {
    response.end();
    return;
  }
  response.flushHeaders();
  const end = timeline.follow((entry) => {
    if (types?.has(entry.type) ?? true) write(entry);
  });
  message.socket.once("close", end);
}
