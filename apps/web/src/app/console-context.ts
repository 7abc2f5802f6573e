import type { Client } from "@cmo/client";
import type { ReadonlySignal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { JobModel } from "../job/job-model.ts";
import type { JobList } from "../list/job-list.ts";
import type { Route } from "../route/route.ts";
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
  /** A job that was opened from a file; null when none was. */
  readonly saved: SavedPlace;
  /** Goes to a page by its address, such as `#/jobs/job_1`. */
  go(address: string): void;
}

/** Where a saved job is kept while the page is open. */
export interface SavedPlace {
  readonly job: ReadonlySignal<SavedJob | null>;
  put(job: SavedJob): void;
}

/** A job as a file told of it. */
export interface SavedJob {
  readonly fileName: string;
  readonly model: JobModel;
}

/** See {@link ConsoleParts}; given by `main.tsx`. */
export const ConsoleContext = createContext<ConsoleParts | null>(null);

/** The parts of the console that a component stands in. */
export function useConsole(): ConsoleParts {
  const parts = useContext(ConsoleContext);
  if (parts === null) throw new Error("This component stands outside of the console.");
  return parts;
}
