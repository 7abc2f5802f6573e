// What the client costs beside the shortest code that reads the same stream: fetch, lines, JSON.parse. Both read from
// the same server in the same run, in turns; what counts is the ratio of their fastest rounds.
// Usage: node packages/client/bench/stream.mjs (after a build).
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";

const EVENTS = 100_000;
const ROUNDS = 7;
const LIMIT = 3;
const PIECE = 65_536;

/** @returns {Promise<{ name: string; ratio: number; limit: number; detail: string }[]>} */
export async function run() {
  const { createClient } = await import("../dist/index.js");
  const { server, baseUrl } = await serve(logOf(EVENTS));
  try {
    const client = createClient({ baseUrl });
    const ways = {
      bare: () => readBare(`${baseUrl}/api/jobs/job_1/events`),
      client: () => readAll(client.events("job_1")),
    };
    const best = { bare: Number.POSITIVE_INFINITY, client: Number.POSITIVE_INFINITY };
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, read] of Object.entries(ways)) {
        const start = performance.now();
        const count = await read();
        if (count !== EVENTS) throw new Error(`${name} read ${count} of ${EVENTS} events.`);
        best[name] = Math.min(best[name], performance.now() - start);
      }
    }
    const perSecond = Math.round(EVENTS / best.client);
    return [
      {
        name: "events read by the client / by fetch and JSON.parse",
        ratio: best.client / best.bare,
        limit: LIMIT,
        detail: `${perSecond} k events/s, bare ${Math.round(EVENTS / best.bare)} k`,
      },
    ];
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function readAll(events) {
  let count = 0;
  for await (const { seq } of events) count = seq;
  return count;
}

async function readBare(url) {
  const { body } = await fetch(url);
  let rest = "";
  let count = 0;
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop();
    for (const line of lines) count = JSON.parse(line).seq;
  }
  return count;
}

function logOf(length) {
  const lines = Array.from({ length }, (_, index) => {
    const seq = index + 1;
    const [type, data] =
      seq === length
        ? ["job.completed", { targetMet: true }]
        : ["stage.progress", { stage: "extraction", itemsProcessed: seq, itemsTotal: length, percent: 12 }];
    return JSON.stringify({ v: 1, jobId: "job_1", seq, at: "2030-01-01T00:00:00.000Z", type, data });
  });
  return Buffer.from(`${lines.join("\n")}\n`);
}

async function serve(bytes) {
  const server = createServer(async (_request, response) => {
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    for (let start = 0; start < bytes.length; start += PIECE) {
      if (!response.write(bytes.subarray(start, start + PIECE))) {
        await new Promise((resolve) => response.once("drain", resolve));
      }
    }
    response.end();
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, baseUrl: `http://127.0.0.1:${server.address().port}` };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) console.table(await run());
