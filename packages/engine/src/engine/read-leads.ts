import type { Job } from "../job/job.ts";
import type { Lead } from "../lead/lead.ts";
import type { Digest } from "../port/digest.ts";
import type { LeadFilter, LeadSelection } from "../port/lead-filter.ts";
import type { Store } from "../port/store.ts";
import { hashSuppression } from "../suppression/hash-suppression.ts";
import { isAnybodySuppressed } from "../suppression/is-anybody-suppressed.ts";
import { suppressionEntriesOf } from "../suppression/suppression-entries.ts";

/** Small: a page stays in memory as long as it is rendered, and whoever exports reads a hundred thousand leads. */
const pageSize = 100;

/** Which leads are read, and in which order; see {@link LeadFilter}. Default: all, by rank. */
export type LeadQuery = LeadSelection & Pick<LeadFilter, "sort">;

/** A job's leads, read in pages, without anybody whom the spec or the store's list suppresses by now. */
export async function* readLeads(
  store: Store,
  digest: Digest,
  job: Job,
  query: LeadQuery = {},
): AsyncGenerator<Lead, void, undefined> {
  const screen = createLeadScreen(store, digest, job);
  for (let skip = 0, afterRank = 0; ; ) {
    // By rank, a page is found without counting what comes before it.
    const start = query.sort === undefined ? { afterRank } : { skip };
    const page = await store.readLeads(job.id, { ...query, ...start, limit: pageSize });
    yield* await screen(page);
    afterRank = page.at(-1)?.rank ?? 0;
    skip += page.length;
    if (page.length < pageSize) return;
  }
}

/** Gives those of a page whom nothing suppresses by now. Asked after a page was read, and for each page anew. */
export type LeadScreen = (page: readonly Lead[]) => Promise<readonly Lead[]>;

/** A {@link LeadScreen} for all pages of a job. */
export function createLeadScreen(store: Store, digest: Digest, { spec }: Job): LeadScreen {
  const bySpec = new Set(spec.suppress.map(({ hash }) => hash));
  return async (page) => {
    if (!(await isAnybodySuppressed(store, bySpec))) return page;
    const key = await store.suppressionKey();
    const hashes = page.map((lead) =>
      suppressionEntriesOf({ ...lead, id: lead.nodeId }).map((entry) => hashSuppression(digest, key, entry)),
    );
    const listed = await store.findSuppressed(hashes.flat());
    return page.filter((_, index) => !hashes[index]?.some((hash) => bySpec.has(hash) || listed.has(hash)));
  };
}
