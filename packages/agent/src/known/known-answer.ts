import { objectOf } from "../people/stored-json.ts";

/** The kind of task under which it is stored whether somebody is known, by node id; only for jobs that ask for who is new. */
export const knownTask = "known";

/** What is stored of whether somebody is known. */
export interface KnownAnswer {
  /** Whether the campaign exported them, up to the baseline. */
  readonly known: boolean;
  /**
   * What their profile says differently since the baseline: names of its fields, never what stands in them. Null for who
   * is not known, and where nothing was left to compare with.
   */
  readonly changed: readonly string[] | null;
}

/** Reads the value of a stored answer. */
export function readKnownAnswer(value: unknown): KnownAnswer {
  const { known, changed } = objectOf(value) ?? {};
  return {
    known: known === true,
    changed: Array.isArray(changed) ? changed.filter((one) => typeof one === "string") : null,
  };
}
