/**
 * The awslogs driver: what containers say goes to CloudWatch Logs.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
 */
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
  type InputLogEvent,
} from "@aws-sdk/client-cloudwatch-logs";

import type { LogStreamReference } from "../ecs/preparation.ts";
import type { ClientSettings } from "../secrets/reader.ts";

/** Lines are gathered for this long, in real time, before they are sent. */
const gatherMs = 200;
/** AWS takes no more in one call. */
const mostEvents = 10_000;
/** A container may not fill memory faster than its lines can be sent; the oldest go. */
const mostWaiting = 50_000;

interface Stream {
  readonly reference: LogStreamReference;
  readonly waiting: InputLogEvent[];
}

/** The log streams of the containers of one Region. */
export class TaskLogs {
  readonly #settings: ClientSettings;
  readonly #region: string;
  readonly #log: (message: string) => void;
  readonly #clients = new Map<string, CloudWatchLogsClient>();
  /** By task id, then by container. */
  readonly #streams = new Map<string, Map<string, Stream>>();
  readonly #dirty = new Set<Stream>();
  #sending: Promise<void> | null = null;
  #closed = false;

  constructor(settings: ClientSettings, region: string, log: (message: string) => void) {
    this.#settings = settings;
    this.#region = region;
    this.#log = log;
  }

  /**
   * Creates the log stream of a container, and its group where that is asked for.
   *
   * @throws ResourceNotFoundException of CloudWatch Logs when the group is not there
   */
  async open(taskId: string, reference: LogStreamReference): Promise<void> {
    const client = this.#client(reference.region ?? this.#region);
    const create = new CreateLogStreamCommand({
      logGroupName: reference.group,
      logStreamName: reference.stream,
    });
    try {
      await client.send(create);
    } catch (error) {
      if (hasName(error, "ResourceAlreadyExistsException")) return;
      if (!hasName(error, "ResourceNotFoundException") || !reference.createsGroup) throw error;
      await client
        .send(new CreateLogGroupCommand({ logGroupName: reference.group }))
        .catch((failure: unknown) => {
          if (!hasName(failure, "ResourceAlreadyExistsException")) throw failure;
        });
      await client.send(create);
    } finally {
      const ofTask = this.#streams.get(taskId) ?? new Map<string, Stream>();
      this.#streams.set(taskId, ofTask.set(reference.container, { reference, waiting: [] }));
    }
  }

  /** Writes a line, at the wall clock's time. Containers without awslogs have no log. */
  write(taskId: string, container: string, message: string): void {
    const stream = this.#streams.get(taskId)?.get(container);
    if (!stream || this.#closed) return;
    if (stream.waiting.length >= mostWaiting) stream.waiting.shift();
    stream.waiting.push({ timestamp: Date.now(), message });
    this.#dirty.add(stream);
    this.#sending ??= this.#send(gatherMs);
  }

  /** Sends what a task has said. @returns once it is in CloudWatch Logs */
  async end(taskId: string): Promise<void> {
    this.#streams.delete(taskId);
    await this.flush();
  }

  /** Sends everything that waits. */
  async flush(): Promise<void> {
    while (this.#dirty.size > 0 && !this.#closed) await (this.#sending ??= this.#send(0));
  }

  /** Sends no more. */
  close(): void {
    this.#closed = true;
    for (const client of this.#clients.values()) client.destroy();
  }

  /** One stream after the other, so that moto has time for the rest. */
  async #send(pauseMs: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, pauseMs).unref());
    for (const stream of [...this.#dirty]) {
      this.#dirty.delete(stream);
      while (stream.waiting.length > 0 && !this.#closed) await this.#put(stream);
    }
    this.#sending = null;
    if (this.#dirty.size > 0 && !this.#closed) this.#sending = this.#send(gatherMs);
  }

  async #put({ reference, waiting }: Stream): Promise<void> {
    const logEvents = waiting.splice(0, mostEvents);
    try {
      await this.#client(reference.region ?? this.#region).send(
        new PutLogEventsCommand({
          logGroupName: reference.group,
          logStreamName: reference.stream,
          logEvents,
        }),
      );
    } catch (error) {
      if (!this.#closed) this.#log(`awslogs ${reference.group} ${reference.stream}: ${String(error)}`);
    }
  }

  #client(region: string): CloudWatchLogsClient {
    const known = this.#clients.get(region);
    if (known) return known;
    const client = new CloudWatchLogsClient(this.#settings(region));
    this.#clients.set(region, client);
    return client;
  }
}

function hasName(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
