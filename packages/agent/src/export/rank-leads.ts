import type { JobSpec, Lead, Provenance } from "@cmo/engine";
import { lastActiveAt, type ScoredPerson, scorePerson } from "../scoring/score-person.ts";
import { byText } from "../text/by-text.ts";
import { optOutReason } from "../validation/contact-judgement.ts";

/** A person with a score; its reasons are many and are worked out again for those who become leads. */
export interface JudgedPerson extends ScoredPerson {
  readonly score: number;
}

/** The leads of a campaign, and how many were left out. */
export interface RankedLeads {
  /** In the order of their ranks, the first of rank 1. */
  readonly people: readonly JudgedPerson[];
  /** Contactable people beyond the target. */
  readonly overTarget: number;
}

/**
 * The leads in their order: those who may be contacted first, the best `targetLeads` of them, then the others,
 * flagged; by score, ties by node id. Whoever said no is in neither.
 */
export function rankLeads(people: readonly JudgedPerson[], spec: JobSpec): RankedLeads {
  const willing = people.filter(({ judgement }) => judgement.reason !== optOutReason);
  const contactable = willing.filter(({ judgement }) => judgement.contactable).sort(byScore);
  const others = willing.filter(({ judgement }) => !judgement.contactable).sort(byScore);
  const best = contactable.slice(0, spec.targetLeads);
  return { people: [...best, ...others], overTarget: contactable.length - best.length };
}

/** The row of a lead. */
export function leadOf(
  person: JudgedPerson,
  rank: number,
  spec: JobSpec,
  firstSeen: ReadonlyMap<string, string>,
): Lead {
  const { profile, contributions, judgement } = person;
  const score = scorePerson(person, spec);
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

function byScore(a: JudgedPerson, b: JudgedPerson): number {
  return b.score - a.score || byText(a.profile.id, b.profile.id);
}

/** Where each datum was read. What a profile does not say has no origin. */
function provenanceOf({ profile, contributions }: JudgedPerson): Record<string, Provenance> {
  const published = { source: "github.user", url: profile.profileUrl, fetchedAt: profile.fetchedAt };
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
    contactable: judgedHere,
    contactReason: judgedHere,
    mxStatus: lookedUp,
    score: scoredHere,
    scoreFit: scoredHere,
    scoreActivity: scoredHere,
    scoreReachability: scoredHere,
    reasons: scoredHere,
  };
  for (const field of ["name", "company", "location", "bio", "websiteUrl", "twitterUsername"] as const) {
    if (profile[field] !== null) origins[field] = published;
  }
  if (profile.email !== null)
    origins.email = { ...published, source: profile.emailSource ?? "github.user.email" };
  return origins;
}

const judgedHere: Provenance = { source: "cmo.validation", url: null, fetchedAt: null };
const lookedUp: Provenance = { source: "dns.mx", url: null, fetchedAt: null };
const scoredHere: Provenance = { source: "cmo.scoring", url: null, fetchedAt: null };
