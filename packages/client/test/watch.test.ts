import type { ServerResponse } from "node:http";
import { type JobEvent, parseJobEvent } from "@cmo/engine";
import { seededRandom } from "@cmo/engine/testing";
import { afterEach, describe, expect, it } from "vitest";
import { type Client, type ClientOptions, type Connection, createClient } from "../src/index.ts";
import { type Behaviour, beginStream, type FakeApi, problem, startFakeApi } from "./support/fake-api.ts";
import { listOf } from "./support/list-of.ts";
import { afterOf, jobId, linesOf, logOf } from "./support/log.ts";
import { until } from "./support/until.ts";

let api: FakeApi;
afterEach(() => api.close());

async function clientOf(behave: Behaviour, options: Partial<ClientOptions> = {}): Promise<Client> {
  api = await startFakeApi(behave);
  return createClient({ baseUrl: api.baseUrl, backoff: { baseDelayMs: 2, maxDelayMs: 8 }, ...options });
}

/** Sends bytes, and breaks the connection when they are out. */
function sendAndCut(response: ServerResponse, bytes: Uint8Array): void {
  beginStream(response);
  response.write(bytes, () => response.socket?.destroy());
}

describe("a job's events", () => {
  const log = logOf(12);

  it("come in order, each once, to the terminal event, and then the stream is over", async () => {
    const client = await clientOf((response) => {
      beginStream(response);
      response.write(`\n${linesOf(log)}`);
    });
    expect(await listOf(client.events(jobId))).toEqual(log);
    expect(api.requests.map(({ path }) => path)).toEqual([`/api/jobs/${jobId}/events?after=0`]);
    expect(api.requests[0]?.headers.accept).toBe("application/x-ndjson");
    await until(() => api.open() === 0);
  });

  it("are as they came, with what a newer server adds", async () => {
    const strange = {
      ...log[0],
      seq: 1,
      v: 7,
      type: "weather.changed",
      mood: ["new"],
      data: { deep: { a: 1 } },
    };
    const client = await clientOf((response) => {
      beginStream(response);
      response.end(`${JSON.stringify(strange)}\n${linesOf(log.slice(1))}`);
    });
    expect((await listOf(client.events(jobId)))[0]).toEqual(strange);
  });

  it("S06 begin after what the reader has, and nothing comes when that is everything", async () => {
    const client = await clientOf((response, { path }) => {
      if (afterOf(path) === log.length) response.writeHead(204).end();
      else {
        beginStream(response);
        response.write(linesOf(log.slice(afterOf(path))));
      }
    });
    expect(await listOf(client.events(jobId, { after: 7 }))).toEqual(log.slice(7));
    expect(await listOf(client.events(jobId, { after: log.length }))).toEqual([]);
  });

  it("of some channels have gaps, and end with the terminal event all the same", async () => {
    const shown = log.filter(({ type }) => !type.startsWith("tool."));
    const client = await clientOf((response, { path }, count) => {
      const left = shown.filter(({ seq }) => seq > afterOf(path));
      beginStream(response);
      response.end(linesOf(count === 1 ? left.slice(0, 3) : left));
    });
    expect(await listOf(client.watch(jobId, { channels: ["log"] }))).toEqual(shown);
    expect(api.requests.map(({ path }) => path)).toEqual([
      `/api/jobs/${jobId}/events?after=0&channels=log`,
      `/api/jobs/${jobId}/events?after=4&channels=log`,
    ]);
  });

  it("S07 cut at random bytes 100 times in one run, are the log", async () => {
    const long = logOf(600);
    const random = seededRandom(7);
    let cuts = 0;
    const client = await clientOf((response, { path }) => {
      const bytes = Buffer.from(linesOf(long.slice(afterOf(path))));
      const end = Math.floor(random() * 1_500);
      if (cuts === 100 || end >= bytes.length) {
        beginStream(response);
        response.end(bytes);
        return;
      }
      cuts += 1;
      sendAndCut(response, bytes.subarray(0, end));
    });
    expect(await listOf(client.events(jobId))).toEqual(long);
    expect(cuts).toBe(100);
  });

  it("that come again are dropped; a gap, another job's event, and what is none make it ask again", async () => {
    const faults = [
      linesOf(log.slice(0, 4)),
      linesOf(log.slice(1, 6)),
      linesOf(log.slice(7)),
      linesOf([{ ...(log[6] as JobEvent), jobId: "job_of_another" }]),
      `${linesOf(log.slice(6, 7))}<html>\n${linesOf(log.slice(7))}`,
      `${linesOf(log.slice(7, 8))}{"v":1,"seq":9}\n`,
      Buffer.concat([Buffer.from(linesOf(log.slice(8, 9))), Buffer.from([0xff, 0x0a])]),
    ];
    const client = await clientOf((response, { path }, count) => {
      beginStream(response);
      response.end(faults[count - 1] ?? linesOf(log.slice(afterOf(path))));
    });
    expect(await listOf(client.events(jobId))).toEqual(log);
    expect(api.requests.map(({ path }) => afterOf(path))).toEqual([0, 4, 6, 6, 6, 7, 8, 8]);
  });

  it("are an error when the server sends the same nonsense again and again", async () => {
    const client = await clientOf((response, { path }) => {
      beginStream(response);
      response.end(afterOf(path) === 0 ? linesOf(log.slice(0, 2)) : linesOf(log.slice(4)));
    });
    const seqs: number[] = [];
    const reading = (async () => {
      for await (const { seq } of client.events(jobId)) seqs.push(seq);
    })();
    await expect(reading).rejects.toMatchObject({ code: "api_unreachable", retryable: false });
    await expect(reading).rejects.toThrow("number 5 after 2");
    expect(seqs).toEqual([1, 2]);
    expect(api.requests).toHaveLength(6);
  });

  it("are looked at as closely as the caller wants", async () => {
    const wrong = { ...log[0], data: { goal: 7 } };
    const behave: Behaviour = (response) => {
      beginStream(response);
      response.end(`${JSON.stringify(wrong)}\n${linesOf(log.slice(1))}`);
    };
    const trusting = await clientOf(behave);
    expect(await listOf(trusting.events(jobId))).toHaveLength(log.length);
    const careful = createClient({
      baseUrl: api.baseUrl,
      backoff: { baseDelayMs: 2, maxDelayMs: 8 },
      parseEvent: parseJobEvent,
    });
    await expect(listOf(careful.events(jobId))).rejects.toThrow("no event");
  });
});

describe("a reader", () => {
  const log = logOf(6);
  /** Sends the first three, and then nothing more. */
  const behave: Behaviour = (response) => {
    beginStream(response);
    response.write(linesOf(log.slice(0, 3)));
  };

  it("who leaves early closes the connection", async () => {
    const client = await clientOf(behave);
    for await (const event of client.events(jobId)) if (event.seq === 2) break;
    await until(() => api.open() === 0);
  });

  it("who throws away the iterator while it waits is not kept waiting", async () => {
    const client = await clientOf(behave);
    const iterator = client.events(jobId)[Symbol.asyncIterator]();
    for (let count = 0; count < 3; count += 1) await iterator.next();
    const waiting = iterator.next();
    await iterator.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await until(() => api.open() === 0);
  });

  it("may abort while nothing comes, while it waits for the next attempt, and before it began", async () => {
    const client = await clientOf(behave);
    const stop = new AbortController();
    const seqs: number[] = [];
    for await (const { seq } of client.events(jobId, { signal: stop.signal })) {
      seqs.push(seq);
      if (seq === 3) setTimeout(() => stop.abort(), 5);
    }
    expect(seqs).toEqual([1, 2, 3]);
    await until(() => api.open() === 0);
    expect(await listOf(client.events(jobId, { signal: stop.signal }))).toEqual([]);
    expect(api.requests).toHaveLength(1);
    await api.close();

    const states: Connection["state"][] = [];
    const later = new AbortController();
    const patient = createClient({
      baseUrl: api.baseUrl,
      backoff: { baseDelayMs: 600_000, maxDelayMs: 600_000 },
    });
    const options = {
      signal: later.signal,
      giveUpAfterMs: 6_000_000,
      onConnection({ state }: Connection) {
        states.push(state);
        if (state === "waiting") setTimeout(() => later.abort(), 5);
      },
    };
    expect(await listOf(patient.watch(jobId, options))).toEqual([]);
    expect(states).toEqual(["connecting", "waiting", "ended"]);
  });

  it("aborts between two events of one piece, and gets no more", async () => {
    const client = await clientOf((response) => {
      beginStream(response);
      response.end(linesOf(log));
    });
    const stop = new AbortController();
    const seqs: number[] = [];
    for await (const { seq } of client.events(jobId, { signal: stop.signal })) {
      seqs.push(seq);
      if (seq === 2) stop.abort();
    }
    expect(seqs).toEqual([1, 2]);
  });

  it("who takes the last event need not ask for more: the connection is closed", async () => {
    const client = await clientOf((response) => {
      beginStream(response);
      response.write(linesOf(log));
    });
    const iterator = client.events(jobId)[Symbol.asyncIterator]();
    for (const event of log) expect((await iterator.next()).value).toEqual(event);
    await until(() => api.open() === 0);
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it("may iterate twice, and gets the log twice", async () => {
    const client = await clientOf((response) => {
      beginStream(response);
      response.end(linesOf(log));
    });
    const events = client.events(jobId);
    expect(await listOf(events)).toEqual(log);
    expect(await listOf(events)).toEqual(log);
  });

  it("S08 who takes nothing makes the server wait, and memory does not grow", async () => {
    const note = { type: "log", data: { level: "info", code: "note", message: "x".repeat(60_000) } };
    const mostBytes = 64 * 1024 * 1024;
    let written = 0;
    const client = await clientOf(async (response) => {
      beginStream(response);
      for (let seq = 1; written < mostBytes; seq += 1) {
        const line = linesOf([{ ...(log[0] as JobEvent), ...note, seq }]);
        written += line.length;
        if (!response.write(line)) await new Promise((resolve) => response.once("drain", resolve));
      }
    });
    for await (const { seq } of client.events(jobId)) {
      expect(seq).toBe(1);
      for (let before = -1; before !== written; ) {
        before = written;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      expect(written).toBeLessThan(mostBytes / 2);
      break;
    }
  });
});

describe("an answer that waiting does not mend", () => {
  const refusals = [
    [404, "not_found", "not_found"],
    [401, "unauthenticated", "api_refused"],
    [403, "forbidden", "api_refused"],
    [400, "usage", "usage"],
    [500, "internal", "internal"],
  ] as const;

  it.each(refusals)("ends a stream at once: %i %s is %s", async (status, code, expected) => {
    const client = await clientOf((response) => problem(response, status, { code, detail: "No." }));
    await expect(listOf(client.events(jobId))).rejects.toMatchObject({ code: expected, message: "No." });
    expect(api.requests).toHaveLength(1);
  });

  it("ends it also later: a job that was erased meanwhile is not found", async () => {
    const client = await clientOf((response, _request, count) => {
      if (count === 1) sendAndCut(response, Buffer.from(linesOf(logOf(6).slice(0, 3))));
      else problem(response, 404, { code: "not_found", detail: "There is no such job." });
    });
    await expect(listOf(client.events(jobId))).rejects.toMatchObject({ code: "not_found" });
  });

  it("is a stranger's, but not where cmo was heard before: that is a proxy while the server is away", async () => {
    const page = (response: ServerResponse, status: number) => {
      response.writeHead(status, { "content-type": "text/html" }).end("<h1>Hello</h1>");
    };
    const log = logOf(6);
    const client = await clientOf((response, { path }, count) => {
      if (count === 2) page(response, 200);
      else if (count === 3) page(response, 404);
      else if (count === 4) response.writeHead(302, { location: "https://login.test/" }).end();
      else if (count === 1) sendAndCut(response, Buffer.from(linesOf(log.slice(0, 3))));
      else {
        beginStream(response);
        response.end(linesOf(log.slice(afterOf(path))));
      }
    });
    expect(await listOf(client.events(jobId))).toEqual(log);
    await api.close();

    const lost = await clientOf((response) => page(response, 200));
    await expect(listOf(lost.events(jobId))).rejects.toMatchObject({
      code: "api_unreachable",
      retryable: false,
    });
    expect(api.requests).toHaveLength(1);
  });

  it("is none of a job whose name no path can hold", async () => {
    const client = await clientOf(() => {});
    await expect(listOf(client.events(".."))).rejects.toMatchObject({ code: "not_found" });
    expect(api.requests).toEqual([]);
  });
});
