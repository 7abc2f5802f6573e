import type { JobSpec, Lead, PersonProfile, Provenance } from "@cmo/engine";
import type { RankedPerson } from "../scoring/score-people.ts";
import { lastActiveAt, type ScoredPerson, scorePerson } from "../scoring/score-person.ts";
import { byText } from "../text/by-text.ts";
import type { ContactJudgement } from "../validation/contact-judgement.ts";

/** Everything that the row of a lead tells. */
export interface LeadPerson extends ScoredPerson {
  readonly profile: PersonProfile;
  readonly judgement: ScoredPerson["judgement"] & Pick<ContactJudgement, "reason">;
  /** ISO instant; null where it is not known. */
  readonly firstSeenAt: string | null;
}

/** People in the order of their ranks: those who may be contacted come before the others. */
export interface Ranking {
  readonly contactable: readonly RankedPerson[];
  readonly others: readonly RankedPerson[];
}

/** By score, ties by node id. */
export function rankPeople(people: readonly RankedPerson[]): Ranking {
  return {
    contactable: people.filter(({ contactable }) => contactable).sort(byScore),
    others: people.filter(({ contactable }) => !contactable).sort(byScore),
  };
}

/** The row of a lead. */
export function leadOf(person: LeadPerson, rank: number, spec: JobSpec): Lead {
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
    firstSeenAt: person.firstSeenAt,
    fetchedAt: profile.fetchedAt,
    provenance: provenanceOf(person),
  };
}

function byScore(a: RankedPerson, b: RankedPerson): number {
  return b.score - a.score || byText(a.id, b.id);
}

/** Where each datum was read. What a profile does not say has no origin. */
function provenanceOf({ profile, contributions }: LeadPerson): Record<string, Provenance> {
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
