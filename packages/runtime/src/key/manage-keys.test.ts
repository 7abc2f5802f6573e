import { createHash } from "node:crypto";
import { chmod, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEnvironmentKey, createKey, listKeys, revokeKey } from "./manage-keys.ts";

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cmo-keys-"));
  file = join(folder, "data", "keys.json");
});
afterEach(() => rm(folder, { recursive: true }));

const clock = { now: () => Date.parse("2030-01-02T03:04:05.000Z") };

describe("Keys in a file", () => {
  it("are made, listed and revoked; what is kept of one is its digest", async () => {
    const { key, text } = await createKey(
      file,
      { tenant: "acme", role: "operator", label: "metrics" },
      clock,
    );
    expect(key).toEqual({
      id: text.split("_")[1],
      tenant: "acme",
      role: "operator",
      label: "metrics",
      createdAt: "2030-01-02T03:04:05.000Z",
      origin: "file",
    });
    const other = await createKey(file, { tenant: "other-1" }, clock);
    expect(other.key).toMatchObject({ role: "member", label: null });
    expect(listKeys(file)).toEqual([key, other.key]);
    const kept = await readFile(file, "utf8");
    expect(kept).not.toContain(text.split("_")[2]);
    expect(JSON.parse(kept)).toMatchObject({
      version: 1,
      keys: [{ digest: createHash("sha256").update(text).digest("hex") }, { tenant: "other-1" }],
    });
    expect(await revokeKey(file, key.id)).toEqual(key);
    // Whoever has only the key itself may name it by that.
    expect(await revokeKey(file, other.text)).toEqual(other.key);
    expect(listKeys(file)).toEqual([]);
    const failure = await revokeKey(file, other.text).catch((error) => error);
    expect(failure).toMatchObject({ code: "not_found", message: expect.stringContaining(file) });
    expect(`${failure.message}${failure.hint}`).not.toContain(other.text.split("_")[2]);
  });

  it("are none where there is no file", async () => {
    expect(listKeys(file)).toEqual([]);
    await expect(revokeKey(file, "abcd")).rejects.toMatchObject({ code: "not_found" });
    await expect(readFile(file)).rejects.toMatchObject({ code: "ENOENT" });
  });

  // Windows has no such bits.
  it.skipIf(process.platform === "win32")("are for their owner only, through a link too", async () => {
    await createKey(file, { tenant: "acme" }, clock);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await chmod(file, 0o644);
    const name = join(folder, "name.json");
    await symlink(file, name);
    await createKey(name, { tenant: "acme" }, clock);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(listKeys(file)).toHaveLength(2);
    expect((await readdir(join(folder, "data"))).toSorted()).toEqual(["keys.json"]);
  });

  it("are not lost and do not come back when many change them at once", async () => {
    const first = await Promise.all(
      Array.from({ length: 5 }, (_, index) => createKey(file, { tenant: `t${index}` }, clock)),
    );
    const changes = first.map(({ key }) => revokeKey(file, key.id));
    const second = await Promise.all(
      Array.from({ length: 5 }, (_, index) => createKey(file, { tenant: `u${index}` }, clock)),
    );
    await Promise.all(changes);
    expect(
      listKeys(file)
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(second.map(({ key }) => key.id).toSorted());
  });

  it.each([
    ["a tenant of no name", { tenant: "" }, "tenant"],
    ["a tenant of another form", { tenant: "Acme Inc" }, "tenant"],
    ["a label of two lines", { tenant: "acme", label: "a\nb" }, "label"],
    ["a label without end", { tenant: "acme", label: "x".repeat(101) }, "label"],
  ])("are made for no key with %s", async (_what, asked, field) => {
    await expect(createKey(file, asked, clock)).rejects.toMatchObject({
      code: "usage",
      message: expect.stringContaining(`The key's ${field} must be`),
    });
    expect(listKeys(file)).toEqual([]);
  });

  it.each([
    ["no JSON", "canary {"],
    ["a list", "[]"],
    ["another version", '{"version":2,"keys":[]}'],
    ["a key without a digest", '{"version":1,"keys":[{"id":"canary1"}]}'],
    ["an unknown entry", '{"version":1,"keys":[],"canary":1}'],
    ["a secret in the place of a digest", keyed({ digest: "canary-secret" })],
    ["a number in the place of a tenant", keyed({ tenant: 12_345 })],
    ["an id twice", `{"version":1,"keys":[${entry({})},${entry({})}]}`],
  ])("are read from no file that holds %s: it is named, and nothing of it repeated", async (_what, text) => {
    const broken = join(folder, "broken.json");
    await writeFile(broken, text);
    for (const act of [async () => listKeys(broken), () => createKey(broken, { tenant: "a" }, clock)]) {
      const failure = await act().catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: "config_invalid", message: expect.stringContaining(broken) });
      expect(String(failure)).not.toMatch(/canary|12345/);
    }
    expect(await readFile(broken, "utf8")).toBe(text);
  });

  it("are read from no folder and from nothing without bounds", async () => {
    expect(() => listKeys(folder)).toThrow(expect.objectContaining({ code: "config_unreadable" }));
    const large = join(folder, "large.json");
    await writeFile(large, " ".repeat(5_000_000));
    expect(() => listKeys(large)).toThrow(expect.objectContaining({ code: "config_invalid" }));
  });

  it("are not made where nothing can be written", async () => {
    await writeFile(join(folder, "file"), "");
    for (const place of [join(folder, "file", "keys.json"), join(folder, "file", "in", "keys.json")]) {
      await expect(createKey(place, { tenant: "acme" }, clock)).rejects.toMatchObject({
        code: "export_failed",
        message: expect.stringContaining(place),
      });
    }
  });

  it("are for one command at a time, and who was killed is said to be in the way", async () => {
    await createKey(file, { tenant: "acme" }, clock);
    await writeFile(`${file}.lock`, "");
    await expect(createKey(file, { tenant: "acme" }, clock)).rejects.toMatchObject({
      code: "conflict",
      hint: expect.stringContaining(`${file}.lock`),
    });
    expect(listKeys(file)).toHaveLength(1);
  });
});

describe("A key for the environment", () => {
  it("is kept nowhere, and its entry says nothing of the secret", () => {
    const { key, text, entry: made } = createEnvironmentKey({ tenant: "acme", role: "operator" });
    expect(key).toMatchObject({ tenant: "acme", role: "operator", createdAt: null, origin: "environment" });
    expect(made).toBe(`${key.id}:acme:operator:${createHash("sha256").update(text).digest("hex")}`);
    expect(() => createEnvironmentKey({ tenant: "a:b" })).toThrow(expect.objectContaining({ code: "usage" }));
  });
});

function entry(changes: Record<string, unknown>): string {
  const key = { id: "abcd1", tenant: "acme", role: "member", label: null, createdAt: null };
  return JSON.stringify({ ...key, digest: "0".repeat(64), ...changes });
}

function keyed(changes: Record<string, unknown>): string {
  return `{"version":1,"keys":[${entry(changes)}]}`;
}
