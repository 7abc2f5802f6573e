import type { CmoError } from "../../src/error/cmo-error.ts";
import type { Store } from "../../src/port/store.ts";

/** A store whose writes and reads a test may let fail, and count. */
export function failingStore(
  inner: Store,
  fails: (effect: {
    readonly index: number;
    readonly method: string;
    readonly after: boolean;
  }) => CmoError | null,
): Store & { effects(): number } {
  let effects = 0;
  const guarded =
    <A extends unknown[], R>(method: string, run: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      effects += 1;
      const index = effects;
      const before = fails({ index, method, after: false });
      if (before !== null) throw before;
      const result = await run(...args);
      // What was written stays written, and the one who wrote it never hears of it.
      const after = fails({ index, method, after: true });
      if (after !== null) throw after;
      return result;
    };
  return {
    ...inner,
    createJob: guarded("createJob", inner.createJob),
    updateJob: guarded("updateJob", inner.updateJob),
    claimNext: guarded("claimNext", inner.claimNext),
    readTaskResults: guarded("readTaskResults", inner.readTaskResults),
    readJob: guarded("readJob", inner.readJob),
    listJobs: guarded("listJobs", inner.listJobs),
    readCached: guarded("readCached", inner.readCached),
    readNotes: guarded("readNotes", inner.readNotes),
    readLeads: guarded("readLeads", inner.readLeads),
    readCheckpoint: guarded("readCheckpoint", inner.readCheckpoint),
    readRecords: guarded("readRecords", inner.readRecords),
    scanRecords: guarded("scanRecords", inner.scanRecords),
    readShared: guarded("readShared", inner.readShared),
    updateShared: guarded("updateShared", inner.updateShared),
    suppressionKey: guarded("suppressionKey", inner.suppressionKey),
    findSuppressed: guarded("findSuppressed", inner.findSuppressed),
    readFirstSeen: guarded("readFirstSeen", inner.readFirstSeen),
    noteFirstSeen: guarded("noteFirstSeen", inner.noteFirstSeen),
    readLastExport: guarded("readLastExport", inner.readLastExport),
    effects: () => effects,
  };
}
