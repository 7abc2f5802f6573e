import type { Client } from "@cmo/client";
import type { ReadonlySignal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { JobList } from "../list/job-list.ts";
import type { Route } from "../route/route.ts";
import type { SavedPlace } from "../saved/saved-place.ts";
import type { Access } from "../session/access.ts";
import type { Preferences } from "../session/preferences.ts";

/** What every page of the console may use. */
export interface ConsoleParts {
  /** The API; another one when the key changes. */
  readonly client: ReadonlySignal<Client>;
  readonly access: Access;
  readonly preferences: Preferences;
  readonly jobs: JobList;
  readonly route: ReadonlySignal<Route>;
  /** Milliseconds since the epoch, each second anew. */
  readonly now: ReadonlySignal<number>;
  readonly saved: SavedPlace;
  /** Goes to a page by its address, such as `#/jobs/job_1`. */
  go(address: string): void;
}

/** See {@link ConsoleParts}; given by `main.tsx`. */
export const ConsoleContext = createContext<ConsoleParts | null>(null);

/** The parts of the console that a component stands in. */
export function useConsole(): ConsoleParts {
  const parts = useContext(ConsoleContext);
  if (parts === null) throw new Error("This component stands outside of the console.");
  return parts;
}
