import type { JobEvent, Store } from "@cmo/engine";

/** The log of a job, in pages. */
export async function* readEvents(store: Store, jobId: string): AsyncGenerator<JobEvent, void, undefined> {
  for (let after = 0; ; ) {
    const page = await store.readEvents(jobId, after, eventsPerPage);
    yield* page;
    after = page.at(-1)?.seq ?? after;
    if (page.length < eventsPerPage) return;
  }
}

const eventsPerPage = 1_000;
