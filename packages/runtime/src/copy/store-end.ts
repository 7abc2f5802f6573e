import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
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

/**
 * Opens a store for a copy. @throws CmoError `not_found` for a file that is to be read and is not there; and as
 * `openStore`.
 */
export async function openStoreEnd(
  location: KeptLocation,
  host: Host,
  { isSource }: { readonly isSource: boolean },
): Promise<StoreEnd> {
  if (isSource && location.type === "file" && !existsSync(location.path)) {
    throw new CmoError("not_found", `There is no store at ${location.path}.`, {
      hint: "Name the store that is to be copied first, and then where it goes.",
    });
  }
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

/** Gives back what a store holds open. */
export async function closeStoreEnd({ store, transfer }: StoreEnd): Promise<void> {
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
  throw new CmoError("usage", `${from.name} and ${to.name} are the same store.`, {
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
