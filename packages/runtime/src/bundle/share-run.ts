import { createHmac, randomBytes } from "node:crypto";
import { createAnswerDisguise } from "@cmo/agent";
import type { RecordedAnswer } from "@cmo/bundle";
import { baselineOf, CmoError, type Job, type JobSpec, withoutSchedule } from "@cmo/engine";
import { openRecordedMail } from "./recorded-sources.ts";
import { type Replayed, replayRecording } from "./replay-recording.ts";
import type { RunEnding } from "./run-ending.ts";
import type { RecordingFacts } from "./survey-recording.ts";

/** A run in which nobody and nothing is named. */
export interface SharedRun extends Replayed {
  readonly jobId: string;
  readonly spec: JobSpec;
}

/** What is shared. */
export interface ShareRunOptions {
  readonly job: Pick<Job, "id" | "spec" | "startedAt" | "createdAt">;
  readonly recording: AsyncIterable<RecordedAnswer>;
  readonly facts: RecordingFacts;
  readonly ending: RunEnding;
}

/**
 * Gives a run to others: every answer in its disguise (`createAnswerDisguise`), and the log, the summary and the files
 * that an agent comes to on these answers. Pseudonyms are made with a random key that nobody keeps: within one bundle they
 * are the same for the same, between two they tell nothing. Whoever has it closes it.
 * @throws CmoError `conflict` where the recording lacks what the run needed.
 */
export async function shareRun({ job, recording, facts, ending }: ShareRunOptions): Promise<SharedRun> {
  const key = randomBytes(32);
  const pseudonym = (kind: string, text: string) =>
    createHmac("sha256", key)
      .update(JSON.stringify([kind, text]))
      .digest("hex")
      .slice(0, 16);
  const spec = disguisedSpec(job.spec, pseudonym);
  const jobId = `job_${pseudonym("job", job.id)}`;
  const { isReserved } = await openRecordedMail(job.spec, facts);
  const disguise = createAnswerDisguise({ spec, pseudonym, isReserved });

  async function* disguised(): AsyncGenerator<RecordedAnswer, void, undefined> {
    for await (const { kind, item, value, fetchedAt } of recording) {
      const answer = disguise({ kind, itemId: item, value });
      if (answer === null) continue;
      yield {
        kind,
        item: answer.itemId,
        input: "",
        fetchedAt: startOfDay(fetchedAt),
        job: 0,
        value: answer.value,
      };
    }
  }

  const replayed = await replayRecording({
    spec,
    jobId,
    recording: disguised(),
    length: facts.length,
    ending: { ...ending, error: disguisedError(ending.error) },
    now: startOfDay(job.startedAt ?? job.createdAt),
    // What is asked after an answer may name something of it, as the next page names a cursor.
    isStrict: false,
  });
  if (replayed.left !== null) {
    await replayed.close();
    const { kind, stage } = replayed.left;
    throw new CmoError("conflict", `The recording lacks an answer (${kind}) that ${stage} needs.`, {
      hint: "Somebody who is needed for it was erased since, or a job that this one had answers from. A full bundle can still be written with --full; its replay may find them missing.",
    });
  }
  return { ...replayed, jobId, spec };
}

/**
 * What a campaign looks for stays, since the agent decides by it; what it is called, why it is run, and when it is run
 * again does not: a schedule holds the goal's words, a place's time, and the job that other bundles name too.
 */
function disguisedSpec(spec: JobSpec, pseudonym: (kind: string, text: string) => string): JobSpec {
  return {
    ...withoutSchedule(spec),
    name: "shared",
    goal: "A campaign that was shared.",
    purpose: null,
    basis: null,
    suppress: spec.suppress.map(({ kind, hash }) => ({ kind, hash: pseudonym("suppressed", hash) })),
    asOf: `${spec.asOf.slice(0, 10)}T00:00:00.000Z`,
    ...disguisedBaseline(spec, pseudonym),
  };
}

function disguisedBaseline(
  spec: JobSpec,
  pseudonym: (kind: string, text: string) => string,
): Pick<JobSpec, "onlyNew"> {
  const baseline = baselineOf(spec);
  if (baseline === null) return {};
  const dayOf = (instant: string) => `${instant.slice(0, 10)}T00:00:00.000Z`;
  const { jobId, startedAt, endedAt } = baseline;
  return {
    onlyNew: {
      baseline: {
        jobId: `job_${pseudonym("job", jobId)}`,
        startedAt: dayOf(startedAt),
        endedAt: dayOf(endedAt),
      },
    },
  };
}

function disguisedError(error: RunEnding["error"]): RunEnding["error"] {
  return error === null ? null : { code: error.code, message: `The run failed: ${error.code}.`, hint: null };
}

const dayMs = 86_400_000;

function startOfDay(time: number): number {
  return Math.floor(time / dayMs) * dayMs;
}
