import { closeSync, openSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import { buildNewJob, createFakeClock, describeStoreContract, queuedDraft } from "@cmo/engine/testing";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../test/temporary-folder.ts";
import { createTemporaryStore } from "./temporary-store.ts";

describeStoreContract("The temporary store", {
  async create() {
    const clock = createFakeClock();
    return { store: await createTemporaryStore({ clock }), clock };
  },
});

describe("A temporary store", () => {
  // Windows keeps the name of a file as long as it is open; only Linux tells which files a process has open.
  it.runIf(process.platform === "linux")(
    "has no name, and nothing in its file can be read, also while it is open and larger than its cache",
    async () => {
      const folder = await temporaryFolder();
      const store = await createTemporaryStore({ folder });
      expect(readdirSync(folder)).toEqual([]);
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      for (let batch = 0; batch < 40; batch += 1) {
        const taskResults = Array.from({ length: 20 }, (_, index) => ({
          kind: "people",
          itemId: `${batch}-${index}`,
          inputDigest: "",
          value: JSON.stringify("ada@canary.example ".repeat(2_000)),
        }));
        await store.updateJob("a", () => ({ taskResults }));
      }
      expect(readdirSync(folder)).toEqual([]);
      const files = openFilesIn(folder);
      expect(new Set(files.map((path) => statSync(path).ino)).size).toBe(1);
      const bytes = readFileSync(files[0] ?? "");
      expect(bytes.length).toBeGreaterThan(20_000_000);
      expect(bytes.includes("canary")).toBe(false);
      expect(bytes.includes("people")).toBe(false);
      expect(statSync(files[0] ?? "").mode & 0o777).toBe(0o600);
      const found = await store.readTaskResults("a", "people", ["0-0", "39-19"]);
      expect([...found.values()].every(({ value }) => value.includes("ada@canary.example"))).toBe(true);
      await store.close();
      await store.close();
      expect(readdirSync(folder)).toEqual([]);
      // The driver may hold the file a little longer; its space is free.
      expect(openFilesIn(folder).filter((path) => statSync(path).size > 0)).toEqual([]);
    },
  );

  it("says so where no file can be made", async () => {
    const path = join(await temporaryFolder(), "file");
    closeSync(openSync(path, "w"));
    await expect(createTemporaryStore({ folder: path })).rejects.toMatchObject({ code: "store_unavailable" });
  });
});

/** The files of this process that were made in a folder, by a path that still leads to them. */
function openFilesIn(folder: string): string[] {
  return readdirSync("/proc/self/fd")
    .map((descriptor) => `/proc/self/fd/${descriptor}`)
    .filter((path) => {
      try {
        return readlinkSync(path).startsWith(folder);
      } catch {
        return false;
      }
    });
}
