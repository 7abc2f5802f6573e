import { hash32, hex32, pick, unit } from "../random/hash.ts";
import { COMMITTING_ACCOUNTS } from "./special-account.ts";
import { TRAIT } from "./trait.ts";

/** One commit on the default branch. */
export interface SimulatedCommit {
  repository: number;
  /** 0 is the newest. */
  position: number;
  committedAt: number;
  /** The account that the commit is linked to; null when its e-mail belongs to none. */
  author: number | null;
  /** Who wrote it, linked or not. */
  writer: number;
}

/** The commits of one repository's default branch, newest first, derived as far as they are asked for. */
export interface CommitHistory {
  readonly total: number;
  /** The commit at a position; null past the end. */
  at(position: number): SimulatedCommit | null;
  /** How many of the newest commits are at or after this time. */
  countSince(sinceMs: number): number;
}

/** What a history is derived from. */
export interface CommitHistoryInput {
  seed: number;
  repository: number;
  pushedAt: number;
  createdAt: number;
  /** People who commit here, the most active first; at least one. */
  contributors: readonly number[];
  /** Number of the first special account. */
  people: number;
}

/** @returns a history whose dates fall strictly from `pushedAt` towards `createdAt` */
export function createCommitHistory(input: CommitHistoryInput): CommitHistory {
  const { seed, repository } = input;
  const times: number[] = [];
  // One repository in eight is busy: more than a hundred commits in ninety days.
  const pace = unit(seed, repository, TRAIT.pace);
  const meanGapHours = pace < 0.125 ? 3 + 60 * pace : 20 * 30 ** ((pace - 0.125) / 0.875);
  const total =
    20 + Math.floor(1800 * unit(seed, repository, TRAIT.commitTotal) ** 3) + (pace < 0.125 ? 700 : 0);
  const span = input.pushedAt - input.createdAt;
  // No gap is more than 1.9 times the mean, so that the oldest commit is never before the repository.
  const fit = Math.min(1, span / (total * meanGapHours * HOUR * 1.95));

  const timeAt = (position: number): number => {
    for (let next = times.length; next <= position; next += 1) {
      const gap = meanGapHours * HOUR * fit * (0.1 + 1.8 * unit(seed ^ repository, next, TRAIT.commitGap));
      times.push(
        (times[next - 1] ?? input.pushedAt) -
          (next === 0 ? 0 : Math.max(1000, Math.floor(gap / 1000) * 1000)),
      );
    }
    return times[position] ?? input.pushedAt;
  };

  return {
    total,
    at(position) {
      if (position < 0 || position >= total) return null;
      const hash = hash32(seed ^ (repository * 31), position, TRAIT.commitAuthor);
      const kind = unit(seed ^ (repository * 17), position, TRAIT.commitKind);
      // The first contributors write most: the square of a uniform number leans to the front.
      const rank = Math.floor(input.contributors.length * (hash / 0x1_0000_0000) ** 2);
      const writer = input.contributors[rank] ?? input.contributors[0] ?? 0;
      const special =
        input.people +
        pick(COMMITTING_ACCOUNTS, hash32(seed ^ repository, position % 3, TRAIT.commitSpecial));
      const author = kind < 0.06 ? null : kind < 0.13 ? special : writer;
      return { repository, position, committedAt: timeAt(position), author, writer: author ?? writer };
    },
    countSince(sinceMs) {
      let low = 0;
      let high = total;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (timeAt(middle) >= sinceMs) low = middle + 1;
        else high = middle;
      }
      return low;
    },
  };
}

/** The forty digits of a commit. */
export function oidOf(seed: number, repository: number, position: number): string {
  let oid = "";
  for (let word = 0; word < 5; word += 1)
    oid += hex32(hash32(seed ^ (word * 7919), repository * 4099 + position, TRAIT.oid));
  return oid;
}

const HOUR = 3_600_000;
