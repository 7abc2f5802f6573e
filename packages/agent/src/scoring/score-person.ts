import type { JobSpec, PersonProfile, ScoreReason } from "@cmo/engine";
import type { Contribution } from "../extraction/contribution.ts";
import type { ContactJudgement } from "../validation/contact-judgement.ts";
import type { EmailAddress } from "../validation/email-address.ts";
import { hostOf, ownsDomain } from "./own-domain.ts";

/** A score with its parts and every signal that gave or took points. */
export interface PersonScore {
  readonly score: number;
  readonly fit: number;
  readonly activity: number;
  readonly reachability: number;
  readonly reasons: readonly ScoreReason[];
}

/** What a score is made from. */
export interface ScoredPerson {
  readonly profile: Pick<PersonProfile, "websiteUrl" | "isHireable">;
  /** Most commits first; at least one. */
  readonly contributions: readonly Contribution[];
  readonly judgement: Pick<ContactJudgement, "contactable" | "mxStatus" | "isRole" | "isFree"> & {
    readonly address: Pick<EmailAddress, "domain"> | null;
  };
}

/** How strongly a signal holds, from 0 to 1, and what that rests on. */
type Signal = readonly [strength: number, evidence: string];

/**
 * The score of a person at `spec.asOf`: each signal's strength times its weight, in tenths of a point. Pure, so that
 * the same answers give the same score on every path.
 */
export function scorePerson(person: ScoredPerson, spec: JobSpec): PersonScore {
  const { weights } = spec.scoring;
  const fit = scorePart(weights.fit, fitSignals(person, spec));
  const activity = scorePart(weights.activity, activitySignals(person, spec));
  const reachability = scorePart(weights.reachability, reachabilitySignals(person));
  return {
    score: tenths(Math.max(0, fit.points + activity.points + reachability.points)),
    fit: fit.points,
    activity: activity.points,
    reachability: reachability.points,
    reasons: [...fit.reasons, ...activity.reasons, ...reachability.reasons],
  };
}

function scorePart<K extends string>(
  weights: Readonly<Record<K, number>>,
  signals: Readonly<Record<K, Signal>>,
) {
  const reasons: ScoreReason[] = [];
  let points = 0;
  for (const signal of Object.keys(signals) as K[]) {
    const [strength, evidence] = signals[signal];
    const given = tenths(weights[signal] * Math.min(1, Math.max(0, strength)));
    if (given === 0) continue;
    points += given;
    reasons.push({ signal, points: given, evidence });
  }
  return { points: tenths(points), reasons };
}

function fitSignals({ contributions }: ScoredPerson, { icp }: JobSpec) {
  const wanted = new Set(icp.languages.map((language) => language.toLowerCase()));
  const match = contributions.find(({ repository }) => wanted.has((repository.language ?? "").toLowerCase()));
  const topics = new Set(
    contributions.flatMap(({ repository }) => repository.topics.map((topic) => topic.toLowerCase())),
  );
  const matched = icp.topics.filter((topic) => topics.has(topic.toLowerCase()));
  const stars = Math.max(0, ...contributions.map(({ repository }) => repository.stars));
  const best = contributions.find(({ repository }) => repository.stars === stars);
  return {
    language_match:
      wanted.size === 0
        ? [1, "any language was asked for"]
        : [match === undefined ? 0 : 1, `${match?.repository.name} is ${match?.repository.language}`],
    topic_match:
      icp.topics.length === 0
        ? [1, "any topic was asked for"]
        : [matched.length / Math.min(2, icp.topics.length), `topics ${matched.join(", ")}`],
    stars: [starStrength(stars, icp.starsRange), `${best?.repository.name} has ${stars} stars`],
  } satisfies Record<string, Signal>;
}

function activitySignals({ contributions }: ScoredPerson, { icp, asOf }: JobSpec) {
  const commits = contributions.reduce((sum, contribution) => sum + contribution.commits, 0);
  const last = lastActiveAt(contributions);
  // Counted from the start of the day, so that two runs on one day score alike.
  const days = Math.max(0, (Date.parse(asOf.slice(0, 10)) - Date.parse(last)) / 86_400_000);
  return {
    // A hundred commits are all that is read of a repository; more would not be told apart.
    commits: [
      Math.log2(1 + commits) / Math.log2(101),
      `${commits} commits in the last ${icp.activityDays} days`,
    ],
    recency: [1 - days / icp.activityDays, `last commit on ${last.slice(0, 10)}`],
    several_repositories: [
      (contributions.length - 1) / 2,
      `active in ${contributions.length} of the repositories`,
    ],
  } satisfies Record<string, Signal>;
}

function reachabilitySignals({ profile, contributions, judgement }: ScoredPerson) {
  const { contactable, mxStatus, isRole, isFree } = judgement;
  const sure = mxStatus === "ok" ? 1 : 0.5;
  const owner = contactable && !isFree ? domainOwner(profile, contributions, judgement) : null;
  return {
    email_contactable: [contactable ? sure : 0, `published an address; ${mailEvidence[mxStatus]}`],
    own_domain_email: [owner === null ? 0 : 1, `the address is at the domain of ${owner}`],
    website: [hostOf(profile.websiteUrl) === null ? 0 : 1, "names a website"],
    hireable: [profile.isHireable ? 1 : 0, "says that they can be hired"],
    role_address: [contactable && isRole ? 1 : 0, "the address is a role, not a person"],
    free_address: [contactable && isFree ? 1 : 0, "the address is at a free provider"],
  } satisfies Record<string, Signal>;
}

/** Whose domain the address is at: their own, that of an organisation they work for, or nobody's. */
function domainOwner(
  profile: ScoredPerson["profile"],
  contributions: readonly Contribution[],
  { address }: ScoredPerson["judgement"],
): string | null {
  if (address === null) return null;
  if (ownsDomain(address.domain, profile.websiteUrl)) return "their website";
  const employer = contributions.find(
    ({ repository: { owner } }) =>
      owner.type === "organization" && ownsDomain(address.domain, owner.websiteUrl),
  );
  return employer === undefined ? null : employer.repository.owner.login;
}

/** The latest commit of all, as it was written; instants may be written with different offsets. Empty for none. */
export function lastActiveAt(contributions: readonly Contribution[]): string {
  let latest = "";
  for (const { lastCommitAt } of contributions) {
    if (latest === "" || Date.parse(lastCommitAt) > Date.parse(latest)) latest = lastCommitAt;
  }
  return latest;
}

const mailEvidence: Readonly<Record<ContactJudgement["mxStatus"], string>> = {
  ok: "its domain takes mail",
  weak: "its domain has a host and no mail exchanger",
  no_mail: "its domain takes no mail",
  unknown: "its domain gave no answer",
  not_checked: "its domain was not asked",
};

/** From the lowest star count asked for to the highest, or to 100,000, on a logarithmic scale. */
function starStrength(stars: number, { min, max }: JobSpec["icp"]["starsRange"]): number {
  const low = Math.log10(1 + min);
  const high = Math.log10(1 + (max ?? 100_000));
  return high <= low ? 1 : (Math.log10(1 + stars) - low) / (high - low);
}

function tenths(points: number): number {
  const rounded = Math.round(points * 10) / 10;
  return rounded === 0 ? 0 : rounded;
}
