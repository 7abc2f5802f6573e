import { connect } from "node:net";
import { isTerminalEvent, type JobEvent, type Random } from "@cmo/engine";
import { readRawAnswer } from "./raw-answer.ts";
import { readSse } from "./sse-text.ts";

/** What a reader has in the end whose connection was cut again and again. */
export interface CutReading {
  /** The log, as often as it was read: the last time to its end, with the cuts that were left. */
  readonly logs: readonly (readonly JobEvent[])[];
  readonly cuts: number;
  /** How many cuts were within the answer's head, within an event, and between two. */
  readonly places: Readonly<Record<"head" | "event" | "between", number>>;
}

/**
 * Reads a job's stream over connections of its own, of which the first `cuts` are cut at a random byte of the answer.
 * It goes on behind the last whole event, until it has the terminal one; and begins again when not all cuts are done
 * then, so that there are as many however long the log is.
 */
export async function readWithCuts(
  address: { readonly port: number; readonly path: string },
  { cuts, random, mostBytes }: { cuts: number; random: Random; mostBytes: number },
): Promise<CutReading> {
  let events: JobEvent[] = [];
  const logs = [events];
  const places = { head: 0, event: 0, between: 0 };
  let done = 0;
  for (;;) {
    const limit = done < cuts ? Math.floor(random() * mostBytes) : Number.POSITIVE_INFINITY;
    const last = events.at(-1)?.seq ?? 0;
    const bytes = await readBytes(address, last, limit);
    const answer = readRawAnswer(bytes);
    const text = answer?.body.toString() ?? "";
    for (const { id, data } of answer === null ? [] : readSse(text).events) {
      const event = JSON.parse(data) as JobEvent;
      if (id !== String(event.seq)) throw new Error(`Event ${event.seq} came with the id ${id}.`);
      events.push(event);
    }
    if (bytes.length === limit) {
      done += 1;
      places[answer === null ? "head" : text === "" || text.endsWith("\n\n") ? "between" : "event"] += 1;
    } else if (answer?.whole !== true) {
      throw new Error(`The server has cut the connection: ${answer?.head ?? "no answer"}`);
    }
    const end = events.at(-1);
    if (end === undefined || !isTerminalEvent(end)) continue;
    if (done >= cuts) return { logs, cuts: done, places };
    events = [];
    logs.push(events);
  }
}

function readBytes(
  { port, path }: { readonly port: number; readonly path: string },
  last: number,
  limit: number,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let length = 0;
    const socket = connect(port, "127.0.0.1");
    const finish = () => {
      socket.destroy();
      resolve(Buffer.concat(pieces).subarray(0, limit));
    };
    socket.on("data", (piece) => {
      pieces.push(piece);
      length += piece.length;
      if (length >= limit) finish();
    });
    socket.once("error", reject);
    socket.once("close", finish);
    const resume = last === 0 ? "" : `Last-Event-ID: ${last}\r\n`;
    socket.write(`GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n${resume}\r\n`);
    if (limit === 0) finish();
  });
}
