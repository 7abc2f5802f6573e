import type { SuppressionEntry } from "../config/suppress-entry.ts";
import type { EventData } from "../event/event-data.ts";
import type { Lead } from "../lead/lead.ts";
import type { JobSpec } from "../spec/job-spec.ts";
import type { SourceNote } from "./job-change.ts";
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
  /** Kept with the answer for {@link SourceCall.recall}. */
  readonly remember?: readonly SourceNote[];
  /** Not offered to other jobs: what was in the way of a better answer may pass. */
  readonly unshared?: boolean;
  /** Others came with it, and follow at once: they are looked over and stored together. Never on the last one. */
  readonly more?: boolean;
}

/** When the answers of other jobs will do. */
export interface TaskCache<I> {
  /** What the answers depend on beside the item: the source, and what its credentials may see. */
  readonly scope: string;
  /** How old an answer may be. 0: none is taken, but others may take what is answered now. */
  readonly maxAgeMs: number;
  /** The version of the thing that is asked about, where it is known before asking; another version is asked anew. */
  versionOf?(item: TaskItem<I>): string;
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
export interface TaskOptions<I = unknown, R = unknown> {
  /** How many items the next batch may hold; asked before each batch. Default 100. */
  batchSize?: () => number;
  /** How many batches run at once. Default 4. */
  concurrency?: number;
  /** Ends the tasks before the job does: in-flight batches are aborted, and the iteration throws `cancelled`. */
  signal?: AbortSignal;
  /** Default: every job asks for itself. */
  cache?: TaskCache<I>;
  /**
   * Whether the answers are in the store already, so that a job that is brought to its end early has them too. Default
   * false.
   */
  asksNobody?: boolean;
  /**
   * Looks over answers before anything of them is stored, whether the source gave them or the cache: gives those that
   * are to be stored, with the same ids. One whose value it changed is not offered to other jobs.
   */
  screen?(answers: readonly TaskAnswer<R>[]): Promise<readonly TaskAnswer<R>[]>;
}

/**
 * What an agent knows in the middle of a job, kept so that an interrupted one goes on where it was instead of going
 * through all that is done: a state, and collections of records. Both are JSON. Gone when the job has ended.
 */
export interface AgentMemory {
  /** The state of the last {@link AgentMemory.save}, or null when the work begins. Not validated: the agent wrote it. */
  restored(): unknown;
  /** Stores a checkpoint: the state, with changes to records, and every event before it, in one transaction. */
  save(state: unknown, changes?: readonly MemoryChange[]): Promise<void>;
  /** The records under these keys. */
  read(collection: string, keys: readonly string[]): Promise<ReadonlyMap<string, unknown>>;
  /** All records of a collection, by the code points of their keys, read by page. */
  scan(collection: string): AsyncIterable<{ readonly key: string; readonly value: unknown }>;
}

/** A record that is put in, or taken out when its value is undefined. */
export interface MemoryChange {
  readonly collection: string;
  readonly key: string;
  readonly value: unknown;
}

/** Everything that a person is known by in a store. */
export interface PersonIdentity {
  readonly ids: readonly string[];
  /** In lower case. */
  readonly logins: readonly string[];
  /** In lower case. */
  readonly emails: readonly string[];
  /** What is theirs and leads to them. */
  readonly belongings: readonly Belonging[];
}

/** Something that leads to a person, such as a repository under their login or the domain of an address of theirs. */
export interface Belonging {
  /** What results name it by. */
  readonly id: string;
  /** What events may call it; null when they do not. */
  readonly shownName: string | null;
}

/** What an agent knows of people in the values that it stored. Pure. */
export interface AgentPeople {
  /** Everybody whom a stored result tells of, as far as it says so. */
  peopleIn(result: StoredValue): readonly { id: string; login: string; email: string | null }[];
  /** What the result says of one person; null when it says nothing. JSON. */
  about(result: StoredValue, person: PersonIdentity): unknown;
  /** What a result says is theirs. `belongings` of the person are those known so far. */
  belongingsIn(result: StoredValue, person: PersonIdentity): readonly Belonging[];
  /**
   * The result without the person: the very same object when it says nothing of them, null when nothing of it is left.
   * What `pseudonymOf` gives for an id stands in for it where a place has to stay taken, so that a job that goes on
   * counts as before. The key may change where it named them.
   */
  without(
    result: StoredValue,
    person: PersonIdentity,
    pseudonymOf: (id: string) => string,
  ): StoredValue | null;
}

/** A task result as {@link AgentPeople} reads it. */
export interface StoredValue {
  readonly kind: string;
  readonly itemId: string;
  readonly value: unknown;
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
  /** Whom the job belongs to: what is learnt for one is of no use to another. */
  readonly tenant: string;
  /** Aborted when the job is to stop, whatever for. */
  readonly signal: AbortSignal;
  /**
   * True when a job that was cancelled or failed is brought to its end: {@link tasks} then gives only what is stored,
   * nobody is asked, and the agent exports what there is.
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
    options?: TaskOptions<I, R>,
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
  /** What the agent kept at its last checkpoint. */
  readonly memory: AgentMemory;
  /** Replaces the job's leads, some at a time: nobody needs to have all of them in mind. */
  writeLeads(leads: Iterable<Lead> | AsyncIterable<Lead>): Promise<void>;
  /** The job's leads by rank as they are stored, without anybody who has been suppressed since. */
  leads(selection?: { contactable?: boolean }): AsyncIterable<Lead>;
  /**
   * What stands for somebody who must not be stored, in places that have to stay taken: the same for the same node id
   * in this store, and of no use without its key. Begins with `~`, as no node id does.
   */
  pseudonym(nodeId: string): Promise<string>;
  /** Whether each of these is on the suppression list of the spec or of the store. */
  suppressed(entries: readonly SuppressionEntry[]): Promise<readonly boolean[]>;
  /**
   * When each person was first seen under the name of the campaign, the tenant's own. ISO instants. `exported`: the start
   * of the run that exported them first, this one for who is new; they are noted when the job ends. `listed`, for those
   * who are told of and not exported: of the run that told of them first; they are noted now.
   */
  firstSeen(nodeIds: readonly string[], as: "exported" | "listed"): Promise<ReadonlyMap<string, string>>;
  /**
   * Whom of these the campaign exported up to the baseline of the spec, however long ago; nobody without a baseline. That
   * they are known is kept as long as this job. What is noted may be erased meanwhile: ask through {@link tasks}.
   */
  knownAmong(nodeIds: readonly string[]): Promise<ReadonlySet<string>>;
  /**
   * What the baseline of the spec was told under this kind, by item id: parsed JSON that an agent wrote, maybe one of an
   * earlier version. Empty without a baseline, and when it is erased. Ask through {@link tasks}.
   */
  baselineResults(kind: string, itemIds: readonly string[]): Promise<ReadonlyMap<string, unknown>>;
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
  /** What the agent's stored results say of people. An agent without it cannot have a person erased. */
  readonly people?: AgentPeople;
}
