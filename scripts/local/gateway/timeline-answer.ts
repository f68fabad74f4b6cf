import type { ServerResponse } from "node:http";

import type { Entry, Timeline } from "../timeline/timeline.ts";

/** Bytes: more than all that is kept in memory comes to. */
const mostUnread = 64 * 1024 * 1024;
const ndjson = { "content-type": "application/x-ndjson" };

/** `GET timeline?since=<seq>&type=<types>&follow=1`: entries as NDJSON; with `follow`, on and on until either ends. */
export function answerTimeline(timeline: Timeline, { searchParams }: URL, response: ServerResponse): void {
  const since = Number(searchParams.get("since") ?? 0);
  const asked = searchParams.get("type");
  const types = asked === null ? null : new Set(asked.split(","));
  response.writeHead(200, ndjson);
  const write = (entry: Entry) => {
    response.write(`${JSON.stringify(entry)}\n`);
    // A follower that does not read would have everything kept for it.
    if (response.writableLength > mostUnread) response.destroy();
  };
  for (const entry of timeline.since(since, types)) write(entry);
  if (searchParams.get("follow") === null) {
    response.end();
    return;
  }
  response.flushHeaders();
  const end = timeline.follow((entry) => {
    if (types?.has(entry.type) ?? true) write(entry);
  });
  response.once("close", end);
}
