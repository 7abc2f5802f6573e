import { setImmediate as nextTurn } from "node:timers/promises";
import type { JobSnapshot, MultiplexedItem } from "@cmo/contract";
import { isJobSnapshot } from "@cmo/contract";
import type { JobEvent } from "@cmo/engine";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { createFakeNetwork, type FakeSocket } from "./support/fake-sockets.ts";
import { slowStore } from "./support/slow-store.ts";
import { readSse } from "./support/sse-text.ts";
import { append, drafts, finish, openStreamServer, putJob } from "./support/stream-server.ts";

/** What comes of it is the same each time. */
const seed = Number(process.env.CMO_SEED ?? 20_261_127);

const job = fc.nat(5);
const action = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant("submit" as const), job, theirs: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant("append" as const),
      job,
      count: fc.integer({ min: 0, max: 200 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("finish" as const), job }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("erase" as const), job }) },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant("wait" as const), ms: fc.constantFrom(0, 0, 0, 1, 40) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant("join" as const),
      form: fc.constantFrom("sse" as const, "ndjson" as const),
      named: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constantFrom("stall" as const, "go" as const, "leave" as const),
      reader: fc.nat(5),
    }),
  },
);
type Action = typeof action extends fc.Arbitrary<infer T> ? T : never;

interface ModelReader {
  readonly socket: FakeSocket;
  readonly form: "sse" | "ndjson";
  readonly named: readonly string[] | null;
  left: boolean;
}

function itemsOf({ socket, form }: ModelReader): readonly MultiplexedItem[] {
  const text = socket.answer()?.body.toString() ?? "";
  if (form === "sse") return readSse(text).events.map(({ data }) => JSON.parse(data) as MultiplexedItem);
  const lines = text.split("\n");
  lines.pop();
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as MultiplexedItem);
}

/** How far the reader has come in each job; fails when it missed or repeated anything. */
function placesOf(items: readonly MultiplexedItem[], logs: ReadonlyMap<string, readonly JobEvent[]>) {
  const places = new Map<string, number>();
  let begun = false;
  for (const item of items) {
    if (isJobSnapshot(item)) {
      expect(begun).toBe(false);
      expect(places.has(item.jobId)).toBe(false);
      places.set(item.jobId, (item satisfies JobSnapshot).lastSeq);
      continue;
    }
    begun = true;
    expect(item.seq).toBe((places.get(item.jobId) ?? 0) + 1);
    places.set(item.jobId, item.seq);
    const log = logs.get(item.jobId);
    if (log !== undefined) expect(item).toEqual(log[item.seq - 1]);
  }
  return places;
}

describe("Readers of many jobs, which are submitted, worked on and erased meanwhile", () => {
  it("each have every job of their tenant from where its snapshot stands, or from its first event", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { minLength: 1, maxLength: 50 }),
        fc.array(fc.nat(3), { minLength: 1, maxLength: 20 }),
        async (actions, turns) => {
          const server = await openStreamServer({ wrap: slowStore(turns), writeDeadlineMs: 600_000 });
          const { store } = server;
          const network = createFakeNetwork(server.app);
          const readers: ModelReader[] = [];
          const tenants = new Map<string, string>();
          const ended = new Set<string>();
          const erased = new Set<string>();
          for (const one of actions) await run(one);
          const logs = new Map<string, readonly JobEvent[]>();
          for (const jobId of tenants.keys()) logs.set(jobId, await store.readEvents(jobId, 0, 100_000));
          const mine = [...tenants].filter(([, tenant]) => tenant === "local").map(([jobId]) => jobId);
          for (const { socket } of readers) socket.go();
          for (const reader of readers.filter(({ left }) => !left)) {
            await vi.waitFor(
              () => {
                const places = placesOf(itemsOf(reader), logs);
                for (const jobId of places.keys()) {
                  expect(tenants.get(jobId) ?? "local").toBe("local");
                  if (reader.named !== null) expect(reader.named).toContain(jobId);
                }
                for (const jobId of mine) {
                  if (reader.named !== null && !reader.named.includes(jobId)) continue;
                  expect(places.get(jobId)).toBe(logs.get(jobId)?.length);
                }
              },
              { timeout: 60_000, interval: 5 },
            );
          }
          for (const reader of readers.filter(({ left }) => left)) placesOf(itemsOf(reader), logs);
          network.close();
          await server.close();
          expect(server.parts.streams.readers()).toBe(0);

          async function run(one: Action): Promise<void> {
            const jobId = "job" in one ? `job_${one.job}` : "";
            switch (one.type) {
              case "submit":
                if (tenants.has(jobId) || erased.has(jobId)) return;
                tenants.set(jobId, one.theirs ? "theirs" : "local");
                return putJob(store, jobId, one.theirs ? { tenant: "theirs" } : {});
              case "append":
                if (tenants.has(jobId) && !ended.has(jobId)) await append(store, jobId, drafts(one.count));
                return;
              case "finish":
                if (!tenants.has(jobId) || ended.has(jobId)) return;
                ended.add(jobId);
                return finish(store, jobId);
              case "erase":
                if (!tenants.delete(jobId)) return;
                erased.add(jobId);
                return store.eraseJobs([jobId], "job");
              case "wait":
                if (one.ms > 0) await new Promise((resolve) => setTimeout(resolve, one.ms));
                else await nextTurn();
                return;
              case "join": {
                const mine = [...tenants].filter(([, tenant]) => tenant === "local").map(([id]) => id);
                const named = one.named && mine.length > 0 ? mine.slice(0, 2) : null;
                const query = named === null ? "" : `?jobs=${named.join(",")}`;
                const accept = one.form === "ndjson" ? "application/x-ndjson" : "text/event-stream";
                const socket = network.connect(`/api/events${query}`, { Accept: accept });
                readers.push({ socket, form: one.form, named, left: false });
                // A job may be erased before its reader is let in, and then there is nobody like that.
                if (named !== null)
                  await vi.waitUntil(() => socket.answer() !== null, { timeout: 60_000, interval: 1 });
                return;
              }
              default: {
                const reader = readers[one.reader % Math.max(1, readers.length)];
                if (reader === undefined) return;
                if (one.type === "leave") reader.left = true;
                reader.socket[one.type]();
              }
            }
          }
        },
      ),
      { numRuns: 60, seed },
    );
  });
});
