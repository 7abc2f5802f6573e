import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { CmoError, type Store, type StoreTransfer } from "@cmo/engine";
import type { Host } from "../host/host.ts";
import { openStore } from "../store/open-store.ts";
import type { StoreLocation } from "../store/store-location.ts";

/** One of the two stores of a copy: as everybody uses it, and raw. */
export interface StoreEnd {
  /** For people, without a password. */
  readonly name: string;
  readonly store: Store;
  readonly transfer: StoreTransfer;
}

/** Where a store is that keeps what it has. */
export type KeptLocation = Exclude<StoreLocation, { readonly type: "memory" }>;

/** Two stores that are open, the one to read and the other to fill. */
export interface StoreEnds {
  readonly from: StoreEnd;
  readonly to: StoreEnd;
  /** Gives back what they hold open. */
  close(): Promise<void>;
}

/**
 * Opens the two stores of a copy. @throws CmoError `not_found` for a file that is to be read and is not there; `usage`
 * for one file under two names; and as `openStore`.
 */
export async function openStoreEnds(
  locations: { readonly from: KeptLocation; readonly to: KeptLocation },
  host: Host,
): Promise<StoreEnds> {
  assertTwoFiles(locations.from, locations.to);
  const from = await openEnd(locations.from, host);
  try {
    const to = await openEnd(locations.to, host);
    return {
      from,
      to,
      async close() {
        await closeEnd(to);
        await closeEnd(from);
      },
    };
  } catch (error) {
    await closeEnd(from);
    throw error;
  }
}

/**
 * Before either is opened: the log beside a file has the file's name, so that a file that is open under two names at
 * once is damaged.
 */
function assertTwoFiles(from: KeptLocation, to: KeptLocation): void {
  if (from.type !== "file") return;
  const read = statSync(from.path, { throwIfNoEntry: false });
  if (read === undefined) {
    throw new CmoError("not_found", `There is no store at ${from.path}.`, {
      hint: "Name the store that is to be copied first, and then where it goes.",
    });
  }
  if (to.type !== "file") return;
  const filled = statSync(to.path, { throwIfNoEntry: false });
  if (filled?.ino === read.ino && filled.dev === read.dev) throw sameStore(from.path, to.path);
}

async function openEnd(location: KeptLocation, host: Host): Promise<StoreEnd> {
  // The direct address is that of one database, and there may be two.
  const env = { ...host.env, CMO_STORE_DIRECT: undefined };
  const store = await openStore(location, { clock: host.clock, random: host.random, env });
  try {
    const transfer = await openTransfer(location, host);
    return { name: location.type === "file" ? location.path : location.name, store, transfer };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function closeEnd({ store, transfer }: StoreEnd): Promise<void> {
  await Promise.all([store.close(), transfer.close()]);
}

/**
 * What a copy calls the store where it says that a job went there; made at the first copy into it.
 * A name tells less: a database has many addresses.
 */
export function storeIdOf({ store }: StoreEnd): Promise<string> {
  return store.updateShared("copying:store id", (text) => text ?? randomUUID()).then((text) => text ?? "");
}

/**
 * Refuses to copy a store into itself, by whatever names: something is written in the one and looked for in the other.
 * @throws CmoError `usage`.
 */
export async function assertTwoStores(from: StoreEnd, to: StoreEnd): Promise<void> {
  const mark = randomUUID();
  const name = `copying:look ${mark}`;
  await from.store.updateShared(name, () => mark);
  try {
    if ((await to.store.readShared(name)) === null) return;
  } finally {
    await from.store.updateShared(name, () => null);
  }
  throw sameStore(from.name, to.name);
}

function sameStore(from: string, to: string): CmoError {
  return new CmoError("usage", `${from} and ${to} are the same store.`, {
    hint: "Name two different ones.",
  });
}

async function openTransfer(location: KeptLocation, { clock }: Host): Promise<StoreTransfer> {
  if (location.type === "file") {
    const { openSqliteTransfer } = await import("@cmo/store-sqlite");
    return openSqliteTransfer({ path: location.path, clock });
  }
  const { openPostgresTransfer } = await import("@cmo/store-postgres");
  return openPostgresTransfer({ url: location.url });
}
