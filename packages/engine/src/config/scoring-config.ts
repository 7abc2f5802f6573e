import * as v from "valibot";
import { wholeNumber } from "./leaf-schema.ts";

/**
 * The points that each signal can give, by part of the score. Positive weights add up to 100; negative ones are taken
 * off. An agent multiplies each weight by how strongly the signal holds (0 to 1).
 */
export const defaultScoringWeights = {
  fit: {
    /** A repository they keep is in a language that was asked for. */
    language_match: 20,
    /** Their repositories carry topics that were asked for. */
    topic_match: 10,
    /** How many stars their most starred repository has, inside the range that was asked for. */
    stars: 10,
  },
  activity: {
    /** Commits read inside the activity window. */
    commits: 15,
    /** How long ago the last of them was. */
    recency: 15,
    /** They keep more than one of the repositories found. */
    several_repositories: 5,
  },
  reachability: {
    /** They published an address that may be written to. */
    email_contactable: 14,
    /** The address is at a domain of their own or of their company. */
    own_domain_email: 5,
    /** The profile names a website. */
    website: 3,
    /** The profile says that they can be hired. */
    hireable: 3,
    /** The address is a role (`hello@`), not a person. */
    role_address: -4,
    /** The address is at a free mail provider. */
    free_address: -1,
  },
};

/** The points of every signal, by part of the score. */
export type ScoringWeights = typeof defaultScoringWeights;
/** A part of a score: `fit`, `activity`, `reachability`. */
export type ScoringPart = keyof ScoringWeights;

/** The number of the weights as they are shipped; results name it, so that scores can be compared. */
export const defaultScoringVersion = 1;

/** The points of one signal. */
/* @__NO_SIDE_EFFECTS__ */
export function signalPoints() {
  const allowed = "a number of points from -100 to 100";
  return v.pipe(v.number(allowed), v.finite(allowed), v.minValue(-100, allowed), v.maxValue(100, allowed));
}

const points = v.optional(signalPoints());
const part = "a mapping of signals to points";

/** `scoring`: the weights to change, and a number for the changed set. */
export const scoringConfigSchema = v.strictObject(
  {
    version: v.optional(wholeNumber(1, 1_000_000)),
    weights: v.optional(
      v.strictObject(
        {
          fit: v.optional(
            v.strictObject({ language_match: points, topic_match: points, stars: points }, part),
          ),
          activity: v.optional(
            v.strictObject({ commits: points, recency: points, several_repositories: points }, part),
          ),
          reachability: v.optional(
            v.strictObject(
              {
                email_contactable: points,
                own_domain_email: points,
                website: points,
                hireable: points,
                role_address: points,
                free_address: points,
              },
              part,
            ),
          ),
        },
        "a mapping with fit, activity and reachability",
      ),
    ),
  },
  "a mapping with version and weights",
);
