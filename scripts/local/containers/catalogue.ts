/**
 * What an image does when it runs, told from its reference: there is no registry behind the local AWS.
 *
 * Any image is a server that answers with its own reference. A tag asks for a fault:
 * - `crash` starts, then exits with code 1
 * - `missing` is not in its repository
 * - `unhealthy` starts and answers 503 to everything
 */
export interface ImageBehaviour {
  /** Whether the registry has it. */
  readonly exists: boolean;
  /** Seconds from its start until it exits by itself; null for a server that keeps running. */
  readonly exitsAfterSeconds: number | null;
  readonly exitCode: number;
  /** The HTTP status it answers with, on every path. */
  readonly statusCode: number;
  /** Seconds from SIGTERM to its end. */
  readonly stopsWithinSeconds: number;
}

const server: ImageBehaviour = {
  exists: true,
  exitsAfterSeconds: null,
  exitCode: 0,
  statusCode: 200,
  stopsWithinSeconds: 2,
};

const byTag: ReadonlyMap<string, ImageBehaviour> = new Map([
  ["crash", { ...server, exitsAfterSeconds: 5, exitCode: 1 }],
  ["missing", { ...server, exists: false }],
  ["unhealthy", { ...server, statusCode: 503 }],
]);

/** The behaviour of the image with this reference. */
export function imageBehaviour(reference: string): ImageBehaviour {
  return byTag.get(imageTag(reference)) ?? server;
}

/** The tag of an image reference, `latest` when it names none; a digest after the tag is not part of it. */
function imageTag(reference: string): string {
  const name = reference.split("@")[0] ?? reference;
  const lastPart = name.slice(name.lastIndexOf("/") + 1);
  const colon = lastPart.indexOf(":");
  return colon === -1 ? "latest" : lastPart.slice(colon + 1);
}

/** The reference as a container runtime resolves it: Docker Hub's names are completed, `latest` is added. */
export function resolvedReference(reference: string): string {
  const tagged = /[:@][^/]*$/.test(reference) ? reference : `${reference}:latest`;
  const first = tagged.split("/")[0] ?? "";
  if (tagged.includes("/") && /[.:]|^localhost$/.test(first)) return tagged;
  return tagged.includes("/") ? `docker.io/${tagged}` : `docker.io/library/${tagged}`;
}
