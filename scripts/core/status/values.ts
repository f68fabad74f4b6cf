/** Members that may be undefined, as members that may be absent. */
export type Stripped<Members extends object> = {
  [Name in keyof Members as undefined extends Members[Name] ? never : Name]: Members[Name];
} & {
  [Name in keyof Members as undefined extends Members[Name] ? Name : never]?: Exclude<
    Members[Name],
    undefined
  >;
};

/** The object without the members that are undefined. */
export function stripped<Members extends object>(members: Members): Stripped<Members> {
  const present = Object.entries(members).filter(([, value]) => value !== undefined);
  // The shape is that of `members` with what is undefined left out.
  return Object.fromEntries(present) as Stripped<Members>;
}

/** ISO 8601. */
export function iso(date: Date | undefined): string | undefined {
  return date?.toISOString();
}
