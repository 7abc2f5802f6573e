// What it costs to go on with a job of which much is done: from the claim to the first request of the resumed run, of
// a campaign that has 100,000 people behind it against one that has 100 items. The real agent, on a SQLite file, over a
// source that answers at once. The states are built once; each measurement is a process of its own, so that both are
// cold, and pauses the job again at its first request, so that the next one meets the same state. Build first.
import { execFile } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createSqliteStore } from "@cmo/store-sqlite";
import { clock, openEngine } from "./support/open-engine.mjs";

const here = fileURLToPath(import.meta.url);
const jobId = "job_bench";
const rounds = 11;
const peoplePerRepository = 5;

/** Pages of so many repositories, so many of them; then a page that is never answered. */
const much = { pages: Number(process.env.CMO_BENCH_PAGES ?? 400), repositories: 50 };
const little = { pages: 1, repositories: 16 };

/** Measures; every row has what was found, what is allowed, and whether it is. */
export async function run() {
  const folder = await mkdtemp(join(tmpdir(), "cmo-bench-resume-"));
  try {
    const large = { path: join(folder, "much.db"), world: much, times: [] };
    const small = { path: join(folder, "little.db"), world: little, times: [] };
    for (const one of [large, small]) one.built = await inProcess("--build", one);
    for (let round = 0; round < rounds; round += 1) {
      for (const one of [small, large]) one.times.push((await inProcess("--resume", one)).ms);
    }
    const ratio = median(large.times) / median(small.times);
    const mebibytes = ((await stat(large.path)).size / 1024 / 1024).toFixed(0);
    const { seconds, items, peakMebibytes } = large.built;
    return [
      {
        name: `resuming a job of ${items} done items: time to the first request against one of ${small.built.items}`,
        ratio,
        limit: 1.5,
        ok: ratio <= 1.5,
        detail: `at most; ${spread(large.times)}, against ${spread(small.times)}; made in ${seconds} s, ${mebibytes} MiB on disk, peak ${peakMebibytes} MiB`,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function inProcess(what, { path, world }) {
  const { stdout } = await promisify(execFile)(process.execPath, [here, what, path, JSON.stringify(world)]);
  return JSON.parse(stdout);
}

/** Runs the campaign until every page that is answered has been counted, and pauses it. */
async function build(path, world) {
  const startedAt = performance.now();
  const source = createInstantSource(world);
  const { store, engine, spec } = await open(path, source);
  await engine.submit(spec, { jobId });
  const pause = new AbortController();
  const attended = engine.attend(jobId, [], { signal: pause.signal });
  await source.drained();
  pause.abort();
  const summary = await attended;
  if (summary.status !== "paused") throw new Error(JSON.stringify(summary.errors));
  await store.close();
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  const peakMebibytes = Math.round(process.resourceUsage().maxRSS / 1_024);
  return { seconds, items: source.items(), peakMebibytes };
}

/** From the claim to the first question to the source. */
async function resume(path, world) {
  let claimedAt = 0;
  let askedAt = 0;
  const pause = new AbortController();
  const source = createInstantSource(world, () => {
    if (askedAt === 0) askedAt = performance.now();
    pause.abort();
  });
  const { store, engine } = await open(path, source, {
    async claimNext(bare, request, decide) {
      const startedAt = performance.now();
      const written = await bare.claimNext(request, decide);
      if (written !== null) claimedAt = startedAt;
      return written;
    },
  });
  await engine.resume(jobId);
  const summary = await engine.attend(jobId, [], { signal: pause.signal });
  if (summary.status !== "paused") throw new Error(JSON.stringify(summary.errors));
  await store.close();
  if (source.items() > 0) throw new Error("What was done already was asked again.");
  return { ms: askedAt - claimedAt };
}

async function open(path, source, { claimNext } = {}) {
  const bare = await createSqliteStore({ path, clock });
  const store =
    claimNext === undefined
      ? bare
      : { ...bare, claimNext: (request, decide) => claimNext(bare, request, decide) };
  const config = {
    name: "bench",
    source: "github",
    params: { stars_range: ">=1", activity_days: 365, target_leads: 100_000 },
    limits: { max_repos: 100_000, people_per_repo: peoplePerRepository },
  };
  return { store, ...openEngine(config, { source, store }) };
}

/** A source that answers at once, and the page after the last one never. `onAsked` hears of every question. */
function createInstantSource({ pages, repositories }, onAsked = () => {}) {
  let items = 0;
  let lastAnswerAt = performance.now();
  let lastPageAsked = false;
  const answered = (count) => {
    items += count;
    lastAnswerAt = performance.now();
  };
  return {
    id: "instant",
    concurrency: 2,
    searchWindow: 10_000_000,
    batchSize: () => 100,
    items: () => items,
    /** The last page was asked for, and for a while now nothing else was. */
    async drained() {
      while (!lastPageAsked || performance.now() - lastAnswerAt < 1_000) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async preflight() {
      onAsked();
      return { viewer: "instant", notes: [] };
    },
    async searchRepositories(_query, { after }, call) {
      onAsked();
      const page = Number(after ?? 0);
      if (page === pages) {
        lastPageAsked = true;
        await untilAborted(call.signal);
      }
      answered(1);
      return {
        claimed: pages * repositories,
        repositories: Array.from({ length: repositories }, (_, index) =>
          repository(page * repositories + index),
        ),
        next: String(page + 1),
      };
    },
    async *repositoryActivity(ids) {
      onAsked();
      for (const id of ids) {
        answered(1);
        yield { id, value: activity(Number(id.slice(2))), missing: null };
      }
    },
    async *people(ids) {
      onAsked();
      for (const id of ids) {
        answered(1);
        yield { id, value: profile(Number(id.slice(2))), missing: null };
      }
    },
  };
}

function untilAborted(signal) {
  return new Promise((_resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

const at = "2026-10-20T10:00:00.000Z";

function repository(number) {
  return {
    id: `R_${number}`,
    name: `imaginary-${number}/compiler-${number}`,
    url: `https://github.example/imaginary-${number}/compiler-${number}`,
    description: "An imaginary compiler for imaginary machines",
    stars: 100_000 - (number % 90_000),
    forks: 10,
    isArchived: false,
    isFork: false,
    isMirror: false,
    isTemplate: false,
    isEmpty: false,
    pushedAt: at,
    createdAt: "2020-01-01T00:00:00.000Z",
    language: "Go",
    topics: ["compiler", "imaginary"],
    owner: { type: "user", login: `imaginary-${number}`, name: null, websiteUrl: null },
  };
}

function activity(number) {
  const contributors = Array.from({ length: peoplePerRepository }, (_, index) => ({
    id: `U_${number * peoplePerRepository + index}`,
    login: `maintainer-${number * peoplePerRepository + index}`,
    commits: 20 - index,
    lastCommitAt: at,
  }));
  return { commits: 100, unlinked: 3, truncated: false, contributors };
}

function profile(number) {
  // Some have no address: the target of the campaign is never met.
  const email = number % 5 < 2 ? `ada.${number}@mail-${number % 500}.example` : null;
  return {
    id: `U_${number}`,
    login: `maintainer-${number}`,
    name: `Ada ${number} Example`,
    email,
    emailSource: email === null ? null : "github.user.email",
    company: "@imaginary-works",
    location: "Köln, Germany",
    bio: "Writes parsers, mostly on weekends. Likes tea.",
    status: null,
    websiteUrl: `https://ada-${number}.example`,
    twitterUsername: null,
    isHireable: false,
    followers: number % 5_000,
    profileUrl: `https://github.example/maintainer-${number}`,
    createdAt: "2015-01-01T00:00:00.000Z",
    updatedAt: at,
    fetchedAt: at,
  };
}

function median(values) {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)];
}

function spread(times) {
  const [least, most] = [Math.min(...times), Math.max(...times)];
  return `${median(times).toFixed(1)} ms (${least.toFixed(1)} to ${most.toFixed(1)})`;
}

if (process.argv[1] === here) {
  const [, , what, path, world] = process.argv;
  if (what === "--build") console.log(JSON.stringify(await build(path, JSON.parse(world))));
  else if (what === "--resume") console.log(JSON.stringify(await resume(path, JSON.parse(world))));
  else for (const row of await run()) console.log(JSON.stringify(row));
}
