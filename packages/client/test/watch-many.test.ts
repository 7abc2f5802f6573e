import { isTerminalEvent, type JobEvent } from "@cmo/engine";
import { afterEach, expect, it } from "vitest";
import { type Client, createClient, type JobSnapshot, type MultiplexedItem } from "../src/index.ts";
import { jobDetail } from "./support/answers.ts";
import { type Behaviour, beginStream, type FakeApi, problem, startFakeApi } from "./support/fake-api.ts";
import { listOf } from "./support/list-of.ts";
import { linesOf, logOf } from "./support/log.ts";
import { until } from "./support/until.ts";

let api: FakeApi;
afterEach(() => api.close());

async function clientOf(behave: Behaviour): Promise<Client> {
  api = await startFakeApi(behave);
  return createClient({ baseUrl: api.baseUrl, backoff: { baseDelayMs: 1, maxDelayMs: 2 } });
}

const logOfJob = (jobId: string) => logOf(6).map((event) => ({ ...event, jobId }));
const [one, two] = [logOfJob("job_1"), logOfJob("job_2")];

function snapshotOf(log: readonly JobEvent[], lastSeq: number): JobSnapshot {
  const last = log[lastSeq - 1];
  const hasEnded = last !== undefined && isTerminalEvent(last);
  const progress = {
    ...jobDetail.progress,
    status: hasEnded ? ("completed" as const) : ("running" as const),
  };
  return { type: "snapshot", jobId: log[0]?.jobId ?? "", name: "smoke", lastSeq, progress };
}

function textOf(items: readonly MultiplexedItem[]): string {
  return items.map((item) => `${JSON.stringify(item)}\n`).join("");
}

it("gives snapshots, then the events of all, and begins with snapshots again after a cut", async () => {
  const before = [snapshotOf(one, 1), snapshotOf(two, 2), ...one.slice(1, 3), ...two.slice(2, 4)];
  const after = [snapshotOf(one, 5), snapshotOf(two, 4), ...two.slice(4), ...one.slice(5)];
  const client = await clientOf((response, _request, count) => {
    beginStream(response);
    if (count === 1) response.write(textOf(before), () => response.socket?.destroy());
    else response.write(`\n${textOf(after)}`);
  });
  expect(await listOf(client.watchMany({ jobs: ["job_1", "job_2"], channels: ["log"] }))).toEqual([
    ...before,
    ...after,
  ]);
  expect(api.requests.map(({ path }) => path)).toEqual(
    Array(2).fill("/api/events?jobs=job_1%2Cjob_2&channels=log"),
  );
  // Both have ended: nothing is left to wait for, although the server did not end the stream.
  await until(() => api.open() === 0);
});

it("is over at once for jobs that have ended, and for no jobs at all", async () => {
  const ended = [snapshotOf(one, 6), snapshotOf(two, 6)];
  const client = await clientOf((response) => {
    beginStream(response);
    response.write(textOf(ended));
  });
  expect(await listOf(client.watchMany({ jobs: ["job_1", "job_2"] }))).toEqual(ended);
  expect(await listOf(client.watchMany({ jobs: [] }))).toEqual([]);
  expect(api.requests).toHaveLength(1);
});

it("without a list goes on after all have ended, takes jobs that come, and ends by its signal", async () => {
  const items = [snapshotOf(one, 5), ...one.slice(5), ...two];
  const client = await clientOf((response) => {
    beginStream(response);
    response.write(textOf(items));
  });
  const stop = new AbortController();
  const seen: MultiplexedItem[] = [];
  for await (const item of client.watchMany({ signal: stop.signal })) {
    seen.push(item);
    if (seen.length === items.length) setTimeout(() => stop.abort(), 5);
  }
  expect(seen).toEqual(items);
  expect(api.requests[0]?.path).toBe("/api/events");
  await until(() => api.open() === 0);
});

it("follows a job that has no snapshot after a cut from the first event that is given of it", async () => {
  const [before, after] = [one.slice(0, 2), one.slice(3)];
  const client = await clientOf((response, _request, count) => {
    beginStream(response);
    response.end(textOf(count === 1 ? before : after));
  });
  expect(await listOf(client.watchMany({ jobs: ["job_1"] }))).toEqual([...before, ...after]);
});

it("drops what a snapshot holds already, and reads anew where something is missing or wrong", async () => {
  const whole = [snapshotOf(one, 3), ...one.slice(3)];
  const answers = [
    textOf([snapshotOf(one, 2), ...one.slice(0, 3), ...one.slice(4)]),
    `${textOf([snapshotOf(one, 3)])}{"type":"snapshot","jobId":"job_1"}\n`,
    textOf(whole),
  ];
  const client = await clientOf((response, _request, count) => {
    beginStream(response);
    response.end(answers[count - 1]);
  });
  expect(await listOf(client.watchMany({ jobs: ["job_1"] }))).toEqual([
    snapshotOf(one, 2),
    one[2],
    snapshotOf(one, 3),
    ...whole,
  ]);
});

it("ends with the API's word about a job that is not there", async () => {
  const client = await clientOf((response) =>
    problem(response, 404, { code: "not_found", detail: "There is no job job_9." }),
  );
  await expect(listOf(client.watchMany({ jobs: ["job_9"] }))).rejects.toMatchObject({ code: "not_found" });
});

it("gives up when the caller says so", async () => {
  const client = await clientOf(() => {});
  await api.close();
  const items = client.watchMany({ giveUpAfterMs: 20 });
  await expect(listOf(items)).rejects.toMatchObject({ code: "api_unreachable", retryable: true });
});

it("asks for the job channel when it is to be no other", async () => {
  const client = await clientOf((response) => {
    beginStream(response);
    response.write(linesOf(one.slice(-1)));
  });
  await listOf(client.watchMany({ jobs: ["job_1"], channels: [] }));
  await listOf(client.watch("job_1", { channels: [] }));
  expect(api.requests.map(({ path }) => path)).toEqual([
    "/api/events?jobs=job_1&channels=job",
    "/api/jobs/job_1/events?after=0&channels=job",
  ]);
});
