import type { RunSummary } from "@cmo/engine";
import * as v from "valibot";
import { jobStatusSchema } from "../job/job-status-schema.ts";

const text = v.nullable(v.string());
const count = v.nullable(v.number());
const counts = v.record(v.string(), v.number());
const notes = v.array(v.object({ code: v.string(), message: v.string(), hint: text }));

/** What a run came to, or has come to so far. */
export const runSummarySchema = v.pipe(
  v.object({
    jobId: text,
    status: v.nullable(jobStatusSchema),
    ok: v.nullable(v.boolean()),
    partial: v.nullable(v.boolean()),
    goal: text,
    icp: v.nullable(v.record(v.string(), v.unknown())),
    purpose: text,
    basis: text,
    parentJobId: text,
    onlyNew: v.exactOptional(
      v.pipe(
        v.object({ baselineJobId: text, known: count, compared: count, changed: count }),
        v.description(
          "People who are known, in a run that counts only who is new: met again, compared with the baseline, changed.",
        ),
      ),
    ),
    startedAt: text,
    finishedAt: text,
    durationMs: count,
    attempts: v.number(),
    counts: v.object({
      reposClaimed: count,
      reposMatched: count,
      reposOpened: count,
      candidates: count,
      profiles: count,
      leads: count,
      leadsWithEmail: count,
      contactable: count,
      drops: counts,
    }),
    targetLeads: count,
    targetMet: v.nullable(v.boolean()),
    funnel: v.array(v.object({ step: v.string(), count, drops: counts })),
    distributions: v.record(v.string(), counts),
    topProspects: v.array(
      v.object({
        rank: v.number(),
        login: v.string(),
        name: text,
        score: v.number(),
        contactable: v.boolean(),
        company: text,
        location: text,
        repository: text,
        profileUrl: v.string(),
        why: v.array(v.string()),
      }),
    ),
    quota: v.object({
      requests: v.number(),
      failedRequests: v.number(),
      points: v.number(),
      cacheHits: v.number(),
      waitedMs: v.number(),
    }),
    warnings: notes,
    errors: notes,
    artifacts: v.array(
      v.looseObject({
        kind: v.string(),
        name: v.string(),
        mediaType: v.string(),
        bytes: v.number(),
        rows: v.number(),
        digest: v.string(),
        partial: v.boolean(),
      }),
    ),
    versions: v.object({
      agent: v.nullable(v.object({ name: v.string(), version: v.string() })),
      engine: text,
      config: text,
      specDigest: text,
    }),
  }),
  v.metadata({ ref: "Summary" }),
);

// The compiler tells when the engine's summary and this schema part ways.
const _same: v.GenericSchema<unknown, RunSummary> = runSummarySchema;
