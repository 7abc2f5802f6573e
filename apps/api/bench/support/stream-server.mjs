// A server of streams in a process of its own, so that what it holds in memory is its own. `plain` is Node's HTTP and
// nothing else, writing the same frames; `cmo` is the API as it is built. Told what to do by messages.
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn, setTimeout as wait } from "node:timers/promises";

const kind = process.argv[2];
const folder = await mkdtemp(join(tmpdir(), "cmo-bench-streams-"));
const server = kind === "plain" ? await openPlain() : await openCmo();

process.on("message", async ({ call, args = [] }) => {
  try {
    process.send({ result: await commands[call](...args) });
  } catch (error) {
    process.send({ error: String(error?.stack ?? error) });
  }
});
process.once("disconnect", () => process.exit());
process.send({ result: { port: server.port } });

const commands = {
  /** Puts in a job; gives its path. */
  job: () => server.job(),
  /** So many events, each when the one before was handed to everybody; then the end. */
  async run(count) {
    for (let index = 0; index < count; index += 1) await server.event(index);
    await server.end();
    return memory();
  },
  /** One event every `everyMs`. */
  async drip(count, everyMs) {
    for (let index = 0; index < count; index += 1) {
      await server.event(index, { wait: false });
      await wait(everyMs);
    }
    await server.end();
    return memory();
  },
  /** A log of this many events of about so many bytes, in changes of 500, however many read it. */
  async fill(count, bytes) {
    for (let index = 0; index < count; index += 500) {
      await server.append(Array.from({ length: 500 }, (_, more) => draft(index + more, "x".repeat(bytes))));
      await nextTurn();
    }
    await server.end();
  },
  async memory() {
    // What is garbage is not held.
    for (let round = 0; round < 3; round += 1) {
      globalThis.gc();
      await wait(50);
    }
    return memory();
  },
  async close() {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  },
};

function memory() {
  const mebibyte = 1_048_576;
  return {
    rss: process.memoryUsage().rss / mebibyte,
    peak: process.resourceUsage().maxRSS / 1_024,
  };
}

function draft(index, text = "") {
  // The time as all processes of the machine see it.
  const at = process.hrtime.bigint().toString();
  return { type: "log", data: { level: "info", code: null, message: `event ${index} at ${at} ${text}` } };
}

async function openCmo() {
  const { openRuntime, createNodeHost } = await import("@cmo/runtime");
  const { apiPartsOf, createApp, listen } = await import("../../dist/index.js");
  const host = { ...createNodeHost(), env: {}, cwd: folder, home: folder };
  const runtime = await openRuntime({ host, location: join(folder, "cmo.db") });
  const handed = { count: 0, heard() {} };
  const silent = () => {};
  const meter = {
    request: silent,
    readerOpened: silent,
    readerClosed: silent,
    eventLag() {
      handed.count += 1;
      handed.heard();
    },
    exposition: async () => "",
  };
  const parts = apiPartsOf(runtime, { meter, limits: { requestsPerMinute: 0 } });
  const listening = await listen(createApp(parts));
  let jobId = "";
  const append = (events) => runtime.store.updateJob(jobId, () => ({ events }));
  return {
    port: listening.port,
    append,
    async job() {
      const { config } = await import("./config.mjs");
      ({ jobId } = await parts.service("local").submit({ config }));
      return `/api/jobs/${jobId}/events`;
    },
    async event(index, { wait: waits = true } = {}) {
      const before = handed.count;
      const heard = new Promise((resolve) => {
        handed.heard = resolve;
      });
      await append([draft(index)]);
      if (waits && handed.count === before) await heard;
    },
    async end() {
      await runtime.store.updateJob(jobId, () => ({
        patch: { status: "completed" },
        events: [{ type: "job.completed", data: { targetMet: true } }],
      }));
    },
    async close() {
      await parts.streams.close();
      await listening.close();
      await runtime.close();
    },
  };
}

async function openPlain() {
  // The same code in memory, so that only what streams need is different.
  await import("@cmo/runtime");
  await import("../../dist/index.js");
  const answers = new Set();
  const plain = createServer(async (request, answer) => {
    if (request.method === "POST") {
      for await (const _piece of request);
      answer.writeHead(201, { "Content-Type": "application/json" });
      answer.end(JSON.stringify({ jobId: "job_0123456789abcdefghijkl" }));
      return;
    }
    answer.writeHead(200, {
      "Content-Type": "text/event-stream",
      "Cache-Control": "no-store",
      "X-Accel-Buffering": "no",
    });
    answer.write("retry: 2000\n\n");
    // Where somebody only waits for the first event, it is there.
    if (request.url !== "/") answer.write(`id: 1\ndata: ${JSON.stringify(draft(0))}\n\n`);
    answers.add(answer);
    answer.once("close", () => answers.delete(answer));
  });
  await new Promise((resolve) => plain.listen(0, "127.0.0.1", resolve));
  let seq = 0;
  const write = (event) => {
    seq += 1;
    const envelope = {
      v: 1,
      jobId: "job_0123456789abcdefghijkl",
      seq,
      at: new Date().toISOString(),
      ...event,
    };
    const frame = Buffer.from(`id: ${seq}\ndata: ${JSON.stringify(envelope)}\n\n`);
    for (const answer of answers) answer.write(frame);
  };
  return {
    port: plain.address().port,
    job: async () => "/",
    async event(index) {
      write(draft(index));
      await nextTurn();
    },
    async end() {
      write({ type: "job.completed", data: { targetMet: true } });
      for (const answer of answers) answer.end();
    },
    async close() {
      plain.closeAllConnections();
      plain.close();
    },
  };
}
