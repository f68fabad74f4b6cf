/**
 * What each image does: there is no registry behind the local AWS.
 *
 * Any image is a server that answers with its own reference. Its tag, the project's file of images and its container's
 * environment may ask for more; `behaviour.ts` has the words.
 */
import { behaviourOfTag, parseBehaviour, type AskedBehaviour } from "./behaviour.ts";

/** The environment variable of a container that asks for a behaviour. */
export const behaviourVariable = "SLIPWAY_BEHAVIOUR";

/** How a container of an image behaves. Seconds are AWS's, and count from the container's start. */
export interface ImageBehaviour {
  /** Whether the registry has it. */
  readonly exists: boolean;
  readonly listensAfterSeconds: number;
  /** When it exits by itself; null for a server that keeps running. */
  readonly exitsAfterSeconds: number | null;
  readonly exitCode: number;
  readonly endsBy: "crash" | "exit" | "memory" | null;
  readonly unhealthyAfterSeconds: number | null;
  readonly recoversAfterSeconds: number | null;
  readonly errorShare: number;
  readonly errorsAfterSeconds: number;
  readonly latencySeconds: number;
  /** From SIGTERM to its end; null when it ignores SIGTERM. */
  readonly stopsWithinSeconds: number | null;
  readonly logEverySeconds: number | null;
  readonly logLines: readonly string[];
}

/** A pattern of image references, in which `*` is any text, and how images that fit it behave. */
export interface CatalogueEntry {
  readonly pattern: string;
  readonly behaviour: AskedBehaviour;
}

/**
 * The behaviour of a container of an image: as the first entry says whose pattern the reference fits, else as its
 * tag does; over that goes what the container's environment asks for.
 *
 * @throws BehaviourError when the environment's `SLIPWAY_BEHAVIOUR` is wrong
 */
export function imageBehaviour(
  reference: string,
  { entries = [], asked = "" }: { entries?: readonly CatalogueEntry[]; asked?: string } = {},
): ImageBehaviour {
  const entry = entries.find(({ pattern }) => fitsPattern(pattern, reference));
  const ofImage = entry ? entry.behaviour : behaviourOfTag(imageTag(reference));
  return complete(asked === "" ? ofImage : { ...ofImage, ...parseBehaviour(asked) });
}

const exitCodes = { crash: 1, exit: 0, memory: 137 };

function complete(asked: AskedBehaviour): ImageBehaviour {
  const { ending } = asked;
  return {
    exists: asked.exists ?? true,
    listensAfterSeconds: asked.listensAfterSeconds ?? 0,
    exitsAfterSeconds: ending?.afterSeconds ?? null,
    exitCode: asked.exitCode ?? (ending ? exitCodes[ending.cause] : 0),
    endsBy: ending?.cause ?? null,
    unhealthyAfterSeconds: asked.unhealthyAfterSeconds ?? null,
    recoversAfterSeconds: asked.recoversAfterSeconds ?? null,
    errorShare: asked.errorShare ?? (asked.errorsAfterSeconds === undefined ? 0 : 1),
    errorsAfterSeconds: asked.errorsAfterSeconds ?? 0,
    latencySeconds: asked.latencySeconds ?? 0,
    stopsWithinSeconds: asked.ignoresStop === true ? null : (asked.stopsWithinSeconds ?? 2),
    logEverySeconds: asked.logEverySeconds ?? null,
    logLines: asked.logLines ?? [],
  };
}

/** Of a container that runs its real image: it does what it does, and is stopped as it allows. */
export const realBehaviour: ImageBehaviour = { ...complete({}), stopsWithinSeconds: null };

/** Whether a container is well so many seconds after its start: it listens, and is not in its unhealthy time. */
export function isWellAt(behaviour: ImageBehaviour, seconds: number): boolean {
  return seconds >= behaviour.listensAfterSeconds && !isSickAt(behaviour, seconds);
}

/** Whether a container answers 503 to everything so many seconds after its start. */
export function isSickAt(
  { unhealthyAfterSeconds, recoversAfterSeconds }: ImageBehaviour,
  seconds: number,
): boolean {
  if (unhealthyAfterSeconds === null || seconds < unhealthyAfterSeconds) return false;
  return recoversAfterSeconds === null || seconds < recoversAfterSeconds;
}

function fitsPattern(pattern: string, reference: string): boolean {
  if (!pattern.includes("*")) return pattern === reference;
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(reference);
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
