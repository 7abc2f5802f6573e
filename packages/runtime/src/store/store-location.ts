import { posix, win32 } from "node:path";
import { CmoError } from "@cmo/engine";
import type { Environment } from "../host/host.ts";

/** Where jobs are kept: in the process, for as long as it lives; or in a database file, until they are removed. */
export type StoreLocation =
  | { readonly type: "memory" }
  | {
      readonly type: "file";
      /** Absolute. */
      readonly path: string;
    };

/** What decides where jobs are kept. */
export interface StoreLocationFacts {
  /** What `--store` said. */
  requested?: string | undefined;
  env: Environment;
  platform: string;
  /** The person's home folder. */
  home: string;
  /** Where a relative path starts. */
  cwd: string;
}

/**
 * The place for jobs: what was asked for, else `CMO_STORE`, else the memory (decision 6). `memory`; `disk`, which is a
 * file in the folder that the platform has for the data of programs (XDG base directories; Application Support;
 * LocalAppData); or a file; a `~` is the shell's business.
 * @throws CmoError `usage` for an address of a database that this version has no store for.
 */
export function resolveStoreLocation(facts: StoreLocationFacts): StoreLocation {
  const { requested, env, platform, cwd } = facts;
  const { resolve } = platform === "win32" ? win32 : posix;
  const [wanted, saidBy] =
    requested === undefined ? [env.CMO_STORE ?? "", "CMO_STORE"] : [requested, "--store"];
  if (requested === "") {
    throw new CmoError("usage", "--store names nothing.", { hint: "Name a file, disk, or memory." });
  }
  if (wanted === "" || wanted === "memory") return { type: "memory" };
  if (wanted === "disk") return { type: "file", path: dataFile(facts) };
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(wanted)) {
    // An address may hold a password: only its scheme is repeated.
    const scheme = wanted.slice(0, wanted.indexOf(":"));
    throw new CmoError("usage", `${saidBy}: a store at ${scheme}:// is not in this version.`, {
      hint: "Name a file, disk, or memory.",
    });
  }
  return { type: "file", path: resolve(cwd, wanted) };
}

function dataFile({ env, platform, home }: StoreLocationFacts): string {
  switch (platform) {
    case "win32":
      return win32.join(env.LOCALAPPDATA || win32.join(home, "AppData", "Local"), "cmo", "cmo.db");
    case "darwin":
      return posix.join(home, "Library", "Application Support", "cmo", "cmo.db");
    default: {
      // The rule of XDG: a path that is not absolute is to be ignored.
      const data = env.XDG_DATA_HOME ?? "";
      return posix.join(posix.isAbsolute(data) ? data : posix.join(home, ".local", "share"), "cmo", "cmo.db");
    }
  }
}
