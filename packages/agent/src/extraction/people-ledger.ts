import type { JobSpec, MemoryChange } from "@cmo/engine";
import type { WorkingMemory } from "../memory/working-memory.ts";
import { createDropCount } from "../pipeline/drop-count.ts";
import type { OpenedRepository } from "./extract.ts";
import { machineAccountReason } from "./machine-account.ts";
import { type PersonRecord, personRecords } from "./person-record.ts";

/** Somebody worth asking for. */
export interface Candidate {
  readonly id: string;
  /** The login that commits were linked to. Empty for a pseudonym. */
  readonly login: string;
}

/** What a ledger has counted. JSON. */
export interface LedgerCounts {
  /** Repositories whose history was read. */
  readonly opened: number;
  /** Repositories with more commits in the window than were read. */
  readonly truncated: number;
  /** Different people who are candidates. */
  readonly candidates: number;
  /** Different people who were active. */
  readonly active: number;
  /** Different accounts that are nobody, by reason. */
  readonly machines: Readonly<Record<string, number>>;
  /** Repositories without an answer, by reason. */
  readonly unopened: Readonly<Record<string, number>>;
}

/** Everything known of who was active where; written in the order of commit, so that it never depends on timing. */
export interface PeopleLedger {
  /** Takes a page of activity; gives the candidates that it adds, and what is to be kept with the page. */
  take(
    opened: readonly OpenedRepository[],
  ): Promise<{ candidates: readonly Candidate[]; changes: readonly MemoryChange[] }>;
  counts(): LedgerCounts;
  /** Reason to count. */
  drops(): Record<string, number>;
}

/** The counts of an empty ledger. */
export const noLedgerCounts: LedgerCounts = {
  opened: 0,
  truncated: 0,
  candidates: 0,
  active: 0,
  machines: {},
  unopened: {},
};

/** A ledger that goes on from these counts and the records that belong to them. */
export function createPeopleLedger(
  spec: JobSpec,
  memory: Pick<WorkingMemory, "read">,
  begin: LedgerCounts = noLedgerCounts,
): PeopleLedger {
  let { opened, truncated, candidates, active } = begin;
  const machines = createDropCount(begin.machines);
  const unopened = createDropCount(begin.unopened);

  return {
    async take(page) {
      const ids = new Set(page.flatMap(({ activity }) => activity?.contributors.map(({ id }) => id) ?? []));
      const people = new Map<string, PersonRecord>(await memory.read(personRecords, [...ids]));
      const changed = new Set<string>();
      const added: Candidate[] = [];
      for (const { repository, activity, missing } of page) {
        if (activity === null) {
          unopened.add(`repository_${missing ?? "unavailable"}`);
          continue;
        }
        opened += 1;
        if (activity.truncated) truncated += 1;
        let places = spec.limits.peoplePerRepo;
        for (const { id, login, commits, lastCommitAt } of activity.contributors) {
          const person = people.get(id) ?? nobodyYet;
          const machine = machineAccountReason(login);
          if (machine !== null) {
            if (machine === person.machine) continue;
            if (person.machine !== null) machines.add(person.machine, -1);
            machines.add(machine);
            people.set(id, { ...person, machine });
            changed.add(id);
            continue;
          }
          const isKept = person.kept || places > 0;
          if (places > 0) places -= 1;
          if (person.contributions.length === 0) active += 1;
          if (isKept && !person.kept) {
            candidates += 1;
            added.push({ id, login });
          }
          people.set(id, {
            ...person,
            kept: isKept,
            contributions: [...person.contributions, [repository.id, commits, lastCommitAt]],
          });
          changed.add(id);
        }
      }
      const changes = [...changed].map((id) => personRecords.put(id, people.get(id) ?? nobodyYet));
      return { candidates: added, changes };
    },
    counts: () => ({
      opened,
      truncated,
      candidates,
      active,
      machines: machines.byReason(),
      unopened: unopened.byReason(),
    }),
    drops() {
      const all = createDropCount(unopened.byReason());
      for (const [reason, count] of Object.entries(machines.byReason())) all.add(reason, count);
      all.add("over_people_per_repo", active - candidates);
      return all.byReason();
    },
  };
}

const nobodyYet: PersonRecord = { kept: false, machine: null, contributions: [] };
