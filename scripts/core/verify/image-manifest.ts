/**
 * What manifests of images tell of platforms.
 *
 * @see https://github.com/opencontainers/image-spec/blob/main/image-index.md
 */
import { z } from "zod";

const platform = z.object({ os: z.string(), architecture: z.string() });
const index = z.object({ manifests: z.array(z.object({ platform: platform.optional() })) });
const single = z.object({ config: z.object({ digest: z.string() }) });

/** The platforms of a manifest list, as in `linux/amd64`; undefined for a manifest of one image. */
export function platformsOf(manifest: string): readonly string[] | undefined {
  const parsed = index.safeParse(parseJson(manifest));
  if (!parsed.success) return undefined;
  const named = parsed.data.manifests.flatMap(({ platform: found }) =>
    found === undefined ? [] : [nameOf(found)],
  );
  // Attestations stand in the list as platform unknown/unknown.
  return [...new Set(named)].filter((name) => !name.includes("unknown"));
}

/** The digest of the configuration that a manifest of one image names; undefined for a manifest list. */
export function configDigestOf(manifest: string): string | undefined {
  const parsed = single.safeParse(parseJson(manifest));
  return parsed.success ? parsed.data.config.digest : undefined;
}

/** The platform in an image's configuration. */
export function platformOf(configuration: unknown): string | undefined {
  const parsed = platform.safeParse(configuration);
  return parsed.success ? nameOf(parsed.data) : undefined;
}

function nameOf({ os, architecture }: z.infer<typeof platform>): string {
  return `${os}/${architecture}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
