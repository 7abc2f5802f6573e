import type { Job } from "../job/job.ts";
import type { Lead } from "../lead/lead.ts";
import type { Digest } from "../port/digest.ts";
import type { Store } from "../port/store.ts";
import { hashSuppression } from "../suppression/hash-suppression.ts";
import { suppressionEntriesOf } from "../suppression/suppression-entries.ts";

const pageSize = 1_000;

/** A job's leads by rank, read in pages, without anybody whom the spec or the store's list suppresses by now. */
export async function* readLeads(
  store: Store,
  digest: Digest,
  job: Job,
  filter: { contactable?: boolean } = {},
): AsyncGenerator<Lead, void, undefined> {
  const key = await store.suppressionKey();
  const bySpec = new Set(job.spec.suppress.map((entry) => entry.hash));
  for (let afterRank = 0; ; ) {
    const page = await store.readLeads(job.id, { ...filter, afterRank, limit: pageSize });
    const hashes = page.map((lead) =>
      suppressionEntriesOf({ ...lead, id: lead.nodeId }).map((entry) => hashSuppression(digest, key, entry)),
    );
    const listed = await store.findSuppressed(hashes.flat());
    for (const [index, lead] of page.entries()) {
      afterRank = lead.rank;
      const suppressed = hashes[index]?.some((hash) => bySpec.has(hash) || listed.has(hash));
      if (!suppressed) yield lead;
    }
    if (page.length < pageSize) return;
  }
}
