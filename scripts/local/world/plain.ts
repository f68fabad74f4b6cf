import { current, isDraft } from "immer";

/** A part of a draft as it is now, fit to outlive its transaction, as what goes into an effect has to. */
export function plain<Value>(value: Value): Value {
  return isDraft(value) ? (current(value as object) as Value) : value;
}
