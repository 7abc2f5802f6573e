import { CmoError } from "@cmo/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { resolveStoreLocation, type StoreLocationFacts } from "./store-location.ts";

const linux: StoreLocationFacts = { env: {}, platform: "linux", home: "/home/ada", cwd: "/place" };
const windows: StoreLocationFacts = {
  env: {},
  platform: "win32",
  home: "C:\\Users\\ada",
  cwd: "C:\\place",
};

function unknownHome(): StoreLocationFacts {
  return Object.defineProperty({ ...linux }, "home", {
    get: () => {
      throw new Error("nobody knows it");
    },
  });
}

function pathOf(facts: StoreLocationFacts): string {
  const location = resolveStoreLocation(facts);
  return location.type === "file" ? location.path : location.type;
}

describe("resolveStoreLocation", () => {
  it.each([
    ["Linux", linux, "/home/ada/.local/share/cmo/cmo.db"],
    ["Linux with XDG_DATA_HOME", { ...linux, env: { XDG_DATA_HOME: "/data" } }, "/data/cmo/cmo.db"],
    [
      "Linux with a relative XDG_DATA_HOME, which is to be ignored",
      { ...linux, env: { XDG_DATA_HOME: "data" } },
      "/home/ada/.local/share/cmo/cmo.db",
    ],
    [
      "macOS",
      { ...linux, platform: "darwin", home: "/Users/ada" },
      "/Users/ada/Library/Application Support/cmo/cmo.db",
    ],
    ["Windows", { ...windows, env: { LOCALAPPDATA: "D:\\Local" } }, "D:\\Local\\cmo\\cmo.db"],
    ["Windows without LOCALAPPDATA", windows, "C:\\Users\\ada\\AppData\\Local\\cmo\\cmo.db"],
  ])("follows the convention of %s for the disk", (_platform, facts, path) => {
    expect(pathOf({ ...facts, requested: "disk" })).toBe(path);
    expect(pathOf({ ...facts, env: { ...facts.env, CMO_STORE: "disk" } })).toBe(path);
  });

  it("takes what was asked for over CMO_STORE, and CMO_STORE over the disk", () => {
    const env = { CMO_STORE: "/var/cmo.db" };
    expect(pathOf({ ...linux, env })).toBe("/var/cmo.db");
    expect(pathOf({ ...linux, env, requested: "other.db" })).toBe("/place/other.db");
    expect(pathOf({ ...linux, env: { CMO_STORE: "memory" } })).toBe("memory");
    expect(pathOf({ ...linux, env: { CMO_STORE: "" } })).toBe("/home/ada/.local/share/cmo/cmo.db");
    expect(pathOf(linux)).toBe("/home/ada/.local/share/cmo/cmo.db");
  });

  it("knows the memory by its name, and resolves relative paths from the working folder", () => {
    expect(pathOf({ ...linux, requested: "memory" })).toBe("memory");
    expect(pathOf({ ...linux, requested: "../a.db" })).toBe("/a.db");
    expect(pathOf({ ...linux, requested: "~/a.db" })).toBe("/place/~/a.db");
    expect(pathOf({ ...windows, requested: "D:\\a.db" })).toBe("D:\\a.db");
    expect(pathOf({ ...windows, requested: "a.db" })).toBe("C:\\place\\a.db");
  });

  it.each([
    ["an empty home", { ...linux, home: "" }],
    ["a relative home", { ...linux, home: "ada" }],
    ["a home that nobody knows", unknownHome()],
    ["an empty home on Windows", { ...windows, home: "" }],
  ])("does not keep jobs wherever it was started, with %s, and names the ways out", (_what, facts) => {
    expect(() => resolveStoreLocation(facts)).toThrow(
      expect.objectContaining({ code: "usage", hint: expect.stringMatching(/CMO_STORE.*--store memory/) }),
    );
    // Made from it, not copied: a home that nobody knows must not be asked for.
    const inEnvironment = (env: StoreLocationFacts["env"]) => Object.create(facts, { env: { value: env } });
    expect(pathOf(inEnvironment({ CMO_STORE: "memory" }))).toBe("memory");
    expect(pathOf(inEnvironment({ XDG_DATA_HOME: "/data", LOCALAPPDATA: "D:\\Local" }))).toContain("cmo.db");
  });

  it("takes an address of PostgreSQL, and has a name for it without the password", () => {
    const requested = "postgres://cmo:canary-word@db.example:5433/cmo?sslmode=require";
    expect(resolveStoreLocation({ ...linux, requested })).toEqual({
      type: "postgres",
      url: requested,
      name: "postgres://cmo@db.example:5433/cmo",
    });
    expect(
      resolveStoreLocation({ ...linux, env: { CMO_STORE: "postgresql://db.example/cmo" } }),
    ).toMatchObject({
      name: "postgres://db.example/cmo",
    });
    expect(() => resolveStoreLocation({ ...linux, requested: "postgres://cmo:canary@word@:/x" })).toThrow(
      expect.objectContaining({ code: "usage", message: expect.not.stringContaining("canary") }),
    );
  });

  it("shows no part of any password, however it is written: the name is right, or the address is refused", () => {
    const word = fc.oneof(
      fc.string({ unit: "grapheme-ascii" }),
      fc.string({ unit: fc.constantFrom("@", "/", "?", "#", ":", "[", "%", "\\", "1", "x") }),
    );
    fc.assert(
      fc.property(word, fc.constantFrom("", "?sslmode=require"), (password, query) => {
        const requested = `postgres://cmo:${password}@db.example:5433/jobs${query}`;
        let told: unknown;
        try {
          const location = resolveStoreLocation({ ...linux, requested });
          told = location.type === "postgres" ? location.name : location;
        } catch (error) {
          told = error instanceof CmoError ? [error.code, error.message, error.cause] : error;
        }
        expect([
          "postgres://cmo@db.example:5433/jobs",
          ["usage", "--store is no address of a database.", undefined],
        ]).toContainEqual(told);
      }),
      { numRuns: 2_000 },
    );
    for (const password of ["p@ss/word", "12/34", "1?23", "9#@"]) {
      const requested = `postgres://cmo:${password}@db.example/jobs`;
      expect(() => resolveStoreLocation({ ...linux, requested })).toThrow(/no address of a database/);
    }
    const requested = "postgres://cmo:p@ss@db.example/jobs";
    expect(resolveStoreLocation({ ...linux, requested })).toMatchObject({
      name: "postgres://cmo@db.example/jobs",
    });
  });

  it("refuses addresses of other databases without repeating a password", () => {
    const requested = "mysql://cmo:canary-word@db.example/cmo";
    expect(() => resolveStoreLocation({ ...linux, requested })).toThrow(
      expect.objectContaining({
        code: "usage",
        message: expect.stringMatching(/^--store: .*mysql:(?!.*canary)/),
      }),
    );
    expect(() => resolveStoreLocation({ ...linux, env: { CMO_STORE: "libsql://db.example" } })).toThrow(
      /CMO_STORE/,
    );
    expect(() => resolveStoreLocation({ ...linux, requested: "" })).toThrow(/names nothing/);
  });
});
