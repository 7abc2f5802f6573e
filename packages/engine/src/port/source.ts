import type { EventDraft } from "../event/event-draft.ts";
import type { SourceNote } from "./job-change.ts";

/** Which repositories a search asks for. What is null or empty is not asked. */
export interface RepositoryQuery {
  language: string | null;
  topic: string | null;
  stars: { min: number; max: number | null };
  /** ISO date; repositories pushed on that day or later. */
  pushedSince: string;
  /** ISO dates, both inclusive: the window of creation, where a search had to be split. */
  created: { from: string; to: string } | null;
}

/** A repository as a source describes it. */
export interface RepositoryRecord {
  /** Global node id: what a repository is known by, since names change. */
  id: string;
  /** `owner/name`. */
  name: string;
  url: string;
  description: string | null;
  stars: number;
  forks: number;
  isArchived: boolean;
  isFork: boolean;
  isMirror: boolean;
  isTemplate: boolean;
  /** Has no commit, so nobody can be active in it. */
  isEmpty: boolean;
  pushedAt: string | null;
  createdAt: string;
  language: string | null;
  topics: readonly string[];
  owner: { type: "organization" | "user"; login: string; name: string | null; websiteUrl: string | null };
}

/** One page of a search. */
export interface RepositoryPage {
  /** How many repositories the source claims match the whole query, reachable or not. */
  claimed: number;
  repositories: readonly RepositoryRecord[];
  /** Cursor of the next page; null at the end. */
  next: string | null;
}

/** The window and depth of a look at commit histories. */
export interface ActivityWindow {
  /** ISO instant; commits at or after it. */
  since: string;
  /** At most this many commits are read per repository, unless `deep`. */
  commitsPerRepository: number;
  /** Page through the whole window. */
  deep: boolean;
}

/** Somebody whom commits of a repository are linked to. */
export interface Contributor {
  id: string;
  login: string;
  /** Commits read in the window. */
  commits: number;
  /** ISO instant of the last of them. */
  lastCommitAt: string;
}

/** Who was active in one repository. */
export interface RepositoryActivity {
  /** Commits read. */
  commits: number;
  /** Commits read that are linked to no account. */
  unlinked: number;
  /** There were more commits in the window than were read. */
  truncated: boolean;
  /** By commits, most first; ties by id. */
  contributors: readonly Contributor[];
}

/** What a person published about themselves. Empty texts are null. */
export interface PersonProfile {
  id: string;
  login: string;
  name: string | null;
  /** As published on the profile; never from a commit and never guessed. */
  email: string | null;
  /** Where the address was read: `github.user.email` (GraphQL) or `github.rest.user.email`; null without one. */
  emailSource: string | null;
  company: string | null;
  location: string | null;
  bio: string | null;
  /** The status message shown on the profile. */
  status: string | null;
  websiteUrl: string | null;
  twitterUsername: string | null;
  isHireable: boolean;
  followers: number;
  profileUrl: string;
  createdAt: string;
  updatedAt: string;
  /** ISO instant of the answer. */
  fetchedAt: string;
}

/** Why a source has no answer for an id: `gone` (renamed away, deleted, suspended), `not_a_person`, `unavailable`. */
export type MissingReason = "gone" | "not_a_person" | "unavailable";

/** The answer for one id of a batch. */
export type SourceAnswer<T> = SharedDelivery &
  (
    | {
        id: string;
        value: T;
        missing: null;
        /** What the source would like to know again, kept only if the answer is. */
        remember?: readonly SourceNote[];
      }
    | { id: string; value: null; missing: MissingReason }
  );

/** How answers came. */
interface SharedDelivery {
  /** Others came with it, and follow at once: they are stored together, before anything else is asked. */
  more?: boolean;
}

/** What a source may do, found out before the campaign starts. */
export interface SourcePreflight {
  /** A stable name of what the answers depend on (host, and what the token may see), without any secret. */
  viewer: string;
  /** What is missing and what it costs, for people: one sentence each. */
  notes: readonly { code: string; message: string }[];
  /** JSON that the source can make use of when it is started again; see {@link Source.recallPreflight}. */
  access?: unknown;
}

/** How a source tells what it does, and how it is told to stop. */
export interface SourceCall {
  signal: AbortSignal;
  /** The job that asks, for logs and traces; absent where none does. */
  readonly jobId?: string;
  /**
   * Opens a `tool.started` event; what it returns closes it, once. `input` is stored as its digest only. Called before each
   * request. @throws CmoError `limit_reached` when the job may make no more of them.
   */
  startTool(tool: string, input: unknown): OpenTool;
  /** What was remembered with earlier answers, of any job, under these keys. */
  recall(keys: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Appends a quota or log event. */
  emit(event: Extract<EventDraft, { type: "quota.updated" | "quota.waiting" | "log" }>): void;
}

/** A tool call that has begun. */
export interface OpenTool {
  /** Its id in the events; absent where none are written. */
  readonly callId?: string;
  /** Closes it; what comes after the first time is ignored. */
  complete(outcome: ToolOutcome): void;
}

/** How one request ended. */
export interface ToolOutcome {
  ok: boolean;
  /** Points that the answer cost; 0 where the source counts none. */
  cost: number;
  /** Answered without asking. */
  cached: boolean;
  /** What went wrong: a short code, never a message with data in it. */
  error: string | null;
}

/** The kinds of batched questions, each with a size of its own. */
export type BatchKind = "activity" | "people";

/**
 * Answers questions about repositories and people. Every method
 * - rejects with a `CmoError` (`unauthenticated`, `missing_scope`, `forbidden`, `rate_limited`, `source_unavailable`,
 *   `source_rejected`, `source_answer_invalid`, `timeout`; `cancelled` when the signal aborts),
 * - retries by itself what is worth retrying, within its bounds, and waits for its quota visibly,
 * - keeps partial answers: a batch iterable yields each answer as soon as it is known, in any order, and each id once.
 */
export interface Source {
  /** A stable name for logs and provenance: `github`. */
  readonly id: string;
  /** How many requests it lets run at once. */
  readonly concurrency: number;
  /** How many results of one search can be reached at all (1,000 on GitHub). */
  readonly searchWindow: number;
  /** The size that the source would like the next batch of this kind to have. It may change at any time. */
  batchSize(kind: BatchKind): number;
  /** Checks the credentials and what they may read. */
  preflight(call: SourceCall): Promise<SourcePreflight>;
  /**
   * Takes in the {@link SourcePreflight.access} of an earlier start, so that nothing has to be found out twice. What
   * belongs to other credentials, or cannot be read, is ignored.
   */
  recallPreflight?(access: unknown): void;
  /** One page of repositories, by stars, most first. `first` is 1 to 100; `after` a cursor of the page before. */
  searchRepositories(
    query: RepositoryQuery,
    page: { first: number; after: string | null },
    call: SourceCall,
  ): Promise<RepositoryPage>;
  /** Who was active in these repositories. */
  repositoryActivity(
    ids: readonly string[],
    window: ActivityWindow,
    call: SourceCall,
  ): AsyncIterable<SourceAnswer<RepositoryActivity>>;
  /** What these people published. */
  people(ids: readonly string[], call: SourceCall): AsyncIterable<SourceAnswer<PersonProfile>>;
}
