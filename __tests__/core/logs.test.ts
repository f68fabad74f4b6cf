import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";

import { mergeByTime } from "../../scripts/core/logs/merge.ts";
import { logPlaces, originOf, revisionsOf } from "../../scripts/core/logs/places.ts";
import { createLogReader, type LogSource } from "../../scripts/core/logs/reader.ts";
import { wantedStreams } from "../../scripts/core/logs/sources.ts";
import type { FoundLine, LogSearch } from "../../scripts/core/ports/log-pages.ts";

async function* pagesOf<Line>(pages: readonly (readonly Line[])[]): AsyncGenerator<readonly Line[]> {
  for (const page of pages) yield await Promise.resolve(page);
}

async function all<Line>(lines: AsyncIterable<Line>): Promise<Line[]> {
  const found: Line[] = [];
  for await (const line of lines) found.push(line);
  return found;
}

describe("lines of several streams", () => {
  test("come in the order of their time, each once, however their pages are cut", async () => {
    const times = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 20 });
    const source = fc.tuple(times, fc.integer({ min: 1, max: 5 }));
    await fc.assert(
      fc.asyncProperty(fc.array(source, { maxLength: 4 }), async (sources) => {
        const lines = sources.map(([at], index) =>
          at
            .sort((left, right) => left - right)
            .map((one, number) => ({ at: one, id: `${index}-${number}` })),
        );
        const paged = lines.map((one, index) => {
          const size = sources[index]?.[1] ?? 1;
          const pages: (typeof one)[] = [[]];
          for (let start = 0; start < one.length; start += size)
            pages.push(one.slice(start, start + size), []);
          return pagesOf(pages);
        });
        const merged = await all(mergeByTime(paged));
        expect(merged.map(({ at }) => at)).toEqual(merged.map(({ at }) => at).sort((a, b) => a - b));
        expect(merged.map(({ id }) => id).sort()).toEqual(
          lines
            .flat()
            .map(({ id }) => id)
            .sort(),
        );
      }),
    );
  });
});

/** A log group that gives what it holds, and to which lines come in any order. */
function group(): {
  readonly source: LogSource;
  readonly searches: LogSearch[];
  readonly lines: FoundLine[];
} {
  const lines: FoundLine[] = [];
  const searches: LogSearch[] = [];
  return {
    lines,
    searches,
    source: {
      search: { group: "/ecs/test", streamPrefix: "web/" },
      port: {
        pages: (search) => {
          searches.push(search);
          const found = lines.filter(({ at }) => at >= search.from).sort((left, right) => left.at - right.at);
          return pagesOf(found.map((line) => [line]));
        },
      },
    },
  };
}

function line(at: number, id = `e${at}`): FoundLine {
  return { at, id, stream: "web/app/1", message: id };
}

describe("reading on", () => {
  test("gives each line once, and one that came late as well", async () => {
    const log = group();
    let now = 1_000_000;
    const reader = createLogReader([log.source], 900_000, () => now);
    log.lines.push(line(950_000), line(990_000));
    expect((await all(reader.read())).map(({ id }) => id)).toEqual(["e950000", "e990000"]);
    expect(await all(reader.read())).toEqual([]);
    now += 2_000;
    log.lines.push(line(960_000), line(1_001_000));
    expect((await all(reader.read())).map(({ id }) => id)).toEqual(["e960000", "e1001000"]);
  });

  test("tells two equal lines of one moment apart", async () => {
    const log = group();
    const reader = createLogReader([log.source], 0, () => 100_000);
    log.lines.push({ ...line(5, "first"), message: "same" }, { ...line(5, "second"), message: "same" });
    expect(await all(reader.read())).toHaveLength(2);
    expect(await all(reader.read())).toHaveLength(0);
  });

  test("is not led astray by a container whose clock is a day ahead", async () => {
    const log = group();
    let now = 1_000_000;
    const reader = createLogReader([log.source], 0, () => now);
    log.lines.push(line(now + 86_400_000, "ahead"));
    expect(await all(reader.read())).toHaveLength(1);
    now += 5_000;
    log.lines.push(line(now - 1_000, "right"));
    expect((await all(reader.read())).map(({ id }) => id)).toEqual(["right"]);
  });

  test("asks for no more than the last minute once it has caught up", async () => {
    const log = group();
    const reader = createLogReader([log.source], 0, () => 10_000_000);
    log.lines.push(line(9_000_000));
    await all(reader.read());
    await all(reader.read());
    expect(log.searches.map(({ from }) => from)).toEqual([0, 9_000_000 - 60_000]);
  });
});

describe("where containers log to", () => {
  const awslogs = (options: Record<string, string>) => ({ logDriver: "awslogs" as const, options });

  test("is told by their awslogs options, and others are named with their driver", () => {
    expect(
      logPlaces({
        containerDefinitions: [
          {
            name: "web",
            logConfiguration: awslogs({ "awslogs-group": "/ecs/a", "awslogs-stream-prefix": "web" }),
          },
          {
            name: "old",
            logConfiguration: awslogs({ "awslogs-group": "/ecs/b", "awslogs-region": "eu-west-1" }),
          },
          { name: "side", logConfiguration: { logDriver: "splunk" } },
          { name: "quiet" },
        ],
      }),
    ).toEqual({
      places: [
        { container: "web", group: "/ecs/a", streamPrefix: "web" },
        { container: "old", group: "/ecs/b", region: "eu-west-1" },
      ],
      elsewhere: ["side: splunk", "quiet: no log driver, so the host keeps them"],
    });
  });

  test("is searched once for containers that share group and prefix, and narrowly for one alone", () => {
    const shared = { group: "/ecs/a", streamPrefix: "web" };
    const other = { container: "side", group: "/ecs/b", streamPrefix: "s" };
    expect(
      wantedStreams([{ container: "web", ...shared }, { container: "nginx", ...shared }, other], "abc"),
    ).toEqual([
      { group: "/ecs/a", prefix: "web", containers: ["web", "nginx"], streamPrefix: "web/" },
      { group: "/ecs/b", prefix: "s", containers: ["side"], streamPrefix: "s/side/abc" },
    ]);
  });

  test("gives the container and the task of a stream, and nothing for a stream of another shape", () => {
    expect(originOf("team/web/app/0123", "team/web")).toEqual({ container: "app", task: "0123" });
    expect(originOf("web2/app/0123", "web")).toBeUndefined();
    expect(originOf("web/app/0123/more", "web")).toBeUndefined();
  });

  test("is looked up for every revision that runs, also where only task sets know it", () => {
    const arn = (revision: number): string => `arn:aws:ecs:us-east-1:1:task-definition/web:${revision}`;
    expect(
      revisionsOf({
        taskDefinition: arn(3),
        deployments: [{ taskDefinition: arn(3) }, { taskDefinition: arn(2) }],
        taskSets: [{ taskDefinition: arn(1) }],
      }),
    ).toEqual([arn(3), arn(2), arn(1)]);
  });
});
