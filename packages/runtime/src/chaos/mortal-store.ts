import type { Store } from "@cmo/engine";
import { mortalIterable } from "./mortal-iterable.ts";
import type { Mortality } from "./mortality.ts";

/** A store of which each call is an effect; its doorbell is not heard by a process that is gone. */
export function mortalStore(store: Store, mortality: Mortality): Store {
  const effect = <T>(call: keyof Store, work: () => Promise<T>) => mortality.effect(`store.${call}`, work);
  // Every member by name: one that the port gets, and that is forgotten here, does not compile.
  const mortal: Required<Store> = {
    durable: store.durable,
    now: () => effect("now", () => store.now()),
    createJob: (job, events, options) => effect("createJob", () => store.createJob(job, events, options)),
    readJob: (jobId) => effect("readJob", () => store.readJob(jobId)),
    readStoredJob: (jobId) => effect("readStoredJob", () => store.readStoredJob(jobId)),
    readConfigText: (jobId) => effect("readConfigText", () => store.readConfigText(jobId)),
    readListedJob: (jobId) => effect("readListedJob", () => store.readListedJob(jobId)),
    listJobs: (filter) => effect("listJobs", () => store.listJobs(filter)),
    readQueue: () => effect("readQueue", () => store.readQueue()),
    updateJob: (jobId, decide) => effect("updateJob", () => store.updateJob(jobId, decide)),
    claimNext: (request, decide) => effect("claimNext", () => store.claimNext(request, decide)),
    readEvents: (jobId, after, limit) => effect("readEvents", () => store.readEvents(jobId, after, limit)),
    readLogRows: (jobId, after, limit) => effect("readLogRows", () => store.readLogRows(jobId, after, limit)),
    onNews: (jobId, ring) =>
      store.onNews(jobId, () => {
        if (!mortality.isGone()) ring();
      }),
    readTaskResults: (jobId, kind, itemIds) =>
      effect("readTaskResults", () => store.readTaskResults(jobId, kind, itemIds)),
    scanTaskResults: (jobId, after, limit) =>
      effect("scanTaskResults", () => store.scanTaskResults(jobId, after, limit)),
    readCached: (cacheKeys, since) => effect("readCached", () => store.readCached(cacheKeys, since)),
    readNotes: (keys) => effect("readNotes", () => store.readNotes(keys)),
    readLeads: (jobId, filter) => effect("readLeads", () => store.readLeads(jobId, filter)),
    countLeads: (jobId, selection) => effect("countLeads", () => store.countLeads(jobId, selection)),
    readCheckpoint: (jobId) => effect("readCheckpoint", () => store.readCheckpoint(jobId)),
    readRecords: (jobId, collection, keys) =>
      effect("readRecords", () => store.readRecords(jobId, collection, keys)),
    scanRecords: (jobId, collection, after, limit) =>
      effect("scanRecords", () => store.scanRecords(jobId, collection, after, limit)),
    readShared: (name) => effect("readShared", () => store.readShared(name)),
    updateShared: (name, decide) => effect("updateShared", () => store.updateShared(name, decide)),
    suppressionKey: () => effect("suppressionKey", () => store.suppressionKey()),
    findSuppressed: (hashes) => effect("findSuppressed", () => store.findSuppressed(hashes)),
    addSuppressed: (entries) => effect("addSuppressed", () => store.addSuppressed(entries)),
    removeSuppressed: (hashes) => effect("removeSuppressed", () => store.removeSuppressed(hashes)),
    listSuppressed: (page) => effect("listSuppressed", () => store.listSuppressed(page)),
    readFirstSeen: (campaign, nodeIds) =>
      effect("readFirstSeen", () => store.readFirstSeen(campaign, nodeIds)),
    readLastExport: (campaign, until) =>
      effect("readLastExport", () => store.readLastExport(campaign, until)),
    noteFirstSeen: (campaign, seen, keepUntil) =>
      effect("noteFirstSeen", () => store.noteFirstSeen(campaign, seen, keepUntil)),
    noteFiles: (files) => effect("noteFiles", () => store.noteFiles(files)),
    readFiles: (jobId) => effect("readFiles", () => store.readFiles(jobId)),
    forgetFiles: (paths) => effect("forgetFiles", () => store.forgetFiles(paths)),
    findRows: (texts) => mortalIterable(store.findRows(texts), "store.findRows", mortality),
    eraseRows: (texts, edit, decide) => effect("eraseRows", () => store.eraseRows(texts, edit, decide)),
    eraseJobs: (jobIds, scope) => effect("eraseJobs", () => store.eraseJobs(jobIds, scope)),
    eraseExpired: (before) => effect("eraseExpired", () => store.eraseExpired(before)),
    finishErasures: () => effect("finishErasures", () => store.finishErasures()),
    listErasures: (limit) => effect("listErasures", () => store.listErasures(limit)),
    close: () => effect("close", () => store.close()),
  };
  return mortal;
}
