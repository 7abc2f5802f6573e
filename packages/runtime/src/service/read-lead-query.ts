import type { LeadsQuery } from "@cmo/contract";
import { CmoError, type LeadQuery } from "@cmo/engine";
import { readLeadSort } from "./read-lead-sort.ts";

/** Which leads are meant, as the engine takes it. @throws CmoError `usage` for a key that leads are not sorted by. */
export function readLeadQuery({ contactable, minScore, search, sort }: LeadsQuery): LeadQuery {
  if (minScore !== undefined && !Number.isFinite(minScore)) {
    throw new CmoError("usage", "The lowest score is not a number.", {
      problems: [{ path: ["minScore"], message: "must be a number" }],
    });
  }
  return {
    ...(contactable === undefined ? {} : { contactable }),
    ...(minScore === undefined ? {} : { minScore }),
    ...(search === undefined || search === "" ? {} : { search }),
    ...(sort === undefined ? {} : { sort: readLeadSort(sort) }),
  };
}

/** A number of leads, 0 or greater. @throws CmoError `usage`, naming what it is of. */
export function readLeadCount(count: number | undefined, name: string, otherwise: number): number {
  if (count === undefined) return otherwise;
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw new CmoError("usage", "A number of leads is a whole number, 0 or greater.", {
    problems: [{ path: [name], message: "must be a whole number, 0 or greater" }],
  });
}
