import { describe, expect, it, vi } from "vitest";
import type { EventDraft } from "../event/event-draft.ts";
import { buildNewJob, queuedDraft } from "./build-job.ts";
import type { StoreUnderTest } from "./store-contract.ts";

/** What a store keeps about logs and news of them. */
export function describeLogs(open: () => Promise<StoreUnderTest>): void {
  describe("logs", () => {
    it("numbers the events of each job from 1 without a gap, however many write at once", async () => {
      const { store } = await open();
      for (const id of ["a", "b"]) await store.createJob(buildNewJob({ id }), [queuedDraft]);
      const writers = Array.from({ length: 30 }, (_, index) =>
        store.updateJob(index % 3 === 0 ? "b" : "a", () => ({
          events: [logDraft(`${index}/1`), logDraft(`${index}/2`)],
        })),
      );
      const writes = await Promise.all(writers);
      for (const [id, count] of [
        ["a", 41],
        ["b", 21],
      ] as const) {
        const events = await store.readEvents(id, 0, 1_000);
        expect(events.map((event) => event.seq)).toEqual(
          Array.from({ length: count }, (_, index) => index + 1),
        );
        expect((await store.readJob(id))?.lastSeq).toBe(count);
        expect(events.every((event) => event.jobId === id && event.v === 1)).toBe(true);
      }
      // The events of one change stand together, in their order, and each writer was told its own.
      for (const [index, write] of writes.entries()) {
        expect(write.events.map((event) => event.data.message)).toEqual([`${index}/1`, `${index}/2`]);
        expect(write.events[1]?.seq).toBe((write.events[0]?.seq ?? 0) + 1);
        expect(await store.readEvents(write.job.id, (write.events[0]?.seq ?? 0) - 1, 2)).toEqual(
          write.events,
        );
      }
    });

    it("gives events the time that decide was given", async () => {
      const { store, clock } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      await clock.advance(12_345);
      let decidedAt = 0;
      const { events } = await store.updateJob("a", (_, now) => {
        decidedAt = now;
        return { events: [logDraft("x")] };
      });
      expect(events[0]?.at).toBe(new Date(decidedAt).toISOString());
      expect(await store.readEvents("a", 1, 1)).toEqual(events);
    });

    it("S06 reads from any offset, in pages, and nothing behind the end", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      await store.updateJob("a", () => ({ events: ["2", "3", "4", "5"].map(logDraft) }));
      const seqs = async (after: number, limit: number) =>
        (await store.readEvents("a", after, limit)).map((event) => event.seq);
      expect(await seqs(0, 1_000)).toEqual([1, 2, 3, 4, 5]);
      expect(await seqs(0, 2)).toEqual([1, 2]);
      expect(await seqs(2, 2)).toEqual([3, 4]);
      expect(await seqs(4, 2)).toEqual([5]);
      expect(await seqs(5, 2)).toEqual([]);
      expect(await seqs(99, 2)).toEqual([]);
    });

    it("tells the log of a job that is not there from an empty page", async () => {
      const { store } = await open();
      await expect(store.readEvents("nobody", 0, 10)).rejects.toMatchObject({ code: "not_found" });
    });

    it("keeps a link with its event and the head of the chain in the row, and neither in the event", async () => {
      const { store, clock } = await open();
      const head = (seq: number) => ({ link: `${seq}`, from: seq + 1, seq });
      const created = await store.createJob(buildNewJob({ id: "a" }), [queuedDraft], {
        chain: (createdAt) => ({ logHead: head(1), link: { seq: 1, link: `at ${createdAt}` } }),
      });
      expect(created.job.logHead).toEqual(head(1));
      await clock.advance(5);
      const written = await store.updateJob("a", () => ({
        events: ["2", "3", "4"].map(logDraft),
        dataTexts: [undefined, JSON.stringify(logDraft("3").data)],
        link: { seq: 3, link: "three" },
        patch: { logHead: head(4) },
      }));
      await store.updateJob("a", () => ({ events: [logDraft("5")], patch: { logHead: head(5) } }));
      await store.updateJob("a", () => ({ events: [logDraft("6")] }));
      expect((await store.readJob("a"))?.logHead).toEqual(head(5));
      const events = await store.readEvents("a", 0, 10);
      expect(events.slice(1, 4)).toEqual(written.events);
      expect(Object.keys(events[2] ?? {}).sort()).toEqual(["at", "data", "jobId", "seq", "type", "v"]);
      const rows = await store.readLogRows("a", 0, 10);
      expect(rows).toEqual(
        events.map(({ seq, at, v, type, data }) => ({
          seq,
          at: Date.parse(at),
          v,
          type,
          data: JSON.stringify(data),
          link: seq === 1 ? `at ${created.job.createdAt}` : seq === 3 ? "three" : null,
        })),
      );
      expect(await store.readLogRows("a", 2, 1)).toEqual(rows.slice(2, 3));
      expect(await store.readLogRows("a", 6, 5)).toEqual([]);
      await expect(store.readLogRows("nobody", 0, 10)).rejects.toMatchObject({ code: "not_found" });
    });

    it("S09 keeps an event of a type that it does not know", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      const future = { type: "weather.changed", data: { sky: ["blue"] } } as unknown as EventDraft;
      await store.updateJob("a", () => ({ events: [future] }));
      expect(await store.readEvents("a", 1, 10)).toMatchObject([future]);
    });
  });

  describe("news", () => {
    it("rings for the job that was written to, once what was written can be read", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      let seen = 0;
      store.onNews("a", () => {
        void store.readEvents("a", 0, 100).then((events) => {
          seen = Math.max(seen, events.length);
        });
      });
      await store.updateJob("a", () => ({ events: [logDraft("x")] }));
      await vi.waitFor(() => expect(seen).toBe(2), patience);
    });

    it("rings for every job to who asks for any, for new jobs and for claims too", async () => {
      const { store } = await open();
      let rings = 0;
      store.onNews(null, () => {
        rings += 1;
      });
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      await vi.waitFor(() => expect(rings).toBeGreaterThan(0), patience);
      const before = rings;
      await store.claimNext({}, () => ({ events: [logDraft("x")] }));
      await vi.waitFor(() => expect(rings).toBeGreaterThan(before), patience);
    });

    it("rings no more once it was stopped, and goes on ringing for others", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      let stopped = 0;
      let others = 0;
      const stop = store.onNews("a", () => {
        stopped += 1;
      });
      store.onNews("a", () => {
        others += 1;
      });
      stop();
      const before = stopped;
      await store.updateJob("a", () => ({ events: [logDraft("x")] }));
      await vi.waitFor(() => expect(others).toBeGreaterThan(0), patience);
      expect(stopped).toBe(before);
      expect(() => stop()).not.toThrow();
    });
  });
}

/** News may come late: from another process, by a poll. */
const patience = { timeout: 10_000, interval: 5 };

function logDraft(message: string): EventDraft {
  return { type: "log", data: { level: "info", code: "test", message } };
}
