import { createHash } from "node:crypto";
import { createFakeClock } from "@cmo/engine/testing";
import fc from "fast-check";
import { afterEach, expect, it } from "vitest";
import { type Client, type ClientOptions, createClient, type ServedFile } from "../src/index.ts";
import { type Behaviour, type FakeApi, problem, startFakeApi } from "./support/fake-api.ts";
import { until } from "./support/until.ts";

let api: FakeApi;
afterEach(() => api.close());

async function clientOf(behave: Behaviour, options: Partial<ClientOptions> = {}): Promise<Client> {
  api = await startFakeApi(behave);
  return createClient({ baseUrl: api.baseUrl, backoff: { baseDelayMs: 1, maxDelayMs: 2 }, ...options });
}

async function bytesOf({ pieces }: ServedFile): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(Buffer.from(piece));
  return Buffer.concat(all);
}

const csv = { "content-type": "text/csv; charset=utf-8" };
const cut = { code: "api_unreachable", hint: "What came is not the whole file: ask for it again." };

it("a file comes byte for byte, with its media type, however it is sent", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 5_000 })),
      fc.boolean(),
      async (parts, hasLength) => {
        const whole = Buffer.concat(parts);
        const client = await clientOf((response) => {
          response.writeHead(200, hasLength ? { ...csv, "content-length": whole.length } : csv);
          for (const part of parts) response.write(part);
          response.end();
        });
        const file = await client.leadsFile("job_1", "csv");
        expect(file.mediaType).toBe("text/csv; charset=utf-8");
        expect(await bytesOf(file)).toEqual(whole);
        await api.close();
      },
    ),
    { numRuns: 30 },
  );
});

it("what is asked for is in the path", async () => {
  const client = await clientOf((response) => response.writeHead(200, csv).end() && undefined);
  await client.leadsFile("job_1", "hubspot", { contactable: true, search: "x", skip: 2, limit: 0 });
  await client.artifact("job_1", "job_1 leads.csv");
  expect(api.requests.map(({ path }) => path)).toEqual([
    "/api/jobs/job_1/leads.hubspot?contactable=true&search=x&skip=2&limit=0",
    "/api/jobs/job_1/artifacts/job_1%20leads.csv",
  ]);
  for (const format of ["", "../x", "a/b", "a?b"]) {
    await expect(client.leadsFile("job_1", format)).rejects.toMatchObject({ code: "usage" });
  }
});

it("a file whose connection is cut is an error after what came, with a length and without", async () => {
  for (const headers of [csv, { ...csv, "content-length": 2_000_000 }]) {
    const client = await clientOf((response) => {
      response.writeHead(200, headers);
      response.write("x".repeat(1_000_000), () => response.socket?.destroy());
    });
    let bytes = 0;
    const reading = (async () => {
      for await (const piece of (await client.leadsFile("job_1", "csv")).pieces) bytes += piece.length;
    })();
    await expect(reading).rejects.toMatchObject(cut);
    expect(bytes).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(1_000_000);
    await api.close();
  }
});

it("a file that is shorter than its length says is an error, whatever fetch thinks of it", async () => {
  const client = await clientOf(() => {}, {
    fetch: async () => new Response("12345", { headers: { ...csv, "content-length": "6" } }),
  });
  await expect(bytesOf(await client.artifact("job_1", "a.csv"))).rejects.toMatchObject(cut);
});

it("a file that was packed on the way has another length, and that is no error", async () => {
  const client = await clientOf(() => {}, {
    fetch: async () =>
      new Response("12345", { headers: { ...csv, "content-length": "3", "content-encoding": "gzip" } }),
  });
  expect(String(await bytesOf(await client.artifact("job_1", "a.csv")))).toBe("12345");
});

it("a file that stalls is an error after 45 s, and not while the caller takes its time", async () => {
  const clock = createFakeClock();
  let sendMore = () => {};
  const client = await clientOf(
    (response) => {
      response.writeHead(200, csv);
      response.write("beginning");
      sendMore = () => response.write("middle");
    },
    { clock },
  );
  const pieces = (await client.artifact("job_1", "a.csv")).pieces[Symbol.asyncIterator]();
  expect((await pieces.next()).value).toEqual(new Uint8Array(Buffer.from("beginning")));
  await clock.advance(600_000);
  sendMore();
  expect((await pieces.next()).value).toEqual(new Uint8Array(Buffer.from("middle")));
  const next = pieces.next();
  next.catch(() => {});
  await clock.advance(45_000);
  await expect(next).rejects.toMatchObject({ ...cut, message: expect.stringContaining("silent for 45 s") });
});

it("a file is asked for again until its head is there, and errors are those of the API", async () => {
  const client = await clientOf((response, _request, count) => {
    if (count === 1) response.writeHead(503).end();
    else if (count === 2) response.writeHead(200, csv).end("a,b\r\n");
    else problem(response, 409, { code: "conflict", detail: "It has not ended." });
  });
  expect(String(await bytesOf(await client.artifact("job_1", "a.csv")))).toBe("a,b\r\n");
  await expect(client.artifact("job_1", "a.csv")).rejects.toMatchObject({ code: "conflict" });
});

it("a page in place of a file is none", async () => {
  const client = await clientOf(
    (response) =>
      response.writeHead(200, { "content-type": "text/html" }).end("<form>Log in</form>") && undefined,
  );
  await expect(client.artifact("job_1", "a.csv")).rejects.toMatchObject({
    code: "api_unreachable",
    retryable: false,
  });
});

it("whoever leaves a file early, or never begins with it, leaves nothing open", async () => {
  const client = await clientOf((response) => {
    response.writeHead(200, csv);
    response.write("x".repeat(100_000));
  });
  for await (const _piece of (await client.artifact("job_1", "a.csv")).pieces) break;
  await until(() => api.open() === 0);
  const unread = await client.artifact("job_1", "a.csv");
  await unread.pieces[Symbol.asyncIterator]().return?.();
  await until(() => api.open() === 0);
});

it("a large file is read no faster than it is taken", async () => {
  const block = Buffer.alloc(65_536, 7);
  const blocks = 1_024;
  let written = 0;
  const client = await clientOf(async (response) => {
    response.writeHead(200, csv);
    for (; written < blocks; written += 1) {
      if (!response.write(block)) await new Promise((resolve) => response.once("drain", resolve));
    }
    response.end();
  });
  const hash = createHash("sha256");
  let isFirst = true;
  for await (const piece of (await client.artifact("job_1", "a.csv")).pieces) {
    hash.update(piece);
    if (!isFirst) continue;
    isFirst = false;
    for (let before = -1; before !== written; ) {
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(written).toBeLessThan(blocks / 2);
  }
  const expected = createHash("sha256");
  for (let count = 0; count < blocks; count += 1) expected.update(block);
  expect(hash.digest("hex")).toBe(expected.digest("hex"));
});
