import type { Lead } from "../lead/lead.ts";

/** A lead for tests: an imaginary, contactable person, told apart by `rank`. */
export function buildLead(overrides: Partial<Lead> = {}): Lead {
  const rank = overrides.rank ?? 1;
  const login = overrides.login ?? `person-${rank}`;
  const fetchedAt = "2030-01-01T00:00:00.000Z";
  return {
    rank,
    login,
    nodeId: `U_${login}`,
    name: `Person ${rank}`,
    email: `${login}@works.example`,
    emailSource: "github.user.email",
    contactable: true,
    contactReason: "published_email",
    mxStatus: "ok",
    score: 60,
    scoreFit: 30,
    scoreActivity: 20,
    scoreReachability: 10,
    reasons: [{ signal: "language_match", points: 20, evidence: "works/compiler is written in Go" }],
    company: "Imaginary Works",
    location: "Nowhere",
    bio: null,
    websiteUrl: null,
    twitterUsername: null,
    followers: 7,
    repositories: [{ name: "works/compiler", commits: 4, lastCommitAt: "2029-12-20T10:00:00.000Z" }],
    commits: 4,
    lastActiveAt: "2029-12-20T10:00:00.000Z",
    profileUrl: `https://github.example/${login}`,
    firstSeenAt: null,
    fetchedAt,
    provenance: { email: { source: "github.user.email", url: null, fetchedAt } },
    ...overrides,
  };
}
