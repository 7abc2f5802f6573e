import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ListeningApp, listen } from "../../src/index.ts";
import { type ApiPlace, openApiPlace } from "../support/api-place.ts";
import { rawRequest } from "../support/raw-request.ts";

const runs = Number(process.env.CMO_HOSTILE ?? 60);
const seed = Number(process.env.CMO_SEED ?? 20_261_127);

describe("Whatever comes over the wire", () => {
  let place: ApiPlace;
  let listening: ListeningApp;
  let port: number;
  beforeAll(async () => {
    place = await openApiPlace({ location: "memory", limits: { bodyBytes: 65_536 } });
    listening = await listen(place.app, { headersTimeoutMs: 1_500, requestTimeoutMs: 3_000 });
    port = listening.port;
  });
  afterAll(async () => {
    await listening.close();
    await place.close();
  });
  const ask = (text: string) => rawRequest({ port, pieces: [text.replaceAll("HOST", `127.0.0.1:${port}`)] });
  const post = (headers: string, body = "") =>
    `POST /api/jobs HTTP/1.1\r\nHost: HOST\r\n${headers}\r\n${body}`;

  it.each([
    ["no HTTP", "hello\r\n\r\n", 400],
    ["an old HTTP without a host", "GET /healthz HTTP/1.0\r\n\r\n", 400],
    ["no host", "GET /healthz HTTP/1.1\r\n\r\n", 400],
    ["another host", "GET /healthz HTTP/1.1\r\nHost: elsewhere.test\r\n\r\n", 421],
    ["a second host", "GET /healthz HTTP/1.1\r\nHost: elsewhere.test\r\nHost: HOST\r\n\r\n", 421],
    [
      "an address of another place",
      "GET http://elsewhere.test/healthz HTTP/1.1\r\nHost: elsewhere.test\r\n\r\n",
      421,
    ],
    ["a star", "OPTIONS * HTTP/1.1\r\nHost: HOST\r\n\r\n", 400],
    ["a method that is none", "BREW /api/jobs HTTP/1.1\r\nHost: HOST\r\n\r\n", 400],
    ["a rare method", "PROPFIND /api/jobs HTTP/1.1\r\nHost: HOST\r\n\r\n", 405],
    ["a way up", "GET /api/../../etc/passwd HTTP/1.1\r\nHost: HOST\r\n\r\n", 404],
    ["a hidden way up", "GET /api/jobs/%2e%2e%2f%2e%2e%2fetc%2fpasswd HTTP/1.1\r\nHost: HOST\r\n\r\n", 404],
    ["a backslash", "GET /api\\jobs HTTP/1.1\r\nHost: HOST\r\n\r\n", 400],
    ["two slashes", "GET //api/jobs HTTP/1.1\r\nHost: HOST\r\n\r\n", 404],
    ["a broken escape", "GET /api/jobs/%zz HTTP/1.1\r\nHost: HOST\r\n\r\n", 404],
    ["a NUL in a header", "GET /healthz HTTP/1.1\r\nHost: HOST\r\nX: a\0b\r\n\r\n", 400],
    ["a header of 20 kB", `GET /healthz HTTP/1.1\r\nHost: HOST\r\nX: ${"x".repeat(20_000)}\r\n\r\n`, 431],
    ["an address of 9 kB", `GET /healthz?${"x".repeat(9_000)} HTTP/1.1\r\nHost: HOST\r\n\r\n`, 414],
    ["two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "hello"), 400],
    ["a length and pieces", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), 400],
    [
      "pieces that are packed",
      post("Transfer-Encoding: gzip, chunked\r\nContent-Type: application/json\r\n", "0\r\n\r\n"),
      400,
    ],
    [
      "a piece whose size is none",
      post("Transfer-Encoding: chunked\r\nContent-Type: application/json\r\n", "zz\r\n\r\n"),
      400,
    ],
    ["a length below zero", post("Content-Length: -1\r\n"), 400],
    [
      "two content types",
      post("Content-Type: application/json\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n", "{}"),
      415,
    ],
    ["no content type", post("Content-Length: 2\r\n", "{}"), 415],
    ["more than may be", post("Content-Type: application/json\r\nContent-Length: 70000\r\n"), 413],
    [
      "an upgrade",
      "GET /healthz HTTP/1.1\r\nHost: HOST\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
      200,
    ],
  ])("is answered: %s", async (_, text, status) => {
    const answer = await ask(text);
    expect(answer.statuses).toEqual([status]);
    expect(answer.text).toMatch(/\r\ncontent-type: application\/(?:problem\+)?json\r\n/i);
    expect(answer.text).toMatch(/\r\nx-content-type-options: nosniff\r\n/i);
  });

  it("refuses a body that goes on and on once it is too large, reads a bounded part of it, and closes", async () => {
    async function* endless() {
      yield `POST /api/jobs HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;
      const piece = `${(16_384).toString(16)}\r\n${"x".repeat(16_384)}\r\n`;
      for (;;) {
        yield piece;
        await sleep(2);
      }
    }
    const answer = await rawRequest({ port, pieces: endless(), quietMs: 60_000 });
    expect(answer.statuses).toEqual([413]);
    expect(answer.closedAfterMs).not.toBeNull();
    expect(answer.sentBytes).toBeLessThan(80_000_000);
  });

  it("does not wait for a head that never comes to its end, nor for a body", async () => {
    async function* trickle(beginning: string) {
      yield beginning;
      for (;;) {
        await sleep(200);
        yield "x";
      }
    }
    // A head has a limit of its own, which is shorter.
    const patient = await listen(place.app, { headersTimeoutMs: 1_500, requestTimeoutMs: 600_000 });
    const head = await rawRequest({
      port: patient.port,
      pieces: trickle("GET /healthz HTTP/1.1\r\nX: "),
      quietMs: 60_000,
    });
    expect(head.statuses).toEqual([408]);
    expect(head.closedAfterMs).not.toBeNull();
    await patient.close();
    const body = await rawRequest({
      port,
      pieces: trickle(
        `POST /api/jobs HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n`,
      ),
      quietMs: 60_000,
    });
    expect(body.statuses[0]).toBe(408);
    expect(body.closedAfterMs).not.toBeNull();
  });

  it("is not held up by a hundred of those who send nothing", async () => {
    // Each is to be closed by the other side, however long that takes among so many.
    const silent = Array.from({ length: 100 }, () => rawRequest({ port, pieces: [], quietMs: 60_000 }));
    await sleep(50);
    expect((await fetch(`${listening.url}/healthz`)).status).toBe(200);
    const ended = await Promise.all(silent);
    expect(ended.filter(({ closedAfterMs }) => closedAfterMs === null)).toEqual([]);
  });

  it("answers random bytes around real requests with a 4xx or by closing, and stays well", async () => {
    const beginnings = fc.constantFrom(
      "GET /api/jobs HTTP/1.1\r\nHost: HOST\r\n",
      "DELETE /api/suppressions HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n",
      "POST /api/jobs HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/yaml\r\nTransfer-Encoding: chunked\r\n\r\n",
      "HEAD /api/jobs/x HTTP/1.1\r\n",
      "",
    );
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.string({ unit: "binary-ascii" }).map((text) => Buffer.from(text)),
    );
    await fc.assert(
      fc.asyncProperty(beginnings, noise, async (beginning, bytes) => {
        const pieces = [beginning.replaceAll("HOST", `127.0.0.1:${port}`), bytes, "\r\n\r\n"];
        const answer = await rawRequest({ port, pieces, quietMs: 60 });
        for (const status of answer.statuses) expect(status, answer.text).toBeLessThan(500);
      }),
      { numRuns: Math.min(runs, 1_000), seed },
    );
    expect((await fetch(`${listening.url}/healthz`)).status).toBe(200);
  }, 600_000);
});
