/** By operation, from a table whose rows end with the names of their operations, parted by white space. */
export function byOperation<Row extends readonly unknown[], Value>(
  rows: readonly (readonly [...Row, string])[],
  valueOf: (operation: string, ...row: Row) => Value,
): ReadonlyMap<string, Value> {
  return new Map(
    rows.flatMap((row) => {
      const operations = String(row.at(-1)).trim().split(/\s+/);
      // What is before a row's last member is its `Row`, which slice cannot know.
      const values = row.slice(0, -1) as unknown as Row;
      return operations.map((operation): [string, Value] => [operation, valueOf(operation, ...values)]);
    }),
  );
}
