/** What a box stands for; it sets the colour. */
export type BoxKind =
  "outside" | "network" | "public" | "private" | "traffic" | "compute" | "access" | "data" | "other";

/** A box of the diagram, with boxes in it. */
export interface Box {
  /** Unique, of letters, digits and dashes. */
  readonly id: string;
  readonly title: string;
  readonly kind: BoxKind;
  readonly lines: readonly string[];
  readonly children: readonly Box[];
  /** Whether its boxes stand side by side. */
  readonly across?: boolean;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
}

/** An environment as it is drawn. */
export interface Drawing {
  readonly title: string;
  /** Who sends requests, above everything. */
  readonly outside: readonly Box[];
  /** The network that holds what requests pass through. */
  readonly network: string;
  /** What requests pass through, from the top down. */
  readonly middle: readonly Box[];
  /** What it needs beside that: roles, logs, keys, names. */
  readonly beside: readonly Box[];
  readonly arrows: readonly Arrow[];
  /** What is said below the diagram. */
  readonly footer: readonly string[];
}

/** An id that is the same in every run, from a resource's key. */
export function boxId(key: string): string {
  return key.replaceAll(/[^A-Za-z0-9]+/g, "-");
}
