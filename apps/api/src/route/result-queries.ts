import { bundleKinds, leadSorts } from "@cmo/contract";
import * as v from "valibot";
import { anyNumber, shortText, wholeNumber, yesOrNo } from "../request/query-value.ts";

const leadEntries = {
  contactable: v.optional(
    v.pipe(yesOrNo(), v.description("Only those who may be contacted, or only those who may not.")),
  ),
  minScore: v.optional(v.pipe(anyNumber(), v.description("At least this score."))),
  search: v.optional(
    v.pipe(shortText(200), v.description("Stands in login, name, address, company, location or bio.")),
  ),
  sort: v.optional(
    v.pipe(
      v.picklist(leadSorts, `one of ${leadSorts.join(", ")}`),
      v.description("Default rank; with `-` before it, the greatest first."),
    ),
  ),
};

/** Which page of the leads is wanted. */
export const leadPageQuery = v.strictObject({
  ...leadEntries,
  offset: v.optional(
    v.pipe(
      wholeNumber(0, 100_000_000),
      v.description("How many of those that are meant come before the page: the `next` of the page before."),
    ),
  ),
  limit: v.optional(v.pipe(wholeNumber(1, 1_000), v.description("At most so many. Default 100."))),
});

/** Which leads a file is to hold. */
export const leadFileQuery = v.strictObject({
  ...leadEntries,
  skip: v.optional(v.pipe(wholeNumber(0, 100_000_000), v.description("So many are passed over."))),
  limit: v.optional(v.pipe(wholeNumber(0, 100_000_000), v.description("At most so many. Default all."))),
});

/** How much of a difference is told. */
export const diffQuery = v.strictObject({
  limit: v.optional(
    v.pipe(
      wholeNumber(0, 1_000),
      v.description("At most so many leads of each kind; they are all counted. Default 100."),
    ),
  ),
});

/** Which bundle is wanted. */
export const bundleQuery = v.strictObject({
  kind: v.optional(
    v.pipe(
      v.picklist(bundleKinds, `one of ${bundleKinds.join(", ")}`),
      v.description(
        "full: as it is stored, for your own archive. Default shared: with pseudonyms for everybody and everything.",
      ),
    ),
  ),
});
