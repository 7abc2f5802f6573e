import { posix, win32 } from "node:path";
import { CmoError } from "@cmo/engine";
import { databaseAddress, passwordHint } from "@cmo/store-sql";
import type { Environment } from "../host/host.ts";

/** Where jobs are kept: in the process, for as long as it lives; in a database file, or in a database of
 * PostgreSQL, until they are removed. */
export type StoreLocation =
  | { readonly type: "memory" }
  | {
      readonly type: "file";
      /** Absolute. */
      readonly path: string;
    }
  | {
      readonly type: "postgres";
      /** With who asks, and so not to be shown. */
      readonly url: string;
      /** {@link url} without a password: for people. */
      readonly name: string;
    };

/** What decides where jobs are kept. */
export interface StoreLocationFacts {
  /** What `--store` said. */
  requested?: string | undefined;
  /** What {@link requested} was said with, for errors. Default `--store`. */
  saidWith?: string;
  env: Environment;
  platform: string;
  /** The person's home folder. Asked for when it is needed; may throw where nobody knows it. */
  readonly home: string;
  /** Where a relative path starts. */
  cwd: string;
}

/**
 * The place for jobs: what was asked for, else `CMO_STORE`, else the disk (decision 6). `memory`; `disk`, which is a
 * file in the folder that the platform has for the data of programs (XDG base directories; Application Support;
 * LocalAppData); a file (a `~` is the shell's business); or `postgres://user:password@host:port/name`.
 * @throws CmoError `usage` for an address of a database that this version has no store for, and for the disk where
 * nobody knows the person's home.
 */
export function resolveStoreLocation(facts: StoreLocationFacts): StoreLocation {
  const { requested, saidWith = "--store", env, platform, cwd } = facts;
  const { resolve } = platform === "win32" ? win32 : posix;
  const [wanted, saidBy] =
    requested === undefined ? [env.CMO_STORE ?? "", "CMO_STORE"] : [requested, saidWith];
  if (requested === "") {
    throw new CmoError("usage", `${saidWith} names nothing.`, { hint: "Name a file, disk, or memory." });
  }
  if (wanted === "memory") return { type: "memory" };
  if (wanted === "" || wanted === "disk") return { type: "file", path: dataFile(facts) };
  if (/^postgres(ql)?:\/\//i.test(wanted)) {
    return { type: "postgres", url: wanted, name: withoutPassword(wanted, saidBy) };
  }
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(wanted)) {
    // An address may hold a password: only its scheme is repeated.
    const scheme = wanted.slice(0, wanted.indexOf(":"));
    throw new CmoError("usage", `${saidBy}: a store at ${scheme}:// is not in this version.`, {
      hint: "Name a file, disk, memory, or postgres://user@host:5432/name.",
    });
  }
  return { type: "file", path: resolve(cwd, wanted) };
}

/** The password may be in the variable PGPASSWORD, or in ~/.pgpass. */
function withoutPassword(wanted: string, saidBy: string): string {
  const address = databaseAddress(wanted);
  if (address === null) {
    throw new CmoError("usage", `${saidBy} is no address of a database.`, {
      hint: `Set it to postgres://user@host:5432/name; ${passwordHint}`,
    });
  }
  const { username, host, pathname } = address;
  return `postgres://${username === "" ? "" : `${username}@`}${host}${pathname}`;
}

function dataFile(facts: StoreLocationFacts): string {
  const { env, platform } = facts;
  switch (platform) {
    case "win32":
      return win32.join(
        env.LOCALAPPDATA || win32.join(homeOf(facts, win32), "AppData", "Local"),
        "cmo",
        "cmo.db",
      );
    case "darwin":
      return posix.join(homeOf(facts, posix), "Library", "Application Support", "cmo", "cmo.db");
    default: {
      // The rule of XDG: a path that is not absolute is to be ignored.
      const data = env.XDG_DATA_HOME ?? "";
      const folder = posix.isAbsolute(data) ? data : posix.join(homeOf(facts, posix), ".local", "share");
      return posix.join(folder, "cmo", "cmo.db");
    }
  }
}

/** An empty or relative home would put people's data wherever the program was started. */
function homeOf(facts: StoreLocationFacts, { isAbsolute }: Pick<typeof posix, "isAbsolute">): string {
  const home = readHome(facts);
  if (isAbsolute(home.path)) return home.path;
  throw new CmoError("usage", "There is no home folder to keep jobs in.", {
    hint: "Name a file with --store or CMO_STORE, or keep no jobs, with --store memory.",
    cause: home.cause,
  });
}

/** In some containers nobody knows it, and whoever is asked for it throws. */
function readHome(facts: StoreLocationFacts): { path: string; cause?: unknown } {
  try {
    return { path: facts.home };
  } catch (cause) {
    return { path: "", cause };
  }
}
