/** Calls `send` with at most `size` items at a time, all batches side by side; the answers keep their order. */
export async function inBatches<Item, Answer>(
  items: readonly Item[],
  size: number,
  send: (batch: Item[]) => Promise<Answer>,
): Promise<Answer[]> {
  const batches: Item[][] = [];
  for (let start = 0; start < items.length; start += size) batches.push(items.slice(start, start + size));
  return Promise.all(batches.map(send));
}
