import type { AgentMemory, MemoryChange } from "@cmo/engine";

/**
 * The records of a job as its pages see them: what is stored, and over it what pages that are not committed yet have
 * found, so that nobody has to wait for a page before it.
 */
export interface WorkingMemory {
  /** The records under these keys, as the agent wrote them; keys without one are absent. */
  read<T>(collection: RecordCollection<T>, keys: readonly string[]): Promise<ReadonlyMap<string, T>>;
  /** Lets readers see these from now on; they are stored with the page that they belong to. */
  hold(changes: readonly MemoryChange[]): void;
  /** Stores a checkpoint with records; what was held of them is let go. */
  save(state: unknown, changes: readonly MemoryChange[]): Promise<void>;
}

/** The name of a collection, and what is in it. */
export interface RecordCollection<T> {
  readonly name: string;
  /** A change that puts a record in. */
  put(key: string, value: T): MemoryChange;
}

/** Names a collection. The name holds the version of what is in it: records of another one are not taken for these. */
export function recordCollection<T>(name: string): RecordCollection<T> {
  return { name, put: (key, value) => ({ collection: name, key, value }) };
}

/** A {@link WorkingMemory} over what a job keeps. */
export function createWorkingMemory(memory: AgentMemory): WorkingMemory {
  const held = new Map<string, Map<string, MemoryChange>>();

  return {
    async read<T>({ name }: RecordCollection<T>, keys: readonly string[]) {
      const found = new Map<string, T>();
      const missing: string[] = [];
      // What is held is looked at before the store is asked: it is let go only when the store has it.
      for (const key of keys) {
        const change = held.get(name)?.get(key);
        if (change === undefined) missing.push(key);
        else found.set(key, change.value as T);
      }
      if (missing.length === 0) return found;
      // Only this agent writes to its memory, under a name that says what a record looks like.
      for (const [key, value] of await memory.read(name, missing)) found.set(key, value as T);
      return found;
    },

    hold(changes) {
      for (const change of changes) {
        const ofName = held.get(change.collection) ?? new Map<string, MemoryChange>();
        ofName.set(change.key, change);
        held.set(change.collection, ofName);
      }
    },

    async save(state, changes) {
      await memory.save(state, changes);
      for (const change of changes) {
        const ofName = held.get(change.collection);
        // A later page may have written the same record since.
        if (ofName?.get(change.key) === change) ofName.delete(change.key);
      }
    },
  };
}
