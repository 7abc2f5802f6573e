import type { SuppressionEntry } from "../config/suppress-entry.ts";
import type { EventData } from "../event/event-data.ts";
import type { Lead } from "../lead/lead.ts";
import type { JobSpec } from "../spec/job-spec.ts";
import type { SourceCall } from "./source.ts";

/** One durable unit of work. */
export interface TaskItem<I> {
  /** Unique among the items of its kind in a job. */
  readonly id: string;
  /** JSON; its digest is part of the task's identity. */
  readonly input: I;
}

/** The answer to one item of a batch. */
export interface TaskAnswer<R> {
  readonly id: string;
  /** JSON. What the agent gets back is a copy that went through JSON, so that a fresh and a resumed run see the same. */
  readonly value: R;
}

/** An item and its result. */
export interface TaskOutcome<I, R> extends TaskItem<I> {
  readonly value: R;
}

/** Runs one batch. An iterable has each answer stored as soon as it comes, so that what failed later costs nothing. */
export type RunBatch<I, R> = (
  items: readonly TaskItem<I>[],
  call: SourceCall,
) => AsyncIterable<TaskAnswer<R>> | Promise<Iterable<TaskAnswer<R>>>;

/** How tasks are run. */
export interface TaskOptions {
  /** How many items the next batch may hold; asked before each batch. Default 100. */
  batchSize?: () => number;
  /** How many batches run at once. Default 4. */
  concurrency?: number;
  /** Ends the tasks before the job does: in-flight batches are aborted, and the iteration throws `cancelled`. */
  signal?: AbortSignal;
}

/** What a stage ended with. */
export type StageOutcomeReport = Pick<EventData<"stage.completed">, "counts" | "drops" | "distributions">;

/** Reports on one stage. */
export interface StageReport {
  /** Enters the stage; nothing happens when it was entered before. */
  start(options?: { itemsTotal?: number | null }): void;
  /** Counters never go back; what is left out stays. */
  progress(update: {
    itemsProcessed?: number;
    itemsTotal?: number | null;
    currentItem?: string | null;
  }): void;
  /**
   * Ends the stage; nothing happens when it has ended before. Takes counts alone (`{ profiles: 3 }`), or an outcome
   * with `counts`, `drops` and `distributions`.
   */
  complete(outcome?: StageOutcomeReport | Readonly<Record<string, number>>): void;
}

/** Requests, points and time that a campaign will take, before anything is asked. */
export interface Estimate {
  readonly requests: { readonly low: number; readonly high: number };
  readonly points: { readonly low: number; readonly high: number };
  readonly durationMs: { readonly low: number; readonly high: number };
  /** What the figures rest on, one sentence each. */
  readonly assumptions: readonly string[];
}

/** What the engine gives to an agent for one run of one job. */
export interface AgentContext {
  readonly jobId: string;
  /** Aborted when the job is to stop, whatever for. */
  readonly signal: AbortSignal;
  /**
   * True when a job that was cancelled or failed is brought to its end: {@link tasks} then gives only what is stored,
   * nothing is asked, and the agent exports what there is.
   */
  readonly partial: boolean;
  now(): Date;
  /**
   * Durable tasks. Asks the store which items are done, runs the rest in batches, stores each result with the events
   * of its making in one transaction, and gives all results in the order of the items. Leaving the loop early aborts
   * what is in flight. @throws CmoError `nondeterministic_task` when an item was stored with another input;
   * `agent_failed` when a batch ends without an answer for each of its items.
   */
  tasks<I, R>(
    kind: string,
    items: Iterable<TaskItem<I>> | AsyncIterable<TaskItem<I>>,
    runBatch: RunBatch<I, R>,
    options?: TaskOptions,
  ): AsyncIterable<TaskOutcome<I, R>>;
  /** Typed reports. @throws CmoError `usage` for an id that is no stage name, or after {@link report}. */
  stage(id: string): StageReport;
  /** Merges metrics: counters never fall, `gauge_*` and `rate_limit_*` take their last value. */
  metric(patch: Readonly<Record<string, number>>): void;
  /** A warning; each code and message once per job. */
  warn(code: string, message: string): void;
  /** A file that can be rendered from the result; each kind once per job. */
  artifact(artifact: EventData<"artifact.created">): void;
  /** Runs something with its `tool.started` and `tool.completed` events. Only the digest of `input` is logged. */
  tool<T>(name: string, input: unknown, run: (signal: AbortSignal) => Promise<T>): Promise<T>;
  /** A loose report of an agent that does not use {@link stage}. @throws CmoError `usage` after {@link stage}. */
  report(raw: unknown): void;
  /** Replaces the job's leads. */
  writeLeads(leads: readonly Lead[]): Promise<void>;
  /** Whether each of these is on the suppression list of the spec or of the store. */
  suppressed(entries: readonly SuppressionEntry[]): Promise<readonly boolean[]>;
  /** When each person was first seen under the campaign's name; for who is new, this job's start. ISO instants. */
  firstSeen(nodeIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** The work of a job, as a function of its spec and of stored task results. */
export interface Agent {
  readonly name: string;
  readonly version: string;
  /** The ids of the stages, in order. Pure. */
  plan(spec: JobSpec): string[];
  /**
   * Does the work. Runs again from its beginning after an interruption: whatever it asks goes through
   * {@link AgentContext.tasks}, so that it is asked once, and what it reports again is not logged again.
   */
  run(spec: JobSpec, context: AgentContext): Promise<void>;
  /** What the campaign will take. Pure; asks nothing. */
  estimate?(spec: JobSpec): Estimate;
}
