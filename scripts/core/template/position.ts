/** A place in a text, both counted from 1. */
export interface Position {
  readonly line: number;
  /** In UTF-16 units, as editors count. */
  readonly column: number;
}

/** Makes a function that tells the position of an offset in a text; a line ends with LF, CR LF or CR. */
export function positionsIn(text: string): (offset: number) => Position {
  const starts = [0, ...Array.from(text.matchAll(/\r\n|\n|\r/g), (match) => match.index + match[0].length)];
  return (offset) => {
    let [low, high] = [0, starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}
