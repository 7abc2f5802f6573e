import type { Store } from "../port/store.ts";
import type { StoredRow } from "../port/stored-people.ts";

/** Which store of a file answers a call. */
export type StoreChoice = <T>(call: (store: Store) => Promise<T>) => Promise<T>;

/**
 * A store each of whose calls goes to another one over the same file, so that nothing that a store remembers stands in
 * for what is in the file. `listener` is the one that listens and that is closed at the end.
 */
export function spreadStore(listener: Store, choose: StoreChoice): Store {
  return {
    durable: listener.durable,
    now: () => choose((store) => store.now()),
    createJob: (job, events, options) => choose((store) => store.createJob(job, events, options)),
    readJob: (jobId) => choose((store) => store.readJob(jobId)),
    readStoredJob: (jobId) => choose((store) => store.readStoredJob(jobId)),
    readConfigText: (jobId) => choose((store) => store.readConfigText(jobId)),
    readListedJob: (jobId) => choose((store) => store.readListedJob(jobId)),
    listJobs: (filter) => choose((store) => store.listJobs(filter)),
    readQueue: () => choose((store) => store.readQueue()),
    updateJob: (jobId, decide) => choose((store) => store.updateJob(jobId, decide)),
    claimNext: (request, decide) => choose((store) => store.claimNext(request, decide)),
    readEvents: (jobId, after, limit) => choose((store) => store.readEvents(jobId, after, limit)),
    readLogRows: (jobId, after, limit) => choose((store) => store.readLogRows(jobId, after, limit)),
    onNews: (jobId, ring) => listener.onNews(jobId, ring),
    readTaskResults: (jobId, kind, ids) => choose((store) => store.readTaskResults(jobId, kind, ids)),
    scanTaskResults: (jobId, after, limit) => choose((store) => store.scanTaskResults(jobId, after, limit)),
    readCached: (keys, since) => choose((store) => store.readCached(keys, since)),
    readNotes: (keys) => choose((store) => store.readNotes(keys)),
    readLeads: (jobId, filter) => choose((store) => store.readLeads(jobId, filter)),
    countLeads: (jobId, selection) => choose((store) => store.countLeads(jobId, selection)),
    readCheckpoint: (jobId) => choose((store) => store.readCheckpoint(jobId)),
    readRecords: (jobId, collection, keys) => choose((store) => store.readRecords(jobId, collection, keys)),
    scanRecords: (jobId, collection, after, limit) =>
      choose((store) => store.scanRecords(jobId, collection, after, limit)),
    readShared: (name) => choose((store) => store.readShared(name)),
    updateShared: (name, decide) => choose((store) => store.updateShared(name, decide)),
    suppressionKey: () => choose((store) => store.suppressionKey()),
    findSuppressed: (hashes) => choose((store) => store.findSuppressed(hashes)),
    addSuppressed: (entries) => choose((store) => store.addSuppressed(entries)),
    removeSuppressed: (hashes) => choose((store) => store.removeSuppressed(hashes)),
    readFirstSeen: (campaign, ids) => choose((store) => store.readFirstSeen(campaign, ids)),
    noteFirstSeen: (campaign, seen, keepUntil) =>
      choose((store) => store.noteFirstSeen(campaign, seen, keepUntil)),
    readLastExport: (campaign, until) => choose((store) => store.readLastExport(campaign, until)),
    listSuppressed: (page) => choose((store) => store.listSuppressed(page)),
    noteFiles: (files) => choose((store) => store.noteFiles(files)),
    readFiles: (jobId) => choose((store) => store.readFiles(jobId)),
    forgetFiles: (paths) => choose((store) => store.forgetFiles(paths)),
    async *findRows(texts) {
      const rows: StoredRow[] = [];
      await choose(async (store) => {
        for await (const row of store.findRows(texts)) rows.push(row);
      });
      yield* rows;
    },
    eraseRows: (texts, edit, decide) => choose((store) => store.eraseRows(texts, edit, decide)),
    eraseJobs: (jobIds, scope) => choose((store) => store.eraseJobs(jobIds, scope)),
    eraseExpired: (before) => choose((store) => store.eraseExpired(before)),
    finishErasures: () => choose((store) => store.finishErasures()),
    listErasures: (limit) => choose((store) => store.listErasures(limit)),
    close: () => listener.close(),
  };
}
