import type { Lead } from "@cmo/engine";

/** An imaginary person who may be contacted, with what the test is about changed. */
export function exampleLead(changes: Partial<Lead> = {}): Lead {
  return {
    rank: 1,
    login: "ada-example",
    nodeId: "U_ada",
    name: "Ada Example",
    email: "ada@mail.example",
    emailSource: "github.user.email",
    contactable: true,
    contactReason: "ok",
    mxStatus: "ok",
    score: 71.5,
    scoreFit: 30,
    scoreActivity: 25.5,
    scoreReachability: 16,
    reasons: [{ signal: "language", points: 20, evidence: "imaginary/compiler" }],
    company: "@imaginary-works",
    location: "Köln",
    bio: "Writes parsers.",
    websiteUrl: "https://ada.example",
    twitterUsername: "ada_example",
    followers: 12,
    repositories: [
      { name: "imaginary/compiler", commits: 41, lastCommitAt: "2026-03-04T05:06:07.000Z" },
      { name: "imaginary/parser", commits: 7, lastCommitAt: "2026-03-01T05:06:07.000Z" },
    ],
    commits: 48,
    lastActiveAt: "2026-03-04T05:06:07.000Z",
    profileUrl: "https://github.example/ada-example",
    firstSeenAt: "2026-03-05T00:00:00.000Z",
    fetchedAt: "2026-03-05T00:00:01.000Z",
    provenance: { email: { source: "github.user.email", url: null, fetchedAt: "2026-03-05T00:00:01.000Z" } },
    ...changes,
  };
}
