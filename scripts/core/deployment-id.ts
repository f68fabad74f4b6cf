/**
 * An id for one run: sorts by time, is unique among runs of one second, and fits wherever a name is allowed
 * (lower-case letters and digits, 12 characters).
 *
 * @param now milliseconds since 1970
 * @param random from 0 to below 1
 */
export function deploymentId(now: number, random: number): string {
  const seconds = Math.floor(now / 1000)
    .toString(36)
    .padStart(7, "0");
  const unique = Math.floor(random * 36 ** 5)
    .toString(36)
    .padStart(5, "0");
  return seconds + unique;
}

/** When an id was made: milliseconds since 1970, to the second below; undefined for what is no id. */
export function idMadeAt(id: string): number | undefined {
  if (!/^[a-z0-9]{12}$/.test(id)) return undefined;
  return Number.parseInt(id.slice(0, 7), 36) * 1_000;
}
