import { recordCollection } from "../memory/working-memory.ts";

/** What is kept of an account that was active, until its job has ended. */
export interface PersonRecord {
  /** Is asked for, or was. */
  readonly kept: boolean;
  /** Why the account is nobody, by the login that was seen last; null for one that may be a person. */
  readonly machine: string | null;
  /** Repository, commits, and the instant of the last of them; in the order of the searches. */
  readonly contributions: readonly (readonly [repositoryId: string, commits: number, lastCommitAt: string])[];
}

/** Every account that was active in a repository, by id. */
export const personRecords = recordCollection<PersonRecord>("person/1");
