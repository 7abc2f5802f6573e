import type { RecordedAnswer } from "@cmo/bundle";
import {
  type Agent,
  type AgentContext,
  CmoError,
  canonicalJson,
  digestText,
  type Store,
  type TaskItem,
  type TaskResult,
} from "@cmo/engine";
import { nodeDigest } from "../host/node-digest.ts";
import type { RunEnding } from "./run-ending.ts";

/** Where an agent left the recording. */
export interface LeftRecording {
  readonly stage: string;
  /** The kind of what was asked, and of which item. */
  readonly kind: string;
  readonly item: string;
  /** `missing`: there is no answer; `asked_differently`: there is one, to another question about that item. */
  readonly reason: "missing" | "asked_differently";
}

/** The answers of a recording. */
export interface RecordedAnswers {
  find(kind: string, item: string): RecordedAnswer | undefined;
}

/** What {@link createReplayingAgent} needs. */
export interface ReplayingAgentOptions {
  readonly agent: Agent;
  readonly store: Store;
  readonly answers: RecordedAnswers;
  readonly ending: RunEnding;
  /**
   * Whether the questions must be those that were recorded. False where answers were changed in such a way that what is
   * asked after them changes too.
   */
  readonly isStrict: boolean;
  /** Asks for the job to be cancelled; the run hears of it as of any other cancel. */
  cancel(jobId: string): Promise<void>;
  /** Told of the first place where the run left the recording and came to grief. */
  onLeft(place: LeftRecording): void;
  /** Told of each answer that was made use of, as the store holds it. */
  onUsed?(result: TaskResult): void;
}

/**
 * An agent that does the same work, and whose questions are answered by the recording alone: before it asks, what is
 * recorded is stored as the answer that it finds. A run that was cut short is cut short again where it was.
 */
export function createReplayingAgent(options: ReplayingAgentOptions): Agent {
  const { agent, ending } = options;
  const refusals = new Map<unknown, LeftRecording>();

  return {
    ...agent,
    async run(spec, context) {
      try {
        await replay();
      } catch (error) {
        const place = refusals.get(error);
        if (place !== undefined) options.onLeft(place);
        throw error;
      }

      async function replay(): Promise<void> {
        const recorded = recordedContext(context, options, refusals);
        if (ending.status === "completed") return agent.run(spec, recorded);
        if (context.partial) {
          // What failed before it began fails the end of the job in the same way.
          if (!ending.hasBegun) throw failureOf(ending);
          return agent.run(spec, recorded);
        }
        if (ending.hasSearched) await untilCut(agent.run(spec, cutShort(recorded, ending)));
        if (ending.status === "failed") throw failureOf(ending);
        await options.cancel(context.jobId);
        await aborted(context.signal);
        throw new CmoError("cancelled", "The run was cancelled here.");
      }
    },
  };
}

const stageOf: Readonly<Record<string, string>> = {
  preflight: "discovery",
  search: "discovery",
  activity: "extraction",
  profile: "enrichment",
  known: "validation",
  mail_domain: "validation",
};

function recordedContext(
  context: AgentContext,
  { store, answers, isStrict, onUsed, onLeft }: ReplayingAgentOptions,
  refusals: Map<unknown, LeftRecording>,
): AgentContext {
  const { jobId } = context;

  async function put(kind: string, items: readonly TaskItem<unknown>[]): Promise<void> {
    const results: TaskResult[] = [];
    for (const { id, input } of items) {
      const answer = answers.find(kind, id);
      if (answer === undefined) continue;
      const asked = digestText(nodeDigest, canonicalJson(input));
      if (isStrict && asked !== answer.input) onLeft(placeOf(kind, id, "asked_differently"));
      results.push({
        kind,
        itemId: id,
        inputDigest: isStrict ? answer.input : asked,
        value: JSON.stringify(answer.value),
        fetchedAt: answer.fetchedAt,
      });
    }
    if (results.length === 0) return;
    await store.updateJob(jobId, () => ({ taskResults: results }));
    for (const result of results) onUsed?.(result);
  }

  return {
    ...context,
    async *tasks(kind, items, _run, { cache: _cache, ...options } = {}) {
      // The agent gives lists; what it makes as it goes on would be gathered here first.
      const all: TaskItem<never>[] = [];
      for await (const item of items as AsyncIterable<TaskItem<never>>) all.push(item);
      await put(kind, all);
      yield* context.tasks(
        kind,
        all,
        async ([first]) => {
          const place = placeOf(kind, first?.id ?? "", "missing");
          const error = new CmoError(
            "not_recorded",
            `The recording holds no answer for ${kind} ${place.item}, which ${place.stage} asks for.`,
            { retryable: false },
          );
          refusals.set(error, place);
          throw error;
        },
        { ...options, batchSize: () => 1, concurrency: 1 },
      );
    },
  };
}

function placeOf(kind: string, item: string, reason: LeftRecording["reason"]): LeftRecording {
  return { stage: stageOf[kind] ?? kind, kind, item, reason };
}

/** Thrown where the run was cut short. */
class Cut extends Error {}

async function untilCut(run: Promise<void>): Promise<void> {
  await run.catch((error) => {
    if (!(error instanceof Cut)) throw error;
  });
}

/** A context in which the agent comes no further than it did in the run. */
function cutShort(context: AgentContext, { wholeFiles }: RunEnding): AgentContext {
  let files = 0;
  return {
    ...context,
    stage(id) {
      if (wholeFiles === 0 && id === "scoring") throw new Cut();
      return context.stage(id);
    },
    artifact(file) {
      if (files === wholeFiles) throw new Cut();
      files += 1;
      context.artifact(file);
    },
  };
}

function failureOf({ error }: RunEnding): CmoError {
  return new CmoError(error?.code ?? "internal", error?.message ?? "The run failed here.", {
    ...(error?.hint == null ? {} : { hint: error.hint }),
    retryable: false,
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
