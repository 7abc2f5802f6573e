import { posix, win32 } from "node:path";
import type { Host } from "../host/host.ts";
import { resolveStoreLocation } from "../store/store-location.ts";

/** What decides where keys are kept. */
export interface KeysPlace {
  readonly host: Pick<Host, "env" | "cwd" | "home" | "platform">;
  /** The store, as a person names it; the keys are beside it. Default: `CMO_STORE`, else the disk. */
  readonly store?: string | undefined;
}

/**
 * The file of keys: `CMO_KEYS_FILE`, else `keys.json` beside the database, or, for a store in memory, where it would
 * be. @throws CmoError `usage` where nobody knows the person's home.
 */
export function resolveKeysFile({ host, store }: KeysPlace): string {
  const { resolve, dirname, join } = host.platform === "win32" ? win32 : posix;
  const named = host.env.CMO_KEYS_FILE ?? "";
  if (named !== "") return resolve(host.cwd, named);
  const place = (requested: string | undefined) =>
    resolveStoreLocation({
      requested,
      env: host.env,
      platform: host.platform,
      cwd: host.cwd,
      get home() {
        return host.home;
      },
    });
  const location = place(store);
  const beside = location.type === "file" ? location : place("disk");
  return beside.type === "file" ? join(dirname(beside.path), "keys.json") : resolve(host.cwd, "keys.json");
}
