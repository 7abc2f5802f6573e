import { seededRandom } from "@cmo/engine/testing";

/** A campaign of the matrix, as a person would write it. */
export interface ParityCampaign {
  /** What is special about it. */
  readonly title: string;
  /** A config; its name is the title. */
  readonly config: Readonly<Record<string, unknown>>;
  /**
   * Whom to suppress of those whom the campaign finds: the leads of these ranks, each by a login, an id, an address or
   * the domain of one.
   */
  readonly suppress?: readonly { readonly rank: number; readonly by: "login" | "id" | "email" | "domain" }[];
  /** How the job ends. */
  readonly ends: "completed" | "failed";
}

const small = {
  params: { language: "Go", stars_range: ">=10", activity_days: 365, target_leads: 25 },
  default_icp: { topics: [] },
};

function world(seed: number, repositories: number, more: Readonly<Record<string, unknown>> = {}) {
  return { source: { type: "simulator", seed, repositories, ...more } };
}

const faults = {
  badGateways: [{ fault: "bad_gateway", every: 4 }],
  resets: [{ fault: "socket_reset", every: 5 }],
  slow: [{ fault: "slow", every: 3, delay_ms: 4_000 }],
  partialPeople: [{ fault: "resource_limits", every: 1, times: 1, operation: "people" }],
  partialHistories: [{ fault: "resource_limits", every: 3, operation: "history" }],
  quotaUsedUp: [{ fault: "rate_limited", at: 4, reset_after_seconds: 90 }],
  secondaryLimit: [{ fault: "secondary_limit", at: 3, retry_after_seconds: 5 }],
  tooMany: [{ fault: "too_many_requests", every: 6, retry_after_seconds: 2, times: 3 }],
  clock: [{ fault: "timeout_message", every: 4 }],
  goneAccounts: [{ fault: "not_found_ids", share: 0.1 }],
  missingScope: [{ fault: "missing_scope" }],
  emptyRepositories: [{ fault: "empty_repository", share: 0.2 }],
  all: [
    { fault: "bad_gateway", every: 7 },
    { fault: "socket_reset", every: 11 },
    { fault: "too_many_requests", at: 3 },
    { fault: "timeout_message", every: 9, operation: "people" },
    { fault: "resource_limits", every: 5, operation: "history" },
    { fault: "rate_limited", at: 9, reset_after_seconds: 30 },
  ],
} as const;

/** Campaigns that were chosen, each for something that paths once did differently. */
const chosen: readonly ParityCampaign[] = [
  { title: "as it comes", config: { ...small, ...world(5, 200) }, ends: "completed" },
  {
    title: "nothing to be found",
    config: { params: { stars_range: ">=900000" }, ...world(5, 60) },
    ends: "completed",
  },
  {
    title: "one lead is enough",
    config: { ...small, params: { ...small.params, target_leads: 1 }, ...world(6, 120) },
    ends: "completed",
  },
  {
    title: "more wanted than there are",
    config: { ...small, params: { ...small.params, target_leads: 5_000 }, ...world(7, 90) },
    ends: "completed",
  },
  {
    title: "any language, topics left out",
    config: {
      params: { stars_range: "50..5000", target_leads: 12 },
      default_icp: { exclude_topics: ["cli", "tutorial"] },
      ...world(8, 250),
    },
    ends: "completed",
  },
  {
    title: "every commit of the window",
    config: { ...small, limits: { deep_history: true, max_repos: 40 }, ...world(9, 120) },
    ends: "completed",
  },
  {
    title: "few commits a repository",
    config: { ...small, limits: { commits_per_repo: 5, people_per_repo: 2 }, ...world(10, 150) },
    ends: "completed",
  },
  {
    title: "few repositories",
    config: { ...small, limits: { max_repos: 7 }, ...world(11, 150) },
    ends: "completed",
  },
  {
    title: "a short window",
    config: { ...small, params: { ...small.params, activity_days: 14 }, ...world(12, 200) },
    ends: "completed",
  },
  {
    title: "weights of its own",
    config: {
      ...small,
      scoring: { version: 2, weights: { fit: { stars: 60 }, reachability: { website: -20 } } },
      ...world(13, 150),
    },
    ends: "completed",
  },
  {
    title: "mail that nobody looks at",
    config: { ...small, ...world(14, 150, { mail: "none" }) },
    ends: "completed",
  },
  {
    title: "purpose and basis, quotes and CJK",
    config: { ...small, purpose: 'Talks, "soon"; 会話', basis: "=1+1", ...world(15, 90) },
    ends: "completed",
  },
  {
    title: "a dry run",
    config: { ...small, features: { dry_run: true }, ...world(16, 90) },
    ends: "completed",
  },
  {
    title: "suppressed by login",
    config: { ...small, ...world(17, 150) },
    suppress: [
      { rank: 1, by: "login" },
      { rank: 3, by: "login" },
    ],
    ends: "completed",
  },
  {
    title: "suppressed by id",
    config: { ...small, ...world(18, 150) },
    suppress: [{ rank: 2, by: "id" }],
    ends: "completed",
  },
  {
    title: "suppressed by address",
    config: { ...small, ...world(19, 150) },
    suppress: [{ rank: 1, by: "email" }],
    ends: "completed",
  },
  {
    title: "suppressed by domain",
    config: { ...small, ...world(20, 150) },
    suppress: [{ rank: 2, by: "domain" }],
    ends: "completed",
  },
  {
    title: "a limit of requests",
    config: { ...small, limits: { max_requests: 4 }, ...world(21, 200) },
    ends: "failed",
  },
  {
    title: "a token that is revoked",
    config: { ...small, ...world(22, 90, { faults: [{ fault: "revoked_token", at: 4 }] }) },
    ends: "failed",
  },
  {
    title: "a source that refuses from the start",
    config: { ...small, ...world(23, 90, { faults: [{ fault: "forbidden" }] }) },
    ends: "failed",
  },
  ...Object.entries(faults).map(
    ([name, list], index): ParityCampaign => ({
      title: `faults: ${name}`,
      config: { ...small, ...world(30 + index, 150, { faults: list, concurrency: 1 + (index % 4) }) },
      ends: "completed",
    }),
  ),
];

/** Campaigns drawn at random, the same ones in every run. */
function drawn(count: number): ParityCampaign[] {
  const random = seededRandom(4_711);
  const pick = <T>(...values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  return Array.from(
    { length: count },
    (_, index): ParityCampaign => ({
      title: `drawn ${index + 1}`,
      config: {
        params: {
          ...pick(
            {},
            { language: "Go" },
            { language: "Rust" },
            { language: "Python" },
            { language: "TypeScript" },
          ),
          stars_range: pick(">=1", ">=50", "10..800", "100..20000"),
          activity_days: pick(30, 90, 400),
          target_leads: pick(3, 15, 40),
        },
        limits: { people_per_repo: pick(1, 3, 6), max_repos: pick(20, 100, 300) },
        ...world(100 + index, pick(60, 150, 260), {
          concurrency: pick(1, 2, 5),
          faults: [
            ...pick<readonly object[]>(
              [],
              faults.badGateways,
              faults.tooMany,
              faults.partialHistories,
              faults.goneAccounts,
            ),
          ],
        }),
      },
      ...(index % 3 === 0 ? { suppress: [{ rank: 1, by: pick("login", "id", "email", "domain") }] } : {}),
      ends: "completed",
    }),
  );
}

/** The campaigns of the matrix. */
export const parityCampaigns: readonly ParityCampaign[] = [...chosen, ...drawn(15)];
