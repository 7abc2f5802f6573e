import { chmod, mkdtemp, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CmoError } from "@cmo/engine";
import { createFakeClock } from "@cmo/engine/testing";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { testHost } from "../../test/support/test-host.ts";
import { newKeyText } from "./key-text.ts";
import { createEnvironmentKey, createKey, revokeKey } from "./manage-keys.ts";
import { openKeyDirectory } from "./open-key-directory.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cmo-keys-"));
  file = join(folder, "keys.json");
});
afterEach(() => rm(folder, { recursive: true }));

function setUp(env: Record<string, string> = { CMO_KEYS_FILE: file }) {
  const clock = createFakeClock();
  const host = testHost({ env, cwd: folder, home: folder, clock });
  const warnings: (CmoError | string)[] = [];
  const open = () => openKeyDirectory({ host, onWarning: (warning) => warnings.push(warning) });
  return { clock, warnings, open };
}

/** Resolves when the file system's clock, whose ticks are milliseconds with some, has gone on since the file was changed. */
async function untilTicked(path: string): Promise<void> {
  const { ctimeNs: changedAt } = await stat(path, { bigint: true });
  const probe = `${path}.probe`;
  do await writeFile(probe, "");
  while ((await stat(probe, { bigint: true })).ctimeNs === changedAt);
  await rm(probe);
}

describe("openKeyDirectory", () => {
  it("S37 knows the keys of the file and of the environment, and no other text", async () => {
    const ofFile = await createKey(file, { tenant: "acme", label: "laptop" }, { now: () => 0 });
    const ofEnvironment = createEnvironmentKey({ tenant: "other", role: "operator" });
    const directory = setUp({ CMO_KEYS_FILE: file, CMO_API_KEYS: ` ${ofEnvironment.entry} ,` }).open();
    expect(directory?.find(ofFile.text)).toEqual(ofFile.key);
    expect(directory?.find(ofEnvironment.text)).toEqual(ofEnvironment.key);
    expect(directory?.list()).toEqual([ofFile.key, ofEnvironment.key]);

    const [prefix, id, secret] = ofFile.text.split("_");
    const stranger = newKeyText();
    const wrong = [
      "",
      stranger.text,
      `${prefix}_${id}_${stranger.text.split("_")[2]}`,
      `${prefix}_${stranger.id}_${secret}`,
      `${ofFile.text} `,
      ofFile.text.toUpperCase(),
      `cmo___proto___${secret}`,
      "x".repeat(100_000),
    ];
    for (const text of wrong) expect(directory?.find(text)).toBeNull();
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(ofFile.text.length), (text, at) => {
        const changed = `${ofFile.text.slice(0, at)}${text}${ofFile.text.slice(at + text.length)}`;
        expect(directory?.find(changed) !== null).toBe(changed === ofFile.text);
      }),
    );
  });

  it("is none without a file and without a variable, and one with an empty file", async () => {
    expect(setUp().open()).toBeNull();
    expect(setUp({ CMO_KEYS_FILE: file, CMO_API_KEYS: " " }).open()).toBeNull();
    expect(setUp({}).open()).toBeNull();
    await writeFile(file, '{"version":1,"keys":[]}');
    expect(setUp().open()?.list()).toEqual([]);
  });

  it("hears within a second of keys that are made and revoked, and looks no more often", async () => {
    const first = await createKey(file, { tenant: "acme" }, { now: () => 0 });
    const { clock, open } = setUp();
    const directory = open();
    const second = await createKey(file, { tenant: "acme" }, { now: () => 0 });
    await revokeKey(file, first.key.id);
    await clock.advance(999);
    expect(directory?.find(first.text)).toEqual(first.key);
    await clock.advance(1);
    expect(directory?.find(first.text)).toBeNull();
    expect(directory?.find(second.text)).toEqual(second.key);
    expect(directory?.list()).toEqual([second.key]);
  });

  it("opens nothing by a file that is gone, broken or emptied since, and is never open to all", async () => {
    const { text, key } = await createKey(file, { tenant: "acme" }, { now: () => 0 });
    const always = createEnvironmentKey({ tenant: "acme" });
    const { clock, open, warnings } = setUp({ CMO_KEYS_FILE: file, CMO_API_KEYS: always.entry });
    const directory = open();
    const found = async () => {
      await clock.advance(1_000);
      return [directory?.find(text) ?? null, directory?.find(always.text)?.id];
    };
    expect(await found()).toEqual([key, always.key.id]);
    await writeFile(file, "{ broken");
    expect(await found()).toEqual([null, always.key.id]);
    await found();
    await rm(file);
    expect(await found()).toEqual([null, always.key.id]);
    await found();
    await writeFile(file, '{"version":1,"keys":[]}', { mode: 0o600 });
    expect(await found()).toEqual([null, always.key.id]);
    expect(warnings.map(String)).toEqual([
      expect.stringContaining(`${file} is not a file of keys`),
      expect.stringContaining(`${file} is gone`),
    ]);
    const again = await createKey(file, { tenant: "acme" }, { now: () => 0 });
    await clock.advance(1_000);
    expect(directory?.find(again.text)).toEqual(again.key);
  });

  it("sees a file that was written in place with the same size and the same time", async () => {
    const time = new Date(1_900_000_000_000);
    const { text } = await createKey(file, { tenant: "acme" }, { now: () => 0 });
    await utimes(file, time, time);
    const { clock, open } = setUp();
    const directory = open();
    expect(directory?.find(text)).not.toBeNull();
    await untilTicked(file);
    await revokeKey(file, text);
    await createKey(file, { tenant: "acme" }, { now: () => 0 });
    await utimes(file, time, time);
    await clock.advance(1_000);
    expect(directory?.find(text)).toBeNull();
  });

  it("is not opened over a file that is broken or may not be read", async () => {
    await writeFile(file, "{ broken");
    expect(setUp().open).toThrow(
      expect.objectContaining({ code: "config_invalid", message: expect.stringContaining(file) }),
    );
    await rm(file);
    const { entry } = createEnvironmentKey({ tenant: "acme" });
    const inFolder = setUp({ CMO_KEYS_FILE: folder, CMO_API_KEYS: entry });
    expect(inFolder.open).toThrow(expect.objectContaining({ code: "config_unreadable" }));
  });

  // Windows has no such bits.
  it.skipIf(process.platform === "win32")(
    "warns of a file that others may read, each time it is one",
    async () => {
      const { text } = await createKey(file, { tenant: "acme" }, { now: () => 0 });
      await chmod(file, 0o640);
      const { clock, open, warnings } = setUp();
      const directory = open();
      expect(warnings).toEqual([expect.stringContaining(`chmod 600 ${file}`)]);
      await chmod(file, 0o600);
      await clock.advance(1_000);
      expect(directory?.find(text)).not.toBeNull();
      expect(warnings).toHaveLength(1);
      await chmod(file, 0o604);
      await clock.advance(1_000);
      directory?.find(text);
      expect(warnings).toHaveLength(2);
    },
  );

  it.each([
    ["a key in the place of an entry", newKeyText().text],
    ["too few parts", "abcd:acme:member"],
    ["too many parts", `abcd:acme:member:${"0".repeat(64)}:canary`],
    ["a role that there is not", `abcd:acme:canary:${"0".repeat(64)}`],
    ["a digest that is none", "abcd:acme:member:canary"],
    ["a tenant that is none", `abcd:Canary Inc:member:${"0".repeat(64)}`],
    ["an id twice", `abcd:acme:member:${"0".repeat(64)},abcd:acme:member:${"1".repeat(64)}`],
  ])("takes no CMO_API_KEYS with %s, and repeats nothing of it", (_what, text) => {
    const good = createEnvironmentKey({ tenant: "acme" }).entry;
    const opening = setUp({ CMO_API_KEYS: `${good},${text}` }).open;
    expect(opening).toThrow(
      expect.objectContaining({
        code: "config_invalid",
        message: expect.stringMatching(/^CMO_API_KEYS, entry [23]/),
      }),
    );
    expect(opening).not.toThrow(/canary|Canary|cmo_[a-z0-9]+_/);
  });

  it("keeps its file beside the database", async () => {
    const { text } = await createKey(
      join(folder, "place", "keys.json"),
      { tenant: "acme" },
      { now: () => 0 },
    );
    expect(setUp({ CMO_STORE: "place/cmo.db" }).open()?.find(text)).not.toBeNull();
    expect(setUp({ CMO_STORE: "memory", XDG_DATA_HOME: folder }).open()).toBeNull();
    const host = testHost({ cwd: folder, home: "/nowhere" });
    expect(openKeyDirectory({ host, store: "place/cmo.db" })?.find(text)).not.toBeNull();
    // Nobody knows a home, and keys come from elsewhere.
    const { entry } = createEnvironmentKey({ tenant: "acme" });
    const homeless = testHost({ env: { CMO_API_KEYS: entry }, home: "" });
    expect(openKeyDirectory({ host: homeless })?.list()).toHaveLength(1);
    expect(() => openKeyDirectory({ host: testHost({ home: "" }) })).toThrow(
      expect.objectContaining({ code: "usage" }),
    );
  });
});
