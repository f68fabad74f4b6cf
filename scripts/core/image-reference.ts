/**
 * Container image references, by the grammar of the registries.
 *
 * @see https://github.com/distribution/reference/blob/main/reference.go
 */

/** A parsed reference: `registry/repository:tag@digest`, of which only the repository is always there. */
export interface ImageReference {
  /** Host and optional port, such as `registry:5000`, `localhost` or `[::1]:5000`. */
  readonly registry?: string;
  /** The path below the registry, such as `team/app`. */
  readonly repository: string;
  readonly tag?: string;
  /** Algorithm and hash, such as `sha256:…`. */
  readonly digest?: string;
}

/** What parsing gives: the reference, or what is wrong with the text. */
export type ParsedImageReference =
  { readonly ok: true; readonly image: ImageReference } | { readonly ok: false; readonly message: string };

const nameLimit = 255;
/** A name of at most 255 characters, a tag of at most 128 and a SHA-512 digest, with their separators. */
const totalLimit = 255 + 1 + 128 + 1 + 7 + 128;
const shownLimit = 100;

const pathComponent = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const hostPattern =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*|\[[A-Fa-f0-9:]+\])(?::(\d{1,5}))?$/;
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const digestPattern = /^(?:sha256:[a-f0-9]{64}|sha512:[a-f0-9]{128})$/;

/**
 * Reads an image reference as `docker pull` does, without adding what Docker leaves to be guessed (`docker.io`,
 * `library/`, `:latest`).
 */
export function parseImageReference(text: string): ParsedImageReference {
  if (text === "") return refuse(text, "it is empty");
  if (text.length > totalLimit)
    return refuse(text, `it has ${text.length} characters, more than any reference`);
  const foreign = /[^A-Za-z0-9._:/@[\]-]/u.exec(text)?.[0];
  if (foreign !== undefined)
    return refuse(text, `the character ${JSON.stringify(foreign)} cannot be part of one`);

  const [beforeDigest = "", digest, ...rest] = text.split("@");
  if (rest.length > 0) return refuse(text, "it has more than one @");
  if (digest !== undefined && !digestPattern.test(digest)) {
    return refuse(text, "after the @ comes sha256: and 64 hexadecimal digits in lower case");
  }
  const { name, tag } = splitTag(beforeDigest);
  if (tag !== undefined && !tagPattern.test(tag)) {
    return refuse(text, "a tag has 1 to 128 letters, digits, _, . and -, and starts with none of . and -");
  }
  const { registry, repository } = splitRegistry(name);
  const wrong = registryProblem(registry) ?? repositoryProblem(repository, name, tag ?? digest);
  if (wrong !== undefined) return refuse(text, wrong);
  return {
    ok: true,
    image: {
      ...(registry === undefined ? {} : { registry }),
      repository,
      ...(tag === undefined ? {} : { tag }),
      ...(digest === undefined ? {} : { digest }),
    },
  };
}

/** Writes a reference as `docker pull` takes it. Parsing the text gives the same reference. */
export function formatImageReference({ registry, repository, tag, digest }: ImageReference): string {
  return [
    registry === undefined ? "" : `${registry}/`,
    repository,
    tag === undefined ? "" : `:${tag}`,
    digest === undefined ? "" : `@${digest}`,
  ].join("");
}

/** A colon starts a tag only after the last slash: before it, it starts a port. */
function splitTag(text: string): { readonly name: string; readonly tag?: string } {
  const colon = text.indexOf(":", text.lastIndexOf("/") + 1);
  return colon === -1 ? { name: text } : { name: text.slice(0, colon), tag: text.slice(colon + 1) };
}

/** The first component is a host only if it looks like one: with a dot, a colon or capitals, or `localhost`. */
function splitRegistry(name: string): { readonly registry?: string; readonly repository: string } {
  const slash = name.indexOf("/");
  const first = name.slice(0, Math.max(slash, 0));
  const isHost = /[.:A-Z[]/.test(first) || first === "localhost";
  return isHost ? { registry: first, repository: name.slice(slash + 1) } : { repository: name };
}

function registryProblem(registry: string | undefined): string | undefined {
  if (registry === undefined) return undefined;
  const match = hostPattern.exec(registry);
  if (match === null) return `${JSON.stringify(registry)} is not a registry's host and port`;
  return Number(match[1] ?? 1) > 65_535 || Number(match[1] ?? 1) === 0
    ? `${match[1] ?? ""} is not a port`
    : undefined;
}

function repositoryProblem(
  repository: string,
  name: string,
  version: string | undefined,
): string | undefined {
  if (name.length > nameLimit) return `its name has ${name.length} characters, ${nameLimit} are allowed`;
  if (!repository.split("/").every((component) => pathComponent.test(component))) {
    return "a repository has components of lower-case letters and digits, with single separators (., _, __ or -) inside";
  }
  if (version === undefined && /^[a-f0-9]{64}$/.test(name)) return "it is the id of an image, not its name";
  return undefined;
}

function refuse(text: string, reason: string): ParsedImageReference {
  const shown = JSON.stringify(text.length > shownLimit ? `${text.slice(0, shownLimit)}…` : text);
  const allowed = "Allowed: [registry[:port]/]repository[:tag][@sha256:digest], as in nginx:alpine.";
  return { ok: false, message: `${shown} is not a valid image reference: ${reason}. ${allowed}` };
}
