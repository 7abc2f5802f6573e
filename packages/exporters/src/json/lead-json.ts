import type { Lead, Provenance, ScoreReason } from "@cmo/engine";

/**
 * A lead as one line of JSON. The keys stand in the schema's order, whatever order the lead came in: a store may keep
 * objects in an order of its own, and the file must not tell.
 */
export function leadJson(lead: Lead): string {
  const ordered: Lead = {
    rank: lead.rank,
    login: lead.login,
    nodeId: lead.nodeId,
    name: lead.name,
    email: lead.email,
    emailSource: lead.emailSource,
    contactable: lead.contactable,
    contactReason: lead.contactReason,
    mxStatus: lead.mxStatus,
    score: lead.score,
    scoreFit: lead.scoreFit,
    scoreActivity: lead.scoreActivity,
    scoreReachability: lead.scoreReachability,
    reasons: lead.reasons.map(orderedReason),
    company: lead.company,
    location: lead.location,
    bio: lead.bio,
    websiteUrl: lead.websiteUrl,
    twitterUsername: lead.twitterUsername,
    followers: lead.followers,
    repositories: lead.repositories.map(orderedRepository),
    commits: lead.commits,
    lastActiveAt: lead.lastActiveAt,
    profileUrl: lead.profileUrl,
    firstSeenAt: lead.firstSeenAt,
    fetchedAt: lead.fetchedAt,
    provenance: orderedProvenance(lead.provenance),
  };
  return JSON.stringify(ordered);
}

/** Why a lead has its score, as compact JSON. */
export function reasonsJson(lead: Lead): string {
  return JSON.stringify(lead.reasons.map(orderedReason));
}

/** The repositories of a lead, as compact JSON. */
export function repositoriesJson(lead: Lead): string {
  return JSON.stringify(lead.repositories.map(orderedRepository));
}

function orderedReason({ signal, points, evidence }: ScoreReason): ScoreReason {
  return { signal, points, evidence };
}

function orderedRepository({ name, commits, lastCommitAt }: Lead["repositories"][number]) {
  return { name, commits, lastCommitAt };
}

function orderedProvenance(provenance: Lead["provenance"]): Lead["provenance"] {
  const ordered: [string, Provenance][] = Object.keys(provenance)
    .sort()
    .flatMap((field) => {
      const origin = provenance[field];
      return origin === undefined
        ? []
        : [[field, { source: origin.source, url: origin.url, fetchedAt: origin.fetchedAt }]];
    });
  return Object.fromEntries(ordered);
}
