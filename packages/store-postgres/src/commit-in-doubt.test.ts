import { buildNewJob, queuedDraft } from "@cmo/engine/testing";
import { newSchema, type PostgresServer, startPostgres } from "@cmo/postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openCommitCutter } from "../test/commit-cutter.ts";
import { createPostgresStore } from "./postgres-store.ts";

let server: PostgresServer;
beforeAll(async () => {
  // What is committed must outlive the server.
  server = await startPostgres({ durable: true });
});
afterAll(() => server.stop());

describe("A commit whose answer was lost with the server that was killed", () => {
  it.for([
    ["is there, when it was done, and whoever writes it again finds it", "after", 2],
    ["is not there, when it was not done, and is written by who tries again", "before", 1],
  ] as const)("%s", async ([_what, when, lastSeq], { skip }) => {
    skip(!server.isOwn, "a server of somebody else is not killed");
    const proxy = await openCommitCutter(server.url);
    const store = await createPostgresStore({ url: proxy.url, schema: newSchema(), connections: 2 });
    await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
    let killed = 0;
    proxy.cut(when, async () => {
      killed += 1;
      await server.restart("SIGKILL");
    });
    const seen: number[] = [];
    const write = () =>
      store.updateJob("a", (job) => {
        seen.push(job.lastSeq);
        if (job.lastSeq > 1) return {};
        return { events: [{ type: "log", data: { level: "info", code: "x", message: "once" } }] };
      });
    // Nobody can know it any more: it counts as not done, and another try is worth it.
    await expect(write()).rejects.toMatchObject({ code: "store_unavailable", retryable: true });
    expect([killed, proxy.cuts()]).toEqual([1, 1]);
    expect((await store.readJob("a"))?.lastSeq).toBe(lastSeq);
    expect((await write()).job.lastSeq).toBe(2);
    expect(seen).toEqual([1, lastSeq]);
    expect(await store.readEvents("a", 0, 9)).toHaveLength(2);
    await store.close();
    await proxy.close();
  });
});
