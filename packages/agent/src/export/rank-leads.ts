import type { JobSpec, Lead, Provenance } from "@cmo/engine";
import { lastActiveAt, type PersonScore, type ScoredPerson } from "../scoring/score-person.ts";
import { byText } from "../text/by-text.ts";
import { optOutReason } from "../validation/contact-judgement.ts";

/** A person with a score. */
export interface JudgedPerson extends ScoredPerson {
  readonly score: PersonScore;
}

/** The leads of a campaign, and how many were left out. */
export interface RankedLeads {
  readonly leads: readonly Lead[];
  /** Contactable people beyond the target. */
  readonly overTarget: number;
}

/**
 * The leads in their order: those who may be contacted first, the best `targetLeads` of them, then the others,
 * flagged; by score, ties by node id. Whoever said no is in neither.
 */
export function rankLeads(
  people: readonly JudgedPerson[],
  spec: JobSpec,
  firstSeen: ReadonlyMap<string, string>,
): RankedLeads {
  const willing = people.filter(({ judgement }) => judgement.reason !== optOutReason);
  const contactable = willing.filter(({ judgement }) => judgement.contactable).sort(byScore);
  const others = willing.filter(({ judgement }) => !judgement.contactable).sort(byScore);
  const best = contactable.slice(0, spec.targetLeads);
  return {
    leads: [...best, ...others].map((person, index) => leadOf(person, index + 1, firstSeen)),
    overTarget: contactable.length - best.length,
  };
}

function byScore(a: JudgedPerson, b: JudgedPerson): number {
  return b.score.score - a.score.score || byText(a.profile.id, b.profile.id);
}

function leadOf(person: JudgedPerson, rank: number, firstSeen: ReadonlyMap<string, string>): Lead {
  const { profile, contributions, judgement, score } = person;
  return {
    rank,
    login: profile.login,
    nodeId: profile.id,
    name: profile.name,
    email: profile.email,
    emailSource: profile.emailSource,
    contactable: judgement.contactable,
    contactReason: judgement.reason,
    mxStatus: judgement.mxStatus,
    score: score.score,
    scoreFit: score.fit,
    scoreActivity: score.activity,
    scoreReachability: score.reachability,
    reasons: [...score.reasons],
    company: profile.company,
    location: profile.location,
    bio: profile.bio,
    websiteUrl: profile.websiteUrl,
    twitterUsername: profile.twitterUsername,
    followers: profile.followers,
    repositories: contributions.map(({ repository, commits, lastCommitAt }) => ({
      name: repository.name,
      commits,
      lastCommitAt,
    })),
    commits: contributions.reduce((sum, { commits }) => sum + commits, 0),
    lastActiveAt: lastActiveAt(contributions),
    profileUrl: profile.profileUrl,
    firstSeenAt: firstSeen.get(profile.id) ?? null,
    fetchedAt: profile.fetchedAt,
    provenance: provenanceOf(person),
  };
}

/** Where each datum was read. What a profile does not say has no origin. */
function provenanceOf({ profile, contributions }: JudgedPerson): Record<string, Provenance> {
  const published = { source: "github.user", url: profile.profileUrl, fetchedAt: profile.fetchedAt };
  const computed = (source: string): Provenance => ({ source, url: null, fetchedAt: null });
  const history: Provenance = {
    source: "github.commit.history",
    url: contributions[0]?.repository.url ?? null,
    fetchedAt: null,
  };
  const origins: Record<string, Provenance> = {
    login: published,
    nodeId: published,
    followers: published,
    profileUrl: published,
    repositories: history,
    commits: history,
    lastActiveAt: history,
    contactable: computed("cmo.validation"),
    contactReason: computed("cmo.validation"),
    mxStatus: computed("dns.mx"),
    score: computed("cmo.scoring"),
    scoreFit: computed("cmo.scoring"),
    scoreActivity: computed("cmo.scoring"),
    scoreReachability: computed("cmo.scoring"),
    reasons: computed("cmo.scoring"),
  };
  for (const field of ["name", "company", "location", "bio", "websiteUrl", "twitterUsername"] as const) {
    if (profile[field] !== null) origins[field] = published;
  }
  if (profile.email !== null)
    origins.email = { ...published, source: profile.emailSource ?? "github.user.email" };
  return origins;
}
