import { canonicalJson, type JobEvent } from "@cmo/engine";
import type { ChaosDifference } from "./chaos-difference.ts";
import { compareJson } from "./compare-json.ts";
import type { Remains } from "./remains.ts";

/** The first difference in each part of what two runs are compared by (architecture: sameness). */
export function compareRemains(
  expected: Pick<Remains, "comparable">,
  found: Pick<Remains, "comparable">,
): ChaosDifference[] {
  const kinds = new Set([...Object.keys(expected.comparable.files), ...Object.keys(found.comparable.files)]);
  return [
    compareLogs(expected.comparable.log, found.comparable.log),
    compareSummaries(expected.comparable.summary, found.comparable.summary),
    ...[...kinds].map((kind) =>
      compareTexts(
        "file",
        kind,
        expected.comparable.files[kind] ?? null,
        found.comparable.files[kind] ?? null,
      ),
    ),
  ].filter((difference) => difference !== null);
}

/** The first event that was stored before and is not there any more as it was; null when there is none. */
export function compareHistory(
  before: readonly JobEvent[],
  after: readonly JobEvent[],
): ChaosDifference | null {
  for (const [index, event] of before.entries()) {
    const found = after[index];
    const difference = compareJson(event, found);
    if (difference === null) continue;
    return {
      part: "history",
      place: `event ${event.seq} (${event.type}), which was stored before the crash`,
      ...asTexts(difference.expected, difference.found),
    };
  }
  return null;
}

/** The first line in which two files differ; null when there is none. A file that is not there is null. */
export function compareTexts(
  part: "file" | "disk",
  name: string,
  expected: string | null,
  found: string | null,
): ChaosDifference | null {
  if (expected === found) return null;
  if (expected === null || found === null) {
    return { part, place: name, expected: presence(expected), found: presence(found) };
  }
  const expectedLines = expected.split("\n");
  const foundLines = found.split("\n");
  const line = expectedLines.findIndex((text, index) => text !== foundLines[index]);
  const index = line === -1 ? expectedLines.length : line;
  return {
    part,
    place: `${name}, line ${index + 1}`,
    ...around(expectedLines[index] ?? null, foundLines[index] ?? null),
  };
}

function compareLogs(expected: readonly string[], found: readonly string[]): ChaosDifference | null {
  const index = Array.from({ length: Math.max(expected.length, found.length) }, (_, at) => at).find(
    (at) => expected[at] !== found[at],
  );
  if (index === undefined) return null;
  const [wanted, got] = [readLine(expected[index]), readLine(found[index])];
  const named = nameOf(wanted ?? got);
  if (wanted === null || got === null || nameOf(wanted) !== nameOf(got)) {
    return {
      part: "log",
      place: `line ${index + 1} of the canonical log`,
      ...around(lineText(wanted), lineText(got)),
    };
  }
  const difference = compareJson(wanted.data, got.data);
  return {
    part: "log",
    place: `${named}: ${difference?.path ?? ""}`,
    ...asTexts(difference?.expected, difference?.found),
  };
}

interface LogLine {
  readonly type: string;
  readonly data: { readonly stage?: string; readonly kind?: string; readonly code?: string };
}

/** A line of the canonical log. The engine made it: it is what it says it is. */
function readLine(text: string | undefined): LogLine | null {
  return text === undefined ? null : JSON.parse(text);
}

function lineText(line: LogLine | null): string | null {
  return line === null ? null : `${line.type} ${canonicalJson(line.data)}`;
}

function nameOf(line: LogLine | null): string {
  if (line === null) return "";
  const of = line.data.stage ?? line.data.kind ?? line.data.code;
  return of === undefined ? line.type : `${line.type} of ${of}`;
}

function compareSummaries(expected: unknown, found: unknown): ChaosDifference | null {
  const difference = compareJson(expected, found);
  if (difference === null) return null;
  return { part: "summary", place: difference.path, ...asTexts(difference.expected, difference.found) };
}

function asTexts(expected: unknown, found: unknown): { expected: string | null; found: string | null } {
  const text = (value: unknown) => (value === undefined ? null : canonicalJson(value));
  return around(text(expected), text(found));
}

/** What two texts differ in, with a little of what comes before it; long texts are cut. */
function around(
  expected: string | null,
  found: string | null,
): { expected: string | null; found: string | null } {
  const [one, other] = [[...(expected ?? "")], [...(found ?? "")]];
  if (Math.max(one.length, other.length) <= longest) return { expected, found };
  let same = 0;
  while (same < one.length && one[same] === other[same]) same += 1;
  const from = expected === null || found === null ? 0 : Math.max(0, same - lead);
  const cut = (text: string | null, letters: readonly string[]) => {
    if (text === null) return null;
    const shown = letters.slice(from, from + longest).join("");
    return `${from > 0 ? "…" : ""}${shown}${from + longest < letters.length ? "…" : ""}`;
  };
  return { expected: cut(expected, one), found: cut(found, other) };
}

const longest = 160;
const lead = 40;

function presence(text: string | null): string {
  return text === null ? "no file" : `a file of ${text.length} characters`;
}
