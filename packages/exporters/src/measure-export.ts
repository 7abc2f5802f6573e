import { setImmediate as nextTurn } from "node:timers/promises";
import { type Digest, type Lead, type LeadExporter, withoutFetchTimes } from "@cmo/engine";
import { twoReaders } from "./two-readers.ts";

/** What an `artifact.created` event says of a lead file. */
export interface ExportMeasure {
  /** The size of the file as it is served, in bytes of UTF-8. */
  readonly bytes: number;
  /** How many leads it holds. */
  readonly rows: number;
  /** SHA-256, lower-case hexadecimal, of the file with the times of asking blank (architecture: sameness). */
  readonly digest: string;
}

/**
 * Renders a lead file twice without keeping it: as it is for its size, and with the times of asking blank for its
 * digest. The leads are read once, in rank order, already filtered for the exporter.
 *
 * @throws what the exporter throws: `export_failed` when `leads` are not `count`.
 */
export async function measureExport(
  exporter: LeadExporter,
  leads: () => AsyncIterable<Lead>,
  count: number,
  digest: Digest,
): Promise<ExportMeasure> {
  const [served, compared] = twoReaders(inTurns(leads()));
  const files = [exporter.render(served, count), exporter.render(comparable(compared), count)].map((pieces) =>
    pieces[Symbol.asyncIterator](),
  );
  let bytes = 0;
  const hash = digest();
  try {
    // Piece by piece, so that neither is far ahead of the other.
    for (;;) {
      const [piece, other] = await Promise.all(files.map((file) => file.next()));
      if (!piece?.done) bytes += Buffer.byteLength(piece?.value ?? "", "utf8");
      if (!other?.done) hash.update(other?.value ?? "");
      if (piece?.done && other?.done) return { bytes, rows: count, digest: hash.digest("hex") };
    }
  } finally {
    await Promise.all(files.map((file) => file.return?.()));
  }
}

async function* comparable(leads: AsyncIterable<Lead>): AsyncGenerator<Lead> {
  for await (const lead of leads) yield withoutFetchTimes(lead);
}

/** So many leads are rendered before others have a turn. */
const leadsPerTurn = 250;

/**
 * A store in this process gives its leads without ever waiting: without turns in between, no heartbeat, no signal and
 * no end of a garbage collection would come through until all files are measured.
 */
async function* inTurns(leads: AsyncIterable<Lead>): AsyncGenerator<Lead> {
  let rendered = 0;
  for await (const lead of leads) {
    yield lead;
    rendered += 1;
    if (rendered % leadsPerTurn === 0) await nextTurn();
  }
}
