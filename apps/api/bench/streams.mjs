// What streams cost: the built API against plain `node:http` that writes the same frames, in turn, each server and the
// readers in processes of their own; medians of one run. Build first.
import { request } from "node:http";
import { fileURLToPath } from "node:url";
import { config } from "./support/config.mjs";
import { startTold } from "./support/told-process.mjs";

const here = fileURLToPath(import.meta.url);
const rounds = 7;
const readers = 1_000;
const events = 100;

/** Measures; every row has what was found, what is allowed, and whether it is. */
export async function run() {
  return [...(await throughput()), await lag(), await stalled(), await firstEvent()];
}

/** Many readers of one job, and one event after the other. Pairs, so that what else the machine does is in both. */
async function throughput() {
  const pairs = [];
  for (let round = -1; round < rounds; round += 1) {
    const pair = { plain: await oneRun("plain"), cmo: await oneRun("cmo") };
    if (round >= 0) pairs.push(pair);
  }
  const middle = (measure) => median(pairs.map(measure));
  const rate = middle(({ plain, cmo }) => cmo.bytes / cmo.ms / (plain.bytes / plain.ms));
  const eventsPerSecond = (kind) => Math.round(middle((pair) => (readers * events * 1_000) / pair[kind].ms));
  const memory = (kind) => {
    const peak = middle((pair) => pair[kind].peak).toFixed(0);
    return `${peak} MiB (${middle((pair) => pair[kind].peak - pair[kind].before).toFixed(0)} by the readers)`;
  };
  return [
    {
      name: `streams, ${readers} readers x ${events} events: bytes a second against plain node:http`,
      ratio: rate,
      limit: 0.8,
      ok: rate >= 0.8,
      detail: `at least; ${eventsPerSecond("cmo")} against ${eventsPerSecond("plain")} events a second, medians of ${rounds} pairs`,
    },
    {
      name: "streams: memory of the server against plain node:http",
      ratio: middle(({ plain, cmo }) => cmo.peak / plain.peak),
      limit: 1.5,
      detail: `at most; peak ${memory("cmo")} against ${memory("plain")}`,
    },
  ];
}

async function oneRun(kind) {
  const server = await startTold("./stream-server.mjs", kind);
  const reading = await startTold("./stream-readers.mjs");
  try {
    const path = await server.tell("job");
    const { rss: before } = await server.tell("memory");
    await reading.tell("open", server.port, path, readers, "read");
    const startedAt = performance.now();
    const [{ bytes }, { peak }] = await Promise.all([reading.tell("ended"), server.tell("run", events)]);
    return { bytes, ms: performance.now() - startedAt, before, peak };
  } finally {
    await server.tell("close");
    await Promise.all([server.stop(), reading.stop()]);
  }
}

/** From before the append to a reader's hands; for plain `node:http`, from before the first write. */
async function lag() {
  const plain = await lagsOf("plain");
  const lags = await lagsOf("cmo");
  return {
    name: "streams: from the append to the hands of 100 readers, p99 in ms",
    value: quantile(lags, 0.99),
    limit: 50,
    detail: `${told(lags)}, of ${lags.length}, with SQLite; plain node:http ${told(plain)}`,
  };
}

async function lagsOf(kind) {
  const server = await startTold("./stream-server.mjs", kind);
  const reading = await startTold("./stream-readers.mjs");
  try {
    const path = await server.tell("job");
    await reading.tell("open", server.port, path, 100, "measure");
    const [{ lags }] = await Promise.all([reading.tell("ended"), server.tell("drip", 500, 10)]);
    return lags;
  } finally {
    await server.tell("close");
    await Promise.all([server.stop(), reading.stop()]);
  }
}

/** Readers that stop reading while a log of many megabytes is written, and one that reads. */
async function stalled() {
  const server = await startTold("./stream-server.mjs", "cmo");
  const reading = await startTold("./stream-readers.mjs");
  try {
    // Once without them: what it takes to write and to read such a log is no cost of theirs.
    await fill();
    const before = await server.tell("memory");
    const { bytes } = await fill(100);
    const after = await server.tell("memory");
    const cost = after.rss - before.rss;
    return {
      name: "streams: 100 stalled readers of a log of many megabytes, MiB",
      value: Math.max(0, cost),
      limit: 64,
      detail: `${before.rss.toFixed(0)} to ${after.rss.toFixed(0)} MiB; log ${(bytes / 1_048_576).toFixed(0)} MiB, which one reader has whole`,
    };
  } finally {
    await server.tell("close");
    await Promise.all([server.stop(), reading.stop()]);
  }

  async function fill(count = 0) {
    const path = await server.tell("job");
    const quick = await startTold("./stream-readers.mjs");
    await quick.tell("open", server.port, path, 1, "read");
    if (count > 0) await reading.tell("open", server.port, path, count, "stall");
    const [{ bytes }] = await Promise.all([quick.tell("ended"), server.tell("fill", 30_000, 1_000)]);
    await quick.stop();
    return { bytes };
  }
}

/** From before the submit to the job's first event, both over HTTP; for plain `node:http`, the same two requests. */
async function firstEvent() {
  const plain = await firstEventTimes("plain");
  const times = await firstEventTimes("cmo");
  return {
    name: "streams: from the submit to the job's first event, p99 in ms",
    value: quantile(times, 0.99),
    limit: 50,
    detail: `${told(times)}, of ${times.length}, with SQLite; two requests to plain node:http ${told(plain)}`,
  };
}

async function firstEventTimes(kind) {
  const server = await startTold("./stream-server.mjs", kind);
  try {
    const times = [];
    for (let round = -20; round < 300; round += 1) {
      const startedAt = performance.now();
      const { jobId } = JSON.parse(await post(server.port, "/api/jobs", JSON.stringify({ config })));
      await first(server.port, `/api/jobs/${jobId}/events`);
      if (round >= 0) times.push(performance.now() - startedAt);
    }
    return times.toSorted((left, right) => left - right);
  } finally {
    await server.tell("close");
    await server.stop();
  }
}

function post(port, path, body) {
  return new Promise((resolve, reject) => {
    const headers = { "Content-Type": "application/json" };
    const asked = request({ host: "127.0.0.1", port, path, method: "POST", headers }, (answer) => {
      let text = "";
      answer.on("data", (piece) => {
        text += piece;
      });
      answer.once("end", () =>
        answer.statusCode === 201 ? resolve(text) : reject(new Error(`${answer.statusCode}: ${text}`)),
      );
    });
    asked.once("error", reject);
    asked.end(body);
  });
}

function first(port, path) {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, agent: false }, (answer) => {
      let text = "";
      answer.on("data", (piece) => {
        text += piece;
        if (!text.includes("id: 1\n")) return;
        resolve();
        asked.destroy();
      });
    });
    asked.on("error", reject);
    asked.end();
  });
}

function median(values) {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)];
}

function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

function told(sorted) {
  const [middle, late, last] = [0.5, 0.99, 1].map((share) => quantile(sorted, share).toFixed(1));
  return `p50 ${middle}, p99 ${late}, greatest ${last} ms`;
}

if (process.argv[1] === here) for (const row of await run()) console.log(JSON.stringify(row));
