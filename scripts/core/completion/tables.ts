import { commonOptions, optionTable, type OptionEntry, type OptionName } from "../command-line/options.ts";
import { optionsOf, verbTable, type Verb, type VerbEntry } from "../command-line/verbs.ts";

/** Every verb by name, in the table's order. */
export const verbs = Object.entries<VerbEntry>(verbTable) as readonly (readonly [Verb, VerbEntry])[];

/** Every option by name, in the table's order. */
export const options = Object.entries<OptionEntry>(optionTable) as readonly (readonly [
  OptionName,
  OptionEntry,
])[];

/** Options that stand before a verb as well as after it. */
export const common = Object.keys(commonOptions) as readonly OptionName[];

/** Options of a verb with their entries. */
export function entriesOf(verb: Verb): readonly (readonly [OptionName, OptionEntry])[] {
  return optionsOf(verb).map((name) => [name, optionTable[name]]);
}

/** Verbs that take names of services: any number of them, or one. */
export function verbsNaming(names: "services" | "service"): readonly Verb[] {
  return verbs.filter(([, entry]) => entry.names === names).map(([verb]) => verb);
}

/** Verbs that take a word of a few instead, each with these words. */
export const verbsWithWords = verbs.flatMap(([verb, { names }]) =>
  typeof names === "string" ? [] : [[verb, names.allowed] as const],
);

/** The form of names of files that stand for a service, see template/find-services.ts. */
export const templateExtensions = ["json", "jsonc", "template"] as const;
/** Files in a service's own folder. */
export const folderFiles = ["task-definition", "service", "service-create", "service-update"] as const;
/** What stands before the service's name in the older layout. */
export const flatPrefixes = ["td-", "service-create-", "service-update-"] as const;

/** A text as one word of any of the shells. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
