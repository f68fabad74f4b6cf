import {
  CloudWatchLogsClient,
  FilterLogEventsCommand,
  GetLogEventsCommand,
  type FilteredLogEvent,
  type OutputLogEvent,
} from "@aws-sdk/client-cloudwatch-logs";

import type { LogLine } from "../core/ports.ts";
import type { FoundLine, LogPagesPort, LogSearch } from "../core/ports/log-pages.ts";
import { call, isAwsError, type CallObserver } from "./call.ts";
import type { ClientSettings } from "./client-settings.ts";
import { paced } from "./paced.ts";

/** FilterLogEvents takes at most so many names of streams. */
const streamsPerSearch = 100;

/** GetLogEvents may answer without a line although there are older ones; it is asked so often. */
const pagesOfTail = 5;

/** CloudWatch Logs through the AWS SDK. */
export function logsPort(settings: ClientSettings, observe: CallObserver): LogPagesPort {
  const client = paced(new CloudWatchLogsClient(settings));

  const page = (search: LogSearch, streams: readonly string[] | undefined, nextToken: string | undefined) =>
    call("logs:FilterLogEvents", observe, () =>
      client.send(
        new FilterLogEventsCommand({
          logGroupName: search.group,
          startTime: search.from,
          ...(streams === undefined ? {} : { logStreamNames: [...streams] }),
          ...(search.streamPrefix === undefined ? {} : { logStreamNamePrefix: search.streamPrefix }),
          ...(search.to === undefined ? {} : { endTime: search.to }),
          ...(search.pattern === undefined ? {} : { filterPattern: search.pattern }),
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      ),
    );

  async function* search(
    query: LogSearch,
    streams: readonly string[] | undefined,
  ): AsyncGenerator<readonly FoundLine[]> {
    let nextToken: string | undefined;
    do {
      let answer;
      try {
        answer = await page(query, streams, nextToken);
      } catch (error) {
        if (streams === undefined || !isMissingStream(error)) throw error;
        // One name that does not exist fails the whole search: halve it until that one stands alone.
        const half = Math.ceil(streams.length / 2);
        if (streams.length > 1) {
          yield* search(query, streams.slice(0, half));
          yield* search(query, streams.slice(half));
        }
        return;
      }
      const lines = (answer.events ?? []).flatMap(foundLine).sort((left, right) => left.at - right.at);
      const { streamPrefix } = query;
      yield streamPrefix === undefined
        ? lines
        : lines.filter(({ stream }) => stream.startsWith(streamPrefix));
      nextToken = answer.nextToken;
    } while (nextToken !== undefined);
  }

  async function* pages(query: LogSearch): AsyncGenerator<readonly FoundLine[]> {
    const { streams } = query;
    if (streams === undefined) yield* search(query, undefined);
    for (let start = 0; streams !== undefined && start < streams.length; start += streamsPerSearch) {
      yield* search(query, streams.slice(start, start + streamsPerSearch));
    }
  }

  return {
    pages,

    async search(query) {
      const lines: FoundLine[] = [];
      for await (const found of pages(query)) lines.push(...found);
      return lines.sort((left, right) => left.at - right.at);
    },

    async tail(group, stream, limit) {
      let lines: LogLine[] = [];
      let nextToken: string | undefined;
      for (let asked = 0; asked < pagesOfTail && lines.length < limit; asked += 1) {
        try {
          const { events = [], nextBackwardToken } = await call("logs:GetLogEvents", observe, () =>
            client.send(
              new GetLogEventsCommand({
                logGroupName: group,
                logStreamName: stream,
                limit: limit - lines.length,
                startFromHead: false,
                ...(nextToken === undefined ? {} : { nextToken }),
              }),
            ),
          );
          lines = [...events.flatMap((event) => logLine(event, stream)), ...lines];
          // At the stream's beginning the token stays the same.
          if (nextBackwardToken === undefined || nextBackwardToken === nextToken) break;
          nextToken = nextBackwardToken;
        } catch (error) {
          if (isAwsError(error, "ResourceNotFoundException")) return [];
          throw error;
        }
      }
      return lines;
    },
  };
}

function isMissingStream(error: unknown): boolean {
  return isAwsError(error, "ResourceNotFoundException") && !/log group/i.test(error.message);
}

function logLine({ timestamp, message }: OutputLogEvent, stream: string): LogLine[] {
  return timestamp === undefined ? [] : [{ at: timestamp, stream, message: message ?? "" }];
}

function foundLine({ eventId, timestamp, logStreamName = "", message = "" }: FilteredLogEvent): FoundLine[] {
  if (eventId === undefined || timestamp === undefined) return [];
  return [{ id: eventId, at: timestamp, stream: logStreamName, message }];
}
