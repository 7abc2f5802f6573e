import { CmoError, type LeadSortKey, leadSortKeys, nearestName } from "@cmo/engine";

/** An order of leads. */
export interface LeadSort {
  readonly by: LeadSortKey;
  readonly descending: boolean;
}

/**
 * Reads an order of leads: a key as in the JSON or as in the CSV, in upper or lower case, with `-` before it for the
 * greatest first. @throws CmoError `usage`, naming the nearest key.
 */
export function readLeadSort(text: string, { descending = false } = {}): LeadSort {
  const name = text.replace(/^-/, "");
  const plain = (key: string) => key.replaceAll("_", "").toLowerCase();
  const by = leadSortKeys.find((key) => plain(key) === plain(name));
  if (by !== undefined) return { by, descending: descending || text.startsWith("-") };
  const near = nearestName(name, leadSortKeys);
  throw new CmoError("usage", `Leads are not sorted by ${JSON.stringify(shown(name))}.`, {
    hint: `${near === null ? "" : `Did you mean ${near}? `}There are ${leadSortKeys.join(", ")}; -score is the greatest first.`,
  });
}

function shown(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name;
}
