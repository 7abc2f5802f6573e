import { join } from "node:path";
import { buildNewJob, queuedDraft } from "@cmo/engine/testing";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { testHost } from "../../test/support/test-host.ts";
import { openTemporaryStore } from "./open-temporary-store.ts";

describe("openTemporaryStore", () => {
  it.each([
    ["little", 1_000],
    ["much", 100_000_000],
  ])("gives a store that outlives nothing, for %s", async (_what, length) => {
    const store = await openTemporaryStore(testHost(), length);
    await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
    expect(store.durable).toBe(false);
    expect((await store.readJob("a"))?.id).toBe("a");
    await store.close();
  });

  it("holds in memory what no file can be made for", async () => {
    vi.stubEnv("TMPDIR", join(import.meta.dirname, "open-temporary-store.test.ts"));
    onTestFinished(() => void vi.unstubAllEnvs());
    const store = await openTemporaryStore(testHost(), 100_000_000);
    await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
    expect((await store.readJob("a"))?.id).toBe("a");
    await store.close();
  });
});
