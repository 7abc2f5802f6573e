import { leadSorts } from "@cmo/client";
import { leadSortKeys } from "@cmo/engine";
import { describe, expect, it } from "vitest";
import { allLeads, queryOf, sortedBy } from "./lead-query.ts";

describe("What a person chose in the table of leads", () => {
  it("asks for nothing that was not chosen", () => {
    expect(queryOf(allLeads)).toEqual({});
    expect(queryOf({ ...allLeads, search: "  " })).toEqual({});
  });

  it("is a query that the API takes", () => {
    const choice = { ...allLeads, search: " works ", contactable: "no", minScore: 40 } as const;
    expect(queryOf(choice)).toEqual({ search: "works", contactable: false, minScore: 40 });
    for (const key of leadSortKeys) {
      const once = sortedBy(allLeads, key);
      for (const { sort } of [queryOf(once), queryOf(sortedBy(once, key))]) {
        expect([undefined, ...leadSorts]).toContain(sort);
      }
    }
  });

  it("begins a column with what one looks for in it, and turns it round with the next click", () => {
    const byScore = sortedBy(allLeads, "score");
    expect(queryOf(byScore).sort).toBe("-score");
    expect(queryOf(sortedBy(byScore, "score")).sort).toBe("score");
    expect(queryOf(sortedBy(allLeads, "company")).sort).toBe("company");
    expect(queryOf(sortedBy(byScore, "rank")).sort).toBeUndefined();
  });
});
