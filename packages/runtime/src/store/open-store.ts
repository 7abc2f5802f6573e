import { type Clock, createMemoryStore, type Random, type Store } from "@cmo/engine";

/** Where jobs are kept. So far only in memory: they live as long as the process. */
export type StoreLocation = "memory";

/** Opens the store at a location. Every store that there is, is opened here. */
export function openStore(
  location: StoreLocation,
  { clock, random }: { clock: Clock; random: Random },
): Store {
  switch (location) {
    case "memory":
      return createMemoryStore({ clock, random });
    default:
      return location satisfies never;
  }
}
