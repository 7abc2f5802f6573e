import { parseJobPart } from "../job/parse-job-part.ts";
import type { AgentMemory } from "../port/agent.ts";
import type { Store } from "../port/store.ts";
import type { RunLog } from "./run-log.ts";

/** How many records are read at once. */
const pageSize = 5_000;

/** The memory of one pass of an agent over one job, which begins with this checkpoint. */
export function createAgentMemory(store: Store, log: RunLog, checkpoint: string | null): AgentMemory {
  const jobId = log.job().id;
  const parsed = (collection: string, text: string) => parseJobPart(jobId, `a record of ${collection}`, text);
  return {
    restored: () => parseJobPart(jobId, "its checkpoint", checkpoint ?? "null"),
    save: (state, changes = []) =>
      log.commit({
        checkpoint: jsonOf(state),
        records: changes.map(({ value, ...place }) => ({
          ...place,
          value: value === undefined ? null : jsonOf(value),
        })),
      }),
    async read(collection, keys) {
      const found = await store.readRecords(jobId, collection, keys);
      return new Map([...found].map(([key, text]) => [key, parsed(collection, text)]));
    },
    async *scan(collection) {
      for (let after: string | null = null; ; ) {
        const page = await store.scanRecords(jobId, collection, after, pageSize);
        for (const { key, value } of page) yield { key, value: parsed(collection, value) };
        after = page.at(-1)?.key ?? null;
        if (page.length < pageSize) return;
      }
    },
  };
}

function jsonOf(value: unknown): string {
  return JSON.stringify(value) ?? "null";
}
