/** What leads may be sorted by. */
export const leadSortKeys = [
  "rank",
  "login",
  "name",
  "company",
  "location",
  "score",
  "scoreFit",
  "scoreActivity",
  "scoreReachability",
  "followers",
  "commits",
  "lastActiveAt",
] as const;

/** See {@link leadSortKeys}. */
export type LeadSortKey = (typeof leadSortKeys)[number];

/** Which leads are meant. */
export interface LeadSelection {
  readonly contactable?: boolean;
  /** At least this score. */
  readonly minScore?: number;
  /** Stands in login, name, e-mail, company, location or bio; upper and lower case of ASCII letters are the same. */
  readonly search?: string;
}

/** Which leads a page holds. */
export interface LeadFilter extends LeadSelection {
  /** Only leads of a greater rank. Default 0: all. */
  readonly afterRank?: number;
  /** How many of the selected leads come before the page, in its order. Default 0. */
  readonly skip?: number;
  /** 1 to 10,000. */
  readonly limit: number;
  /**
   * Default: by rank, ascending. Texts by code point, ASCII letters as lower case; what is null comes last in both
   * directions; ties by rank, ascending.
   */
  readonly sort?: { readonly by: LeadSortKey; readonly descending: boolean };
}
