import type { JobSpec, RepositoryRecord } from "@cmo/engine";
import { createDropCount } from "../pipeline/drop-count.ts";
import { byText } from "../text/by-text.ts";
import type { OpenedRepository } from "./extract.ts";
import { machineAccountReason } from "./machine-account.ts";

/** What somebody did in one repository inside the activity window. */
export interface Contribution {
  readonly repository: RepositoryRecord;
  readonly commits: number;
  /** ISO instant. */
  readonly lastCommitAt: string;
}

/** Somebody worth asking for. */
export interface Candidate {
  readonly id: string;
  /** The login that commits were linked to. */
  readonly login: string;
}

/** Everything known of who was active where; written in the order of commit, so that it never depends on timing. */
export interface PeopleLedger {
  /** Takes one repository's activity; gives the candidates that it adds. */
  take(opened: OpenedRepository): Candidate[];
  /** Everything a person did, most commits first, ties by the repository's name and id. */
  contributionsOf(personId: string): readonly Contribution[];
  /** Different people who are candidates. */
  candidates(): number;
  /** Repositories whose history was read. */
  opened(): number;
  /** Repositories with more commits in the window than were read. */
  truncated(): number;
  /** Reason to count. */
  drops(): Record<string, number>;
}

/** An empty ledger. */
export function createPeopleLedger(spec: JobSpec): PeopleLedger {
  const contributions = new Map<string, Contribution[]>();
  const kept = new Set<string>();
  const machines = new Map<string, string>();
  const drops = createDropCount();
  let opened = 0;
  let truncated = 0;

  return {
    take({ repository, activity, missing: reason }) {
      if (activity === null) {
        drops.add(`repository_${reason ?? "unavailable"}`);
        return [];
      }
      opened += 1;
      if (activity.truncated) truncated += 1;
      const added: Candidate[] = [];
      let places = spec.limits.peoplePerRepo;
      for (const { id, login, commits, lastCommitAt } of activity.contributors) {
        const machine = machineAccountReason(login);
        if (machine !== null) {
          machines.set(id, machine);
          continue;
        }
        const list = contributions.get(id);
        const contribution = { repository, commits, lastCommitAt };
        if (list === undefined) contributions.set(id, [contribution]);
        else list.push(contribution);
        if (places === 0) continue;
        places -= 1;
        if (kept.has(id)) continue;
        kept.add(id);
        added.push({ id, login });
      }
      return added;
    },
    contributionsOf: (personId) =>
      [...(contributions.get(personId) ?? [])].sort(
        (a, b) =>
          b.commits - a.commits ||
          byText(a.repository.name, b.repository.name) ||
          byText(a.repository.id, b.repository.id),
      ),
    candidates: () => kept.size,
    opened: () => opened,
    truncated: () => truncated,
    drops() {
      const all = createDropCount();
      for (const [reason, count] of Object.entries(drops.byReason())) all.add(reason, count);
      for (const reason of machines.values()) all.add(reason);
      all.add("over_people_per_repo", contributions.size - kept.size);
      return all.byReason();
    },
  };
}
