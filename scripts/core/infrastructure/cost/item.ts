/** One line of a bill. */
export interface CostItem {
  readonly what: string;
  readonly quantity: number;
  readonly unit: string;
  /** Dollars a month; none where there is no price here. */
  readonly monthly?: number;
}

/** A line, or none of nothing. `each`: dollars a month of one. */
export function item(what: string, quantity: number, unit: string, each: number | undefined): CostItem[] {
  if (quantity === 0) return [];
  return [{ what, quantity, unit, ...(each === undefined ? {} : { monthly: quantity * each }) }];
}
