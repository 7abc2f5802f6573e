import * as v from "valibot";

const text = v.nullable(v.string());

/** One signal of a score: what it was, what it gave, and what it rests on. */
const scoreReasonSchema = v.object({
  signal: v.string(),
  points: v.number(),
  evidence: v.string(),
});

/** Where one datum of a lead was read. */
const provenanceSchema = v.object({
  /** `github.user.email`, `github.commit.history`, `cmo.score`. */
  source: v.string(),
  url: text,
  /** ISO instant of the answer; null for what is computed. */
  fetchedAt: text,
});

/** A person found by a campaign, with everything that is told about them (architecture: leads and exports). */
export const leadSchema = v.object({
  /** From 1; contactable leads first, then by score, ties by node id. */
  rank: v.number(),
  login: v.string(),
  nodeId: v.string(),
  name: text,
  email: text,
  emailSource: text,
  contactable: v.boolean(),
  /** Why or why not: the first rule that matched. */
  contactReason: v.string(),
  mxStatus: v.picklist(["ok", "weak", "no_mail", "unknown", "not_checked"]),
  score: v.number(),
  scoreFit: v.number(),
  scoreActivity: v.number(),
  scoreReachability: v.number(),
  reasons: v.array(scoreReasonSchema),
  company: text,
  location: text,
  bio: text,
  websiteUrl: text,
  twitterUsername: text,
  followers: v.number(),
  repositories: v.array(v.object({ name: v.string(), commits: v.number(), lastCommitAt: v.string() })),
  /** Commits read in all repositories together. */
  commits: v.number(),
  lastActiveAt: v.string(),
  profileUrl: v.string(),
  firstSeenAt: text,
  fetchedAt: text,
  /** By field name; not a CSV column. */
  provenance: v.record(v.string(), provenanceSchema),
});

/** See {@link leadSchema}. */
export type Lead = v.InferOutput<typeof leadSchema>;
/** See {@link scoreReasonSchema}. */
export type ScoreReason = v.InferOutput<typeof scoreReasonSchema>;
/** See {@link provenanceSchema}. */
export type Provenance = v.InferOutput<typeof provenanceSchema>;

/** The columns of a lead in CSV, in their one documented order; each is the snake_case form of a key of a lead. */
export const leadColumns = [
  "rank",
  "login",
  "node_id",
  "name",
  "email",
  "email_source",
  "contactable",
  "contact_reason",
  "mx_status",
  "score",
  "score_fit",
  "score_activity",
  "score_reachability",
  "reasons",
  "company",
  "location",
  "bio",
  "website_url",
  "twitter_username",
  "followers",
  "repositories",
  "commits",
  "last_active_at",
  "profile_url",
  "first_seen_at",
  "fetched_at",
] as const;

/**
 * The form of a lead that two runs are compared by, and that file digests are taken over: the times of asking are
 * blank, since they differ between runs that found the same (architecture: sameness).
 */
export function withoutFetchTimes(lead: Lead): Lead {
  const provenance: Record<string, Provenance> = {};
  for (const [field, origin] of Object.entries(lead.provenance))
    provenance[field] = { ...origin, fetchedAt: null };
  return { ...lead, firstSeenAt: null, fetchedAt: null, provenance };
}
