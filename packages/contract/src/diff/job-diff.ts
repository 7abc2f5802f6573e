import * as v from "valibot";
import { jobStatusSchema } from "../job/job-status-schema.ts";
import { instantSchema } from "../text/instant.ts";

/** How much of a difference is told. */
export interface DiffQuery {
  /** At most so many leads of each kind, 0 to 1,000. Default 100. They are all counted, however few are told. */
  readonly limit?: number | undefined;
}

/** Why somebody is a lead of one job and not of the other. */
export const absenceCodes = [
  /** The other job failed, was cancelled, or was brought to its end early. */
  "cut_short",
  /** They were on a suppression list when the other job ran. */
  "suppressed",
  /** What their profile says in the other job keeps them out of it. */
  "refused",
  /** The other job was given no profile of them. */
  "unavailable",
  /** The other job counts only who is new, and its campaign had exported them before. */
  "known",
  /** The other job asked about them, and had its target without them. */
  "over_target",
  /** The other job never asked about them, and had its target by then. */
  "target_reached",
  /** The other job never asked about them. */
  "not_found",
  /** The other job knows their profile, and they did not count there. */
  "not_counted",
] as const;

const value = v.unknown();
const differenceSchema = v.object({
  key: v.pipe(v.string(), v.description("Where it stands, with dots between names.")),
  a: v.pipe(value, v.description("In the first job; null when it is not there.")),
  b: value,
});
/** One thing that is not the same. */
export type Difference = v.InferOutput<typeof differenceSchema>;

const personEntries = { nodeId: v.string(), login: v.string(), name: v.nullable(v.string()) };

const absentLeadSchema = v.object({
  person: v.pipe(
    v.nullable(v.object(personEntries)),
    v.description("Null for whoever the other job leaves out at their own wish; they are counted only."),
  ),
  lead: v.nullable(v.object({ rank: v.number(), score: v.number(), contactable: v.boolean() })),
  reason: v.object({ code: v.picklist(absenceCodes), text: v.string() }),
});
/** A lead that only one of the jobs has. */
export type AbsentLead = v.InferOutput<typeof absentLeadSchema>;

const rankEntries = { ...personEntries, rankA: v.number(), rankB: v.number() };
const movedLeadSchema = v.object(rankEntries);
/** A lead of which nothing but the rank is another. */
export type MovedLead = v.InferOutput<typeof movedLeadSchema>;

const signalSchema = v.nullable(v.object({ points: v.number(), evidence: v.string() }));
const changedLeadSchema = v.object({
  ...rankEntries,
  fields: v.pipe(
    v.array(differenceSchema),
    v.description("Fields that differ; times of asking do not count."),
  ),
  signals: v.pipe(
    v.array(v.object({ signal: v.string(), a: signalSchema, b: signalSchema })),
    v.description("Parts of the score that differ, with what each rests on."),
  ),
});
/** A lead that is not the same in both jobs. */
export type ChangedLead = v.InferOutput<typeof changedLeadSchema>;

const knownPersonSchema = v.object({
  ...personEntries,
  fields: v.pipe(v.array(differenceSchema), v.description("Fields of their profile that differ.")),
});
/** Somebody known who was met again, and whose profile is not the same. */
export type KnownPerson = v.InferOutput<typeof knownPersonSchema>;

const sideSchema = v.object({
  jobId: v.string(),
  name: v.string(),
  status: jobStatusSchema,
  parentJobId: v.nullable(v.string()),
  createdAt: instantSchema,
  leads: v.pipe(v.number(), v.description("Those who are shown; people suppressed by now are not.")),
  hidden: v.pipe(v.number(), v.description("Stored leads that are not shown, nor told of here.")),
});

const noteSchema = v.object({ code: v.string(), message: v.string() });

/** What differs between two jobs that have ended. */
export const jobDiffSchema = v.pipe(
  v.object({
    same: v.pipe(
      v.boolean(),
      v.description("Whether leads and summary are the same, whatever was asked for it and when."),
    ),
    a: sideSchema,
    b: sideSchema,
    spec: v.pipe(v.array(differenceSchema), v.description("Keys of the resolved campaigns that differ.")),
    summary: v.pipe(v.array(differenceSchema), v.description("What the summaries say differently.")),
    quota: v.pipe(
      v.array(differenceSchema),
      v.description("What was asked for it; never makes jobs differ."),
    ),
    warnings: v.object({ onlyA: v.array(noteSchema), onlyB: v.array(noteSchema) }),
    unchanged: v.number(),
    added: v.object({ count: v.number(), leads: v.array(absentLeadSchema) }),
    gone: v.object({ count: v.number(), leads: v.array(absentLeadSchema) }),
    changed: v.object({ count: v.number(), leads: v.array(changedLeadSchema) }),
    moved: v.object({ count: v.number(), leads: v.array(movedLeadSchema) }),
    known: v.exactOptional(
      v.pipe(
        v.object({
          count: v.number(),
          compared: v.number(),
          changed: v.number(),
          people: v.array(knownPersonSchema),
        }),
        v.description(
          "Where the second job counts who is new from the first: who is known and was met again, and those of them who changed.",
        ),
      ),
    ),
  }),
  v.metadata({ ref: "JobDiff" }),
);
/** See {@link jobDiffSchema}. */
export type JobDiff = v.InferOutput<typeof jobDiffSchema>;
