import { type Problem, type Result, readSuppressEntry } from "@cmo/engine";
import { readBoundedText } from "./read-bounded-text.ts";

/**
 * Reads a suppression file: one entry a line, white space around it and what follows a `#` dropped. Every line must be
 * an entry: a file that is half understood would let people through who asked to be left out.
 */
export async function readSuppressFile(path: string): Promise<Result<string[]>> {
  const text = await readBoundedText(path, mostBytes);
  if (!text.ok) {
    return {
      ok: false,
      problems: text.problems.map(({ message }) => ({ path: [], message: `${path} ${message}` })),
    };
  }
  const entries: string[] = [];
  const problems: Problem[] = [];
  for (const [index, line] of text.value.split(/\r\n|\r|\n/).entries()) {
    const entry = line.replace(/(?:^|\s)#.*$/, "").trim();
    if (entry === "") continue;
    if (readSuppressEntry(entry) === null) problems.push({ path: [], message: notAnEntry(path, index + 1) });
    else entries.push(entry);
  }
  if (entries.length > mostEntries) {
    problems.push({
      path: [],
      message: `${path} has ${entries.length} entries; at most ${mostEntries} are accepted`,
    });
  }
  if (problems.length === 0) return { ok: true, value: entries, warnings: [] };
  const more = problems.length - toldLines;
  return {
    ok: false,
    problems:
      more <= 0
        ? problems
        : [
            ...problems.slice(0, toldLines),
            { path: [], message: `${path} has ${more} more lines like these` },
          ],
  };
}

const mostBytes = 8 * 1024 * 1024;
const mostEntries = 100_000;
const toldLines = 20;

// The line itself is not repeated: it is about a person who asked not to appear.
function notAnEntry(path: string, line: number): string {
  return `${path}:${line} is no login, id:NODE_ID, address or @domain`;
}
