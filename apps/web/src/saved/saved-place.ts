import { CmoError } from "@cmo/engine";
import { type ReadonlySignal, signal } from "@preact/signals";
import { savedAddress } from "../route/route.ts";
import type { SavedJob } from "./read-saved-file.ts";

/** Where a job out of a file is kept while the page is open. */
export interface SavedPlace {
  /** Null when none was opened. */
  readonly job: ReadonlySignal<SavedJob | null>;
  /** The name of the file that is being read. */
  readonly reading: ReadonlySignal<string | null>;
  /** Why the last file was not opened; null when it was. */
  readonly failure: ReadonlySignal<FileFailure | null>;
  /** Fetches the code that a file is shown with, since the server may be gone when there is one. */
  prepare(): void;
  /** Goes to the page of files and shows there what `choose` gives, or what it throws. */
  open(choose: () => File): Promise<void>;
}

/** A file that was not opened. */
export interface FileFailure {
  /** Null where there is no one file, as when a folder was dropped. */
  readonly fileName: string | null;
  readonly error: unknown;
}

/** A {@link SavedPlace} without a job. */
export function createSavedPlace(go: (address: string) => void): SavedPlace {
  const job = signal<SavedJob | null>(null);
  const reading = signal<string | null>(null);
  const failure = signal<FileFailure | null>(null);
  let last = 0;

  return {
    job,
    reading,
    failure,
    prepare() {
      // What cannot be had now is told of when it is needed.
      void Promise.allSettled([loadPart(), import("../result/results-tab.tsx")]);
    },
    async open(choose) {
      last += 1;
      const mine = last;
      let fileName: string | null = null;
      failure.value = null;
      reading.value = null;
      go(savedAddress());
      try {
        const file = choose();
        fileName = file.name;
        reading.value = fileName;
        const { readSavedFile } = await loadPart();
        const opened = await readSavedFile(file);
        if (mine === last) job.value = opened;
      } catch (error) {
        if (mine === last) failure.value = { fileName, error };
      } finally {
        if (mine === last) reading.value = null;
      }
    },
  };
}

async function loadPart() {
  try {
    return await import("./file-part.ts");
  } catch (error) {
    throw new CmoError("api_unreachable", "The part of the console that reads files could not be fetched.", {
      hint: "Reload the page while its server is there; after that it needs none.",
      cause: error,
    });
  }
}
