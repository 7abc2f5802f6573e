import type { Lead } from "@cmo/engine";
import fc from "fast-check";

/** Any text at all: every code unit, so halves of surrogate pairs too, and what CSV and spreadsheets trip over. */
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)) }),
  fc.string({
    unit: fc.constantFrom(
      "=",
      "+",
      "-",
      "@",
      "＝",
      "'",
      '"',
      ",",
      ";",
      "\r",
      "\n",
      "\t",
      " ",
      "\u3000",
      "\ufeff",
      "\u202e",
      "漢",
      "a",
    ),
  }),
);
const anyTextOrNull = fc.option(anyText, { nil: null });
const anyNumber = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
);
const anyProvenance = fc.record({ source: anyText, url: anyTextOrNull, fetchedAt: anyTextOrNull });

/** Any lead that the schema lets through, with a rank of 1. */
export const anyLead: fc.Arbitrary<Lead> = fc.record(
  {
    rank: fc.constant(1),
    login: anyText,
    nodeId: anyText,
    name: anyTextOrNull,
    email: anyTextOrNull,
    emailSource: anyTextOrNull,
    contactable: fc.boolean(),
    contactReason: anyText,
    mxStatus: fc.constantFrom("ok", "weak", "no_mail", "unknown", "not_checked"),
    score: anyNumber,
    scoreFit: anyNumber,
    scoreActivity: anyNumber,
    scoreReachability: anyNumber,
    reasons: fc.array(fc.record({ signal: anyText, points: anyNumber, evidence: anyText }), { maxLength: 3 }),
    company: anyTextOrNull,
    location: anyTextOrNull,
    bio: anyTextOrNull,
    websiteUrl: anyTextOrNull,
    twitterUsername: anyTextOrNull,
    followers: anyNumber,
    repositories: fc.array(fc.record({ name: anyText, commits: anyNumber, lastCommitAt: anyText }), {
      maxLength: 3,
    }),
    commits: anyNumber,
    lastActiveAt: anyText,
    profileUrl: anyText,
    firstSeenAt: anyTextOrNull,
    fetchedAt: anyTextOrNull,
    provenance: fc.dictionary(
      anyText.filter((field) => field !== "__proto__"),
      anyProvenance,
      { maxKeys: 3 },
    ),
  },
  { noNullPrototype: true },
);

/** Lists of any leads, ranked. */
export const anyLeads: fc.Arbitrary<Lead[]> = fc
  .array(anyLead, { maxLength: 6 })
  .map((leads) => leads.map((lead, index) => ({ ...lead, rank: index + 1 })));
