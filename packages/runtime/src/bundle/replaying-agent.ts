import {
  type Agent,
  type AgentContext,
  CmoError,
  canonicalJson,
  digestText,
  type Store,
  type TaskItem,
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

/** What {@link createReplayingAgent} needs. */
export interface ReplayingAgentOptions {
  readonly agent: Agent;
  readonly store: Store;
  readonly ending: RunEnding;
  /**
   * The job that holds the recording. When it is the job that is worked on, its questions must be those that were
   * recorded. Another one is for answers that were changed in such a way that what is asked after them changes too: they
   * answer whatever is asked of their items.
   */
  readonly recordingId: string;
  /** Asks for the job to be cancelled; the run hears of it as of any other cancel. */
  cancel(jobId: string): Promise<void>;
  /** Told of the first place where the run left the recording and came to grief. */
  onLeft(place: LeftRecording): void;
}

/**
 * An agent that does the same work, and whose questions are answered by the recording alone: what is recorded is stored
 * as the answer that it finds. A run that was cut short is cut short again where it was.
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
  { store, recordingId }: ReplayingAgentOptions,
  refusals: Map<unknown, LeftRecording>,
): AgentContext {
  const { jobId } = context;

  function digestOf({ input }: TaskItem<unknown>): string {
    return digestText(nodeDigest, canonicalJson(input));
  }

  async function answersTo(kind: string, items: readonly TaskItem<unknown>[]) {
    const ids = items.map(({ id }) => id);
    const found = await store.readTaskResults(recordingId, kind, ids);
    return items.flatMap((item) => {
      const answer = found.get(item.id);
      return answer === undefined ? [] : [{ item, answer }];
    });
  }

  /** Takes over the answers of another job. */
  async function put(kind: string, items: readonly TaskItem<unknown>[]): Promise<void> {
    const answers = await answersTo(kind, items);
    const taskResults = answers.map(({ item, answer }) => ({ ...answer, inputDigest: digestOf(item) }));
    if (taskResults.length > 0) await store.updateJob(jobId, () => ({ taskResults }));
  }

  async function askedDifferently(kind: string, items: readonly TaskItem<unknown>[]): Promise<LeftRecording> {
    const answers = await answersTo(kind, items);
    const other = answers.find(({ item, answer }) => answer.inputDigest !== digestOf(item));
    return placeOf(kind, other?.item.id ?? "", "asked_differently");
  }

  return {
    ...context,
    async *tasks(kind, items, _run, { cache: _cache, ...options } = {}) {
      // The agent gives lists; what it makes as it goes on would be gathered here first.
      const all: TaskItem<never>[] = [];
      for await (const item of items as AsyncIterable<TaskItem<never>>) all.push(item);
      if (recordingId !== jobId) await put(kind, all);
      try {
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
      } catch (error) {
        if (error instanceof CmoError && error.code === "nondeterministic_task")
          refusals.set(error, await askedDifferently(kind, all));
        throw error;
      }
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
