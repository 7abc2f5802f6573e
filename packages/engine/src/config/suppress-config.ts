import * as v from "valibot";
import { lineOfText, listOf } from "./leaf-schema.ts";
import { allowedSuppressEntry, readSuppressEntry } from "./suppress-entry.ts";

const entry = v.pipe(
  v.string(allowedSuppressEntry),
  v.check((text) => readSuppressEntry(text) !== null, allowedSuppressEntry),
);

/** `suppress`: whom to leave out, as a list or as the name of a file with one entry a line. */
export const suppressConfigSchema = v.union(
  [lineOfText(1_000), listOf(entry, 100_000, "entries")],
  "a list of entries, or the name of a file with one entry a line",
);
