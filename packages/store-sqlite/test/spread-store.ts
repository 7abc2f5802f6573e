import type { Store } from "@cmo/engine";

/** Which store of a file answers a call. */
export type StoreChoice = <T>(call: (store: Store) => Promise<T>) => Promise<T>;

/**
 * A store each of whose calls goes to another one over the same file, so that nothing that a store remembers stands in
 * for what is in the file. `listener` is the one that listens and that is closed at the end.
 */
export function spreadStore(listener: Store, choose: StoreChoice): Store {
  return {
    durable: listener.durable,
    createJob: (job, events) => choose((store) => store.createJob(job, events)),
    readJob: (jobId) => choose((store) => store.readJob(jobId)),
    listJobs: (filter) => choose((store) => store.listJobs(filter)),
    updateJob: (jobId, decide) => choose((store) => store.updateJob(jobId, decide)),
    claimNext: (request, decide) => choose((store) => store.claimNext(request, decide)),
    readEvents: (jobId, after, limit) => choose((store) => store.readEvents(jobId, after, limit)),
    onNews: (jobId, ring) => listener.onNews(jobId, ring),
    readTaskResults: (jobId, kind, ids) => choose((store) => store.readTaskResults(jobId, kind, ids)),
    readLeads: (jobId, filter) => choose((store) => store.readLeads(jobId, filter)),
    suppressionKey: () => choose((store) => store.suppressionKey()),
    findSuppressed: (hashes) => choose((store) => store.findSuppressed(hashes)),
    addSuppressed: (hashes) => choose((store) => store.addSuppressed(hashes)),
    removeSuppressed: (hashes) => choose((store) => store.removeSuppressed(hashes)),
    readFirstSeen: (campaign, ids) => choose((store) => store.readFirstSeen(campaign, ids)),
    noteFirstSeen: (campaign, seen) => choose((store) => store.noteFirstSeen(campaign, seen)),
    close: () => listener.close(),
  };
}
