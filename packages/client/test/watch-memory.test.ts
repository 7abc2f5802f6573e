import type { JobEvent } from "@cmo/engine";
import { createFakeClock } from "@cmo/engine/testing";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Connection, createClient, type Fetch } from "../src/index.ts";
import { listOf } from "./support/list-of.ts";
import { afterOf, jobId, linesOf, logOf } from "./support/log.ts";

// Without a socket: nobody but the reader knows when a ping has come, and chance may choose every byte.

const bytesOf = (text: string) => new TextEncoder().encode(text);

function streamOf(start: (controller: ReadableStreamDefaultController<Uint8Array>) => void): Response {
  return new Response(new ReadableStream<Uint8Array>({ start }), {
    headers: { "content-type": "application/x-ndjson" },
  });
}

describe("a connection", () => {
  it("that is silent for 45 s is made anew, and a ping keeps it", async () => {
    const log = logOf(8);
    const clock = createFakeClock();
    const connections: Connection[] = [];
    const bodies: ReadableStreamDefaultController<Uint8Array>[] = [];
    const send = (text: string) => bodies.at(-1)?.enqueue(bytesOf(text));
    const client = createClient({
      baseUrl: "http://cmo.test",
      clock,
      random: () => 1,
      fetch: async () => streamOf((controller) => void bodies.push(controller)),
    });
    const events: JobEvent[] = [];
    const done = (async () => {
      const onConnection = (one: Connection) => connections.push(one);
      for await (const event of client.watch(jobId, { onConnection })) events.push(event);
    })();
    await clock.settle();
    send(linesOf(log.slice(0, 2)));
    for (let count = 0; count < 4; count += 1) {
      await clock.advance(40_000);
      send("\n");
    }
    expect(connections.map(({ state }) => state)).toEqual(["connecting", "live"]);
    await clock.advance(44_999);
    expect(connections.at(-1)?.state).toBe("live");
    await clock.advance(1);
    expect(connections.at(-1)).toMatchObject({ state: "waiting", downForMs: 45_000 });
    expect(connections.at(-1)?.error?.message).toContain("was silent for 45 s");
    await clock.advance(500);
    send(linesOf(log.slice(2)));
    await done;
    expect(events).toEqual(log);
    expect(clock.sleeping()).toBe(0);
  });

  it("of a fetch that does not care for signals is let go all the same", async () => {
    let cancelled = 0;
    let sent = linesOf(logOf(3).slice(0, 1));
    const stop = new AbortController();
    const client = createClient({
      baseUrl: "http://cmo.test",
      async fetch() {
        const body = new ReadableStream<Uint8Array>({
          start: (controller) => controller.enqueue(bytesOf(sent)),
          cancel() {
            cancelled += 1;
          },
        });
        return new Response(body, { headers: { "content-type": "application/x-ndjson" } });
      },
    });
    for await (const _event of client.events(jobId, { signal: stop.signal }))
      setTimeout(() => stop.abort(), 1);
    expect(cancelled).toBe(1);
    for await (const _event of client.events(jobId)) break;
    expect(cancelled).toBe(2);
    sent = "<html>\n";
    const end = new AbortController();
    const onConnection = ({ state }: Connection) => state === "waiting" && end.abort();
    for await (const _event of client.watch(jobId, { onConnection, signal: end.signal }))
      expect.unreachable();
    expect(cancelled).toBe(3);

    const deaf = createClient({ baseUrl: "http://cmo.test", fetch: () => new Promise(() => {}) });
    const later = new AbortController();
    setTimeout(() => later.abort(), 1);
    for await (const _event of deaf.events(jobId, { signal: later.signal })) expect.unreachable();
  });
});

describe("whatever happens on the way", () => {
  const log = logOf(20);

  it("the bytes may come in any pieces", async () => {
    const bytes = bytesOf(log.map((event) => `\n${linesOf([event])}`).join("\r\n"));
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(bytes.length), { maxLength: 400 }), async (cuts) => {
        const ends = [...cuts.sort((one, other) => one - other), bytes.length];
        const fetch: Fetch = async () =>
          streamOf((controller) => {
            let start = 0;
            for (const end of ends) {
              controller.enqueue(bytes.slice(start, end));
              start = end;
            }
          });
        const client = createClient({ baseUrl: "http://cmo.test", fetch });
        expect(await listOf(client.events(jobId))).toEqual(log);
      }),
      { numRuns: 200 },
    );
  });

  it("the reader gets the log, whether connections are cut, lie, repeat, or do not come about", async () => {
    const cut = fc.record({ kind: fc.constant("cut"), bytes: fc.nat(1_500), isClean: fc.boolean() });
    const again = fc.record({ kind: fc.constant("again"), earlier: fc.nat(20) });
    const away = fc.record({
      kind: fc.constant("away"),
      status: fc.constantFrom(0, 429, 500, 502, 503, 504),
    });
    // Not more than four: after five at the same place the reader has had enough.
    const lie = fc.oneof(
      fc.record({ kind: fc.constant("skip"), by: fc.integer({ min: 1, max: 20 }) }),
      fc.record({ kind: fc.constant("garbage"), bytes: fc.uint8Array({ minLength: 1, maxLength: 50 }) }),
    );
    const happening = fc
      .tuple(
        fc.array(fc.oneof(cut, again, away), { maxLength: 30 }),
        fc.array(lie, { maxLength: 4 }),
        fc.infiniteStream(fc.nat()),
      )
      .map(([plain, lies, places]) => {
        const all: Happening[] = [...(plain as Happening[])];
        for (const one of lies) all.splice(places.next().value % (all.length + 1), 0, one as Happening);
        return all;
      });
    await fc.assert(
      fc.asyncProperty(happening, async (happenings) => {
        const left = [...happenings];
        const client = createClient({
          baseUrl: "http://cmo.test",
          clock: createFakeClock({ auto: true }),
          fetch: async (url) => answerOf(left.shift(), afterOf(url)),
        });
        expect(await listOf(client.watch(jobId, { giveUpAfterMs: 3_600_000 }))).toEqual(log);
      }),
      { numRuns: 300 },
    );
  });

  type Happening =
    | { kind: "cut"; bytes: number; isClean: boolean }
    | { kind: "again"; earlier: number }
    | { kind: "away"; status: number }
    | { kind: "skip"; by: number }
    | { kind: "garbage"; bytes: Uint8Array };

  function answerOf(happening: Happening | undefined, after: number): Response {
    const rest = bytesOf(linesOf(log.slice(after)));
    switch (happening?.kind) {
      case undefined:
        return sent(rest);
      case "cut":
        // The last byte is kept back: with it the log would be there, and nothing cut.
        return sent(rest.slice(0, Math.min(happening.bytes, rest.length - 1)), happening.isClean);
      case "again":
        return sent(bytesOf(linesOf(log.slice(Math.max(0, after - happening.earlier)))));
      case "away":
        if (happening.status === 0) throw new TypeError("fetch failed");
        return new Response("<html>", { status: happening.status });
      case "skip":
        return sent(bytesOf(linesOf(log.slice(after + happening.by))));
      case "garbage":
        return sent(Uint8Array.from([...happening.bytes, 10, ...rest]));
      default:
        return happening satisfies never;
    }
  }

  function sent(bytes: Uint8Array, isClean = true): Response {
    return streamOf((controller) => {
      controller.enqueue(bytes);
      if (isClean) controller.close();
      else controller.error(new TypeError("terminated"));
    });
  }
});
