import { distance } from "fastest-levenshtein";

/**
 * The known name that somebody who wrote `name` most likely meant: the same name in another case, else one with
 * the same letters, else one that differs in at most a third of them (one at least); undefined when none is near.
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  const allowed = Math.max(1, Math.floor(wanted.length / 3));
  let best: { readonly name: string; readonly distance: number } | undefined;
  for (const candidate of known) {
    // Comparing takes time with the product of the lengths, so what is too long to be near is not compared.
    if (Math.abs(candidate.length - wanted.length) > allowed) continue;
    const other = candidate.toLowerCase();
    const found =
      letters(wanted) === letters(other) ? Math.min(1, distance(wanted, other)) : distance(wanted, other);
    if (found <= allowed && (best === undefined || found < best.distance))
      best = { name: candidate, distance: found };
  }
  return best?.name;
}

/** Letters in the wrong order are the commonest slip of all. */
function letters(name: string): string {
  return Array.from(name).sort().join("");
}
