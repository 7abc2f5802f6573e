import { createFakeClock, type FakeClock } from "@cmo/engine/testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Client, type ClientOptions, type Connection, createClient } from "../src/index.ts";
import { type Behaviour, beginStream, type FakeApi, problem, startFakeApi } from "./support/fake-api.ts";
import { afterOf, jobId, linesOf, logOf } from "./support/log.ts";
import { until } from "./support/until.ts";

const log = logOf(8);
let api: FakeApi;
let clock: FakeClock;
let connections: Connection[];
let stop: AbortController;
beforeEach(() => {
  clock = createFakeClock();
  connections = [];
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await api.close();
});

async function clientOf(behave: Behaviour, options: Partial<ClientOptions> = {}): Promise<Client> {
  api = await startFakeApi(behave);
  // The longest of every wait that chance would choose.
  return createClient({ baseUrl: api.baseUrl, clock, random: () => 1, ...options });
}

/** Reads in the background; its end is awaited by the test. */
function read(client: Client, options: Parameters<Client["watch"]>[1] = {}) {
  const seqs: number[] = [];
  const done = (async () => {
    const onConnection = (one: Connection) => connections.push(one);
    const { signal } = stop;
    for await (const { seq } of client.watch(jobId, { onConnection, signal, ...options })) seqs.push(seq);
  })();
  done.catch(() => {});
  return { seqs, done };
}

/** Lets time pass until the reader waits for another attempt, and gives how it stands. */
async function nextWait(after: number): Promise<Connection> {
  await until(() => connections.filter(({ state }) => state === "waiting").length > after);
  return connections.filter(({ state }) => state === "waiting")[after] as Connection;
}

/** Lets time pass for each wait of the reader, until it ends. Never while the network is at work: it has no clock. */
async function drive(done: Promise<void>, atWait: (wait: Connection) => void = () => {}): Promise<void> {
  const isOver = () => connections.at(-1)?.state === "ended";
  for (let count = 0; ; count += 1) {
    await until(() => isOver() || connections.filter(({ state }) => state === "waiting").length > count);
    if (isOver()) return done;
    const wait = await nextWait(count);
    atWait(wait);
    await clock.advance(wait.retryInMs ?? 0);
  }
}

describe("a server that ends streams at once", () => {
  it("is asked less and less often, until an event comes", async () => {
    const client = await clientOf((response, _request, count) => {
      beginStream(response);
      response.end(count === 9 ? linesOf(log.slice(0, 1)) : "\n");
    });
    const { seqs } = read(client);
    const waits: (number | null)[] = [];
    for (let count = 0; count < 10; count += 1) {
      const wait = await nextWait(count);
      waits.push(wait.retryInMs);
      await clock.advance(wait.retryInMs ?? 0);
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000, 500, 1_000]);
    expect(seqs).toEqual([1]);
  });

  it("is not asked at once even when chance says so", async () => {
    const client = await clientOf(() => {}, { random: () => 0 });
    await api.close();
    read(client);
    expect((await nextWait(0)).retryInMs).toBe(50);
  });

  it("is another one than a server whose connections hold for a while", async () => {
    const held: (() => void)[] = [];
    const client = await clientOf((response) => {
      beginStream(response);
      response.write("\n");
      held.push(() => response.end());
    });
    read(client);
    for (let count = 0; count < 5; count += 1) {
      await until(() => held.length > count);
      await until(() => connections.at(-1)?.state === "live");
      await clock.advance(20_000);
      held[count]?.();
      const wait = await nextWait(count);
      expect(wait).toMatchObject({ retryInMs: 500, attempt: 1 });
      await clock.advance(500);
    }
  });
});

describe("a connection", () => {
  it("is not silent while its reader takes its time", async () => {
    let sendRest = () => {};
    const client = await clientOf((response) => {
      beginStream(response);
      response.write(linesOf(log.slice(0, 3)));
      sendRest = () => response.end(linesOf(log.slice(3)));
    });
    for await (const { seq } of client.watch(jobId, { onConnection: (one) => connections.push(one) })) {
      if (seq !== 2) continue;
      await clock.advance(3_600_000);
      sendRest();
    }
    expect(connections.map(({ state }) => state)).toEqual(["connecting", "live", "ended"]);
  });

  it("whose head does not come in time is given up, and another one is tried", async () => {
    const client = await clientOf((response, _request, count) => {
      if (count === 1) return;
      beginStream(response);
      response.end(linesOf(log));
    });
    const { done, seqs } = read(client);
    await until(() => api.requests.length === 1);
    await clock.advance(30_000);
    const wait = await nextWait(0);
    expect(wait.error).toMatchObject({ code: "api_unreachable", retryable: true });
    await clock.advance(500);
    await done;
    expect(seqs).toHaveLength(log.length);
  });

  it("that is refused for now is tried when the server says, and not before", async () => {
    const client = await clientOf((response, _request, count) => {
      const later = { "retry-after": "7" };
      if (count === 1) return problem(response, 503, { code: "store_unavailable", retryable: true }, later);
      if (count === 2) return problem(response, 429, { code: "rate_limited", retryable: true }, later);
      if (count === 3) return void response.writeHead(502).end("<html>");
      beginStream(response);
      response.end(linesOf(log));
    });
    const { done, seqs } = read(client);
    for (const [count, waitMs] of [7_500, 8_000, 2_000].entries()) {
      expect((await nextWait(count)).retryInMs).toBe(waitMs);
      await clock.advance(waitMs - 1);
      expect(api.requests).toHaveLength(count + 1);
      await clock.advance(1);
    }
    await done;
    expect(seqs).toHaveLength(log.length);
  });
});

it("is not down while its reader takes its time, either", async () => {
  let cut = () => {};
  const client = await clientOf((response, { path }) => {
    beginStream(response);
    response.write(linesOf(log.slice(afterOf(path), afterOf(path) + 3)));
    cut = () => response.end();
  });
  const options = { signal: stop.signal, onConnection: (one: Connection) => connections.push(one) };
  for await (const { seq } of client.watch(jobId, options)) {
    if (seq !== 2) continue;
    await clock.advance(3_600_000);
    cut();
    void nextWait(0).then(() => stop.abort());
  }
  expect(connections.find(({ state }) => state === "waiting")).toMatchObject({ downForMs: 0 });
});

describe("S40 a server that goes away", () => {
  it("for a minute is waited for, and nothing is missed", async () => {
    let isAway = false;
    const client = await clientOf((response, { path }, count) => {
      if (isAway) return void response.socket?.destroy();
      beginStream(response);
      response.write(linesOf(count === 1 ? log.slice(0, 3) : log.slice(afterOf(path))));
      if (count === 1) {
        isAway = true;
        response.write("", () => response.socket?.destroy());
      }
    });
    const { done, seqs } = read(client);
    await drive(done, ({ error }) => {
      expect(error?.code).toBe("api_unreachable");
      isAway = clock.now() < Date.parse("2030-01-01T00:01:00.000Z");
    });
    expect(seqs).toEqual(log.map(({ seq }) => seq));
  });

  it("and never comes back is given up when the caller said, and nobody says how the job ended", async () => {
    const client = await clientOf((response) => {
      beginStream(response);
      response.write(linesOf(log.slice(0, 3)), () => {
        response.socket?.destroy();
        void api.close();
      });
    });
    const { done, seqs } = read(client, { giveUpAfterMs: 60_000 });
    await expect(drive(done)).rejects.toMatchObject({ code: "api_unreachable", retryable: true });
    await expect(done).rejects.toThrow("its outcome is unknown");
    expect(seqs).toEqual([1, 2, 3]);
    expect(clock.now()).toBe(Date.parse("2030-01-01T00:01:00.000Z"));
    const last = connections.at(-1);
    expect(last).toMatchObject({ state: "ended", error: { code: "api_unreachable" }, downForMs: 60_000 });
  });

  it("is given up after five minutes when the caller said nothing", async () => {
    const client = await clientOf(() => {});
    await api.close();
    await expect(drive(read(client).done)).rejects.toThrow("After 300 s of trying");
    expect(clock.now()).toBe(Date.parse("2030-01-01T00:05:00.000Z"));
  });

  it("is not given up because the machine slept", async () => {
    let now = clock.now();
    const sleepy = { now: () => now, sleep: () => new Promise<void>((resolve) => setTimeout(resolve, 1)) };
    const client = await clientOf(() => {}, {
      clock: {
        now: sleepy.now,
        async sleep(ms, signal) {
          if (ms >= 30_000) return clock.sleep(ms, signal);
          await sleepy.sleep();
          now += 3_600_000;
        },
      },
    });
    await api.close();
    await expect(read(client, { giveUpAfterMs: 60_000 }).done).rejects.toThrow("After 60 s");
    // 500, 1,000, 2,000, 4,000, 8,000, 10,000 four times, and what was left.
    expect(connections.filter(({ state }) => state === "waiting")).toHaveLength(10);
  });
});

it("tells how the connection stands at each change", async () => {
  const client = await clientOf((response, { path }, count) => {
    if (count === 2) return void response.writeHead(503).end();
    beginStream(response);
    if (count === 1) response.end(linesOf(log.slice(0, 3)));
    else response.write(linesOf(log.slice(afterOf(path))));
  });
  const { done } = read(client);
  await clock.advance((await nextWait(0)).retryInMs ?? 0);
  await clock.advance((await nextWait(1)).retryInMs ?? 0);
  await done;
  const told = connections.map(({ state, attempt, error, retryInMs, downForMs }) => [
    state,
    attempt,
    error?.message.replace(api.baseUrl, "") ?? null,
    retryInMs,
    downForMs,
  ]);
  expect(told).toEqual([
    ["connecting", 1, null, null, 0],
    ["live", 1, null, null, 0],
    ["waiting", 1, " ended the stream early.", 500, 0],
    ["connecting", 2, " ended the stream early.", null, 500],
    ["waiting", 2, " answered 503.", 1_000, 500],
    ["connecting", 3, " answered 503.", null, 1_500],
    ["live", 3, null, null, 1_500],
    ["ended", 1, null, null, 0],
  ]);
});
