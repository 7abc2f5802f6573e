import type { ActivityWindow, Contributor, RepositoryActivity, SourceAnswer, SourceCall } from "@cmo/engine";
import * as v from "valibot";
import type { AdaptiveSize } from "../batch/adaptive-size.ts";
import {
  answerInBatches,
  type BatchOutcome,
  type ItemOutcome,
  together,
} from "../batch/answer-in-batches.ts";
import { activityDocument, activityNodeSchema, activityPagesDocument } from "../query/activity.ts";
import { type Asker, judgeNode, readAnswer, scopeError } from "./question.ts";

/** Who was active in these repositories: the accounts that commits of the window are linked to. */
export async function* readRepositoryActivity(
  ids: readonly string[],
  window: ActivityWindow,
  context: { asker: Asker; size: AdaptiveSize; probe: () => Promise<boolean>; call: SourceCall },
): AsyncGenerator<SourceAnswer<RepositoryActivity>, void, undefined> {
  const { asker, size, probe, call } = context;
  const wanted = window.deep ? Number.POSITIVE_INFINITY : window.commitsPerRepository;
  const readings = [...new Set(ids)].map(
    (id): HistoryReading => ({ id, after: null, portion: largestPortion, wanted, commits: [] }),
  );
  const work = {
    noun: "repositories",
    size,
    probe,
    ask: (batch: readonly HistoryReading[]) => askForPages(batch, window.since, asker, call),
    isAlike: (one: HistoryReading, other: HistoryReading) =>
      (one.after === null) === (other.after === null) && portionOf(one) === portionOf(other),
    lighten: (reading: HistoryReading) =>
      portionOf(reading) === 1 ? null : { ...reading, portion: Math.floor(portionOf(reading) / 2) },
  };
  for await (const answers of answerInBatches(readings, work, asker, call)) yield* together(answers);
}

/** How far the history of one repository has been read. */
interface HistoryReading {
  id: string;
  after: string | null;
  /** How many commits are asked for at once, at most. */
  portion: number;
  /** How many are still to be read. */
  wanted: number;
  commits: readonly Commit[];
}

interface Commit {
  committedAt: string;
  user: { id: string; login: string } | null;
}

const largestPortion = 100;

function portionOf(reading: HistoryReading): number {
  return Math.min(reading.portion, reading.wanted);
}

async function askForPages(
  batch: readonly HistoryReading[],
  since: string,
  asker: Asker,
  call: SourceCall,
): Promise<BatchOutcome<HistoryReading, RepositoryActivity>> {
  const [head] = batch;
  const first = head === undefined ? largestPortion : portionOf(head);
  const isFirstPage = head === undefined || head.after === null;
  const { verdict, where, durationMs } = await asker.client.graphql(
    {
      tool: "github.activity",
      document: isFirstPage ? activityDocument : activityPagesDocument(batch.length),
      variables: isFirstPage
        ? { ids: batch.map((reading) => reading.id), since, first }
        : { since, first, ...Object.fromEntries(batch.flatMap(pageVariables)) },
    },
    call,
  );
  if (verdict.kind === "failed") return { kind: "failed", failure: verdict.failure };
  const missing = scopeError(verdict.errors, where);
  if (missing !== null) throw missing;
  const nodes = isFirstPage ? readAnswer(nodesSchema, verdict.data, where).nodes : null;
  const outcomes = batch.map((reading, index) => {
    const node = nodes === null ? verdict.data?.[`r${index}`] : nodes[index];
    const path = nodes === null ? [`r${index}`] : ["nodes", index];
    const outcome = judgeNode(node, path, verdict.errors);
    return outcome.kind === "node" ? readPage(reading, first, outcome.node, where) : outcome;
  });
  return { kind: "answered", outcomes, durationMs };
}

const nodesSchema = v.object({ nodes: v.array(v.unknown()) });

function pageVariables(reading: HistoryReading, index: number): [string, string | null][] {
  return [
    [`id${index}`, reading.id],
    [`after${index}`, reading.after],
  ];
}

function readPage(
  reading: HistoryReading,
  first: number,
  value: unknown,
  where: string,
): ItemOutcome<HistoryReading, RepositoryActivity> {
  const node = readAnswer(activityNodeSchema, value, where);
  if (!("defaultBranchRef" in node)) return { kind: "missing", reason: "gone" };
  const history = node.defaultBranchRef?.target?.history;
  const page = (history?.nodes ?? []).flatMap((commit): Commit[] =>
    commit === null ? [] : [{ committedAt: commit.committedDate, user: commit.author?.user ?? null }],
  );
  const commits = [...reading.commits, ...page];
  const wanted = reading.wanted - first;
  const next = history?.pageInfo.hasNextPage === true ? history.pageInfo.endCursor : null;
  if (next !== null && next !== reading.after && wanted > 0) {
    return { kind: "more", item: { ...reading, after: next, wanted, commits } };
  }
  return { kind: "known", value: summarize(commits, next !== null) };
}

function summarize(commits: readonly Commit[], truncated: boolean): RepositoryActivity {
  const contributors = new Map<string, Contributor>();
  for (const { user, committedAt } of commits) {
    if (user === null) continue;
    const known = contributors.get(user.id);
    contributors.set(user.id, {
      id: user.id,
      login: user.login,
      commits: (known?.commits ?? 0) + 1,
      lastCommitAt:
        known !== undefined && isLater(known.lastCommitAt, committedAt) ? known.lastCommitAt : committedAt,
    });
  }
  return {
    commits: commits.length,
    unlinked: commits.filter((commit) => commit.user === null).length,
    truncated,
    contributors: [...contributors.values()].sort(
      (one, other) => other.commits - one.commits || (one.id < other.id ? -1 : 1),
    ),
  };
}

/** Instants may be written with different offsets. */
function isLater(one: string, other: string): boolean {
  return Date.parse(one) >= Date.parse(other);
}
