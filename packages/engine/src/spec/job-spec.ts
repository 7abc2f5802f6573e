import * as v from "valibot";
import { faultsSpecSchema } from "../config/fault-config.ts";
import {
  calendarDay,
  languageName,
  lineOfText,
  listOf,
  oneOf,
  plainText,
  topicName,
  trueOrFalse,
  wholeNumber,
} from "../config/leaf-schema.ts";
import { minuteLimit, perRepositoryLimit, repositoryLimit, requestLimit } from "../config/limits-config.ts";
import { attemptLimit, baseDelay, maxDelay } from "../config/retries-config.ts";
import { cronText, timeZoneName } from "../config/schedule-config.ts";
import { signalPoints } from "../config/scoring-config.ts";
import {
  sourceConcurrency,
  sourceLatency,
  sourceMail,
  sourceRepositories,
  sourceSeed,
} from "../config/source-config.ts";
import { resolvedStarsRange } from "../config/stars-range.ts";
import { suppressionKinds } from "../config/suppress-entry.ts";
import { baselineSchema } from "./baseline.ts";
import type { DeepReadonly } from "./deep-freeze.ts";
import { movingVariables } from "./moving-goal.ts";

const points = signalPoints();
const part = "a mapping of signals to points";
const goalPart = v.union(
  [
    v.pipe(v.string(), v.maxLength(4_000)),
    v.strictObject({ variable: oneOf(movingVariables) }, "a mapping that names a variable"),
  ],
  "text, or a mapping that names a variable",
);

/**
 * A job spec: a campaign with every value resolved, every date pinned and every bound checked. It is plain JSON. A spec
 * from outside passes the same bounds as a config (`parseJobSpec`).
 */
export const jobSpecSchema = v.strictObject(
  {
    /** The version of this form. */
    v: v.literal(1, "1"),
    /** What makes two runs the same campaign. */
    name: lineOfText(100),
    /** What the campaign is after, in words; rendered from the template. */
    goal: plainText(4_000),
    icp: v.strictObject(
      {
        /** As GitHub writes them; empty for any language. */
        languages: listOf(languageName(), 20, "languages"),
        /** A repository carries one of these; empty for any. */
        topics: listOf(topicName(), 20, "topics"),
        /** A repository that carries one of these is left out. */
        excludeTopics: listOf(topicName(), 100, "topics"),
        starsRange: resolvedStarsRange(),
        /** Length of the activity window in days, up to `asOf`. */
        activityDays: wholeNumber(1, 3_650),
      },
      "a mapping with languages, topics, excludeTopics, starsRange and activityDays",
    ),
    /** How many contactable leads the campaign wants. */
    targetLeads: wholeNumber(1, 100_000),
    /** Only people whom no run of the campaign exported up to the baseline. Absent: whoever is found. */
    onlyNew: v.optional(
      v.strictObject(
        {
          /** The run that counts as the last one; null when there is none. Absent: to be found at submission. */
          baseline: v.optional(v.nullable(baselineSchema)),
        },
        "a mapping with baseline",
      ),
    ),
    /** The instant that the campaign looks from (ISO); scores and windows count back from it. */
    asOf: v.pipe(
      v.string("an ISO instant"),
      v.isoTimestamp("an ISO instant, such as 2030-01-31T12:00:00.000Z"),
    ),
    /** First day of the activity window. */
    pushedSince: calendarDay(),
    source: v.variant(
      "type",
      [
        v.strictObject({
          type: v.literal("simulator"),
          /** Requests at once. */
          concurrency: sourceConcurrency,
          mail: sourceMail,
          seed: sourceSeed,
          repositories: sourceRepositories,
          latencyMs: sourceLatency,
          faults: faultsSpecSchema,
        }),
        v.strictObject({ type: v.literal("github"), concurrency: sourceConcurrency, mail: sourceMail }),
      ],
      "a mapping whose type is simulator or github",
    ),
    limits: v.strictObject(
      {
        /** Null for no limit; as `maxPoints` and `timeoutMinutes`. 0: only what is stored, as for a fork. */
        maxRequests: v.nullable(wholeNumber(0, 1_000_000)),
        maxPoints: v.nullable(requestLimit),
        maxRepos: repositoryLimit,
        peoplePerRepo: perRepositoryLimit,
        commitsPerRepo: perRepositoryLimit,
        deepHistory: trueOrFalse(),
        timeoutMinutes: v.nullable(minuteLimit),
      },
      "a mapping of limits",
    ),
    retries: v.pipe(
      v.strictObject(
        {
          maxAttempts: attemptLimit,
          baseDelayMs: baseDelay,
          maxDelayMs: maxDelay,
        },
        "a mapping with maxAttempts, baseDelayMs and maxDelayMs",
      ),
      v.check(
        (retries) => retries.baseDelayMs <= retries.maxDelayMs,
        "a baseDelayMs that is at most maxDelayMs",
      ),
    ),
    scoring: v.strictObject(
      {
        version: wholeNumber(1, 1_000_000),
        /** Points by part and signal; every signal is there. */
        weights: v.strictObject(
          {
            fit: v.strictObject({ language_match: points, topic_match: points, stars: points }, part),
            activity: v.strictObject(
              { commits: points, recency: points, several_repositories: points },
              part,
            ),
            reachability: v.strictObject(
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
          },
          "a mapping with fit, activity and reachability",
        ),
      },
      "a mapping with version and weights",
    ),
    /** Whom to leave out: hashes under a key of the store, never the names. */
    suppress: listOf(
      v.strictObject(
        {
          kind: oneOf(suppressionKinds),
          hash: v.pipe(v.string("a keyed hash"), v.regex(/^[A-Za-z0-9_-]{16,128}$/, "a keyed hash")),
        },
        "a mapping with kind and hash",
      ),
      100_000,
      "entries",
    ),
    purpose: v.nullable(plainText(500)),
    basis: v.nullable(plainText(500)),
    retention: v.strictObject({ days: wholeNumber(1, 3_650) }, "a mapping with days"),
    /** When the campaign runs again by itself; absent: it runs once. */
    schedule: v.optional(
      v.strictObject(
        {
          cron: cronText,
          timeZone: timeZoneName,
          /** The first run waits for the schedule's next time too. Of what is submitted only: no later run has it. */
          firstRun: v.optional(v.literal("scheduled", "scheduled")),
          /** The goal in pieces, where it names something that is another in each run. */
          goal: v.optional(listOf(goalPart, 500, "pieces of the goal")),
          /** The first run of this schedule; absent in that run itself. */
          firstJobId: v.optional(lineOfText(100)),
        },
        "a mapping with cron and timeZone",
      ),
    ),
    /** Resolve and estimate only: the source is asked nothing. */
    dryRun: trueOrFalse(),
    /** The ids of the agent's stages, in order. */
    plan: v.pipe(
      listOf(lineOfText(60), 100, "stages"),
      v.check((stages) => new Set(stages).size === stages.length, "stages of which each is named once"),
    ),
    agent: v.strictObject(
      { name: lineOfText(100), version: lineOfText(100) },
      "a mapping with name and version",
    ),
    /** The version of the config that the spec was made from. */
    configVersion: lineOfText(20),
  },
  "a job spec",
);

/** A campaign with everything resolved; frozen at every depth. */
export type JobSpec = DeepReadonly<v.InferOutput<typeof jobSpecSchema>>;
