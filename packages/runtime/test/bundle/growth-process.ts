import { join } from "node:path";
import { type PersonProfile, parseCampaign, type RepositoryRecord, type Source } from "@cmo/engine";
import { exportBundle } from "../../src/bundle/export-bundle.ts";
import { replayBundle } from "../../src/bundle/replay-bundle.ts";
import { checkBundle } from "../../src/bundle/run-files.ts";
import { verifyFile } from "../../src/bundle/verify-file.ts";
import { createCampaignSpec } from "../../src/campaign/create-campaign-spec.ts";
import { exportJob } from "../../src/export/export-job.ts";
import { createNodeHost } from "../../src/host/host.ts";
import { openRuntime } from "../../src/runtime/open-runtime.ts";

// A process of its own that does one thing with a run of so many people, and tells how much memory it took. Arguments:
// what to do, the folder where all is, and how many people the run is of.
const [what = "", folder = "", people = ""] = process.argv.slice(2);
const jobId = "job_growth";
const peoplePerRepository = 10;
const repositoriesPerPage = 50;
/** As that of every source whose runs can be replayed. */
const searchWindow = 1_000;
/** A search for each: so many people as are found by one of them are in each, and up to a hundred thousand in all. */
const languages = ["Go", "Rust", "Zig", "Nim", "D", "Ada", "Elm", "Lua", "C", "Java"];
const repositories = Number(people) / peoplePerRepository;
const bundle = (kind: string) => join(folder, `${kind}.zip`);
const files = ["json", "csv"].map((ending) => join(folder, `${jobId}_leads.${ending}`));

function steps(): Readonly<Record<string, () => Promise<void>>> {
  return {
    run: () =>
      withRuntime(async (runtime) => {
        const parsed = parseCampaign({
          name: "growth",
          source: { type: "github", mail: "none" },
          params: { stars_range: ">=1", activity_days: 365, target_leads: 100_000 },
          default_icp: { languages: languages.slice(0, Math.ceil(repositories / searchWindow)) },
          limits: { max_repos: 100_000, people_per_repo: peoplePerRepository },
        });
        if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
        const spec = await createCampaignSpec(runtime, { config: parsed.value });
        const summary = await runtime.engine.runInproc({ ...spec, asOf: at }, [], { jobId });
        if (summary.counts.leads !== Number(people)) throw new Error(JSON.stringify(summary));
        await exportJob({ engine: runtime.engine, jobId, directory: folder, presets: [] });
      }),
    full: () =>
      withRuntime(
        async (runtime) => void (await exportBundle({ runtime, jobId, kind: "full", path: bundle("full") })),
      ),
    shared: () =>
      withRuntime(
        async (runtime) =>
          void (await exportBundle({ runtime, jobId, kind: "shared", path: bundle("shared") })),
      ),
    replay: async () => {
      const { divergences } = await replayBundle(bundle("full"));
      if (divergences.length > 0) throw new Error(JSON.stringify(divergences));
    },
    verify: async () => {
      const { run } = await checkBundle(bundle("full"));
      for (const file of files) {
        const { verdict, problem } = await verifyFile(file, run);
        if (verdict !== "as logged") throw new Error(`${file}: ${problem}`);
      }
    },
  };
}

async function withRuntime(work: (runtime: Awaited<ReturnType<typeof openRuntime>>) => Promise<void>) {
  const source = instantSource();
  const mail = { isReserved: () => false, lookup: async () => "ok" as const };
  const runtime = await openRuntime({
    host: createNodeHost(),
    location: join(folder, "cmo.db"),
    sources: { open: async () => ({ source, mail }), github: async () => source, dnsMail: () => mail },
  });
  await work(runtime);
  await runtime.close();
}

/** A source that answers at once. */
function instantSource(): Source {
  return {
    id: "instant",
    concurrency: 2,
    searchWindow,
    batchSize: () => 100,
    preflight: async () => ({ viewer: "instant", notes: [] }),
    async searchRepositories({ language }, { after }) {
      const begin = languages.indexOf(language ?? "") * searchWindow;
      const last = Math.min(repositories, begin + searchWindow);
      const from = Number(after ?? begin);
      const end = Math.min(last, from + repositoriesPerPage);
      return {
        claimed: last - begin,
        repositories: Array.from({ length: end - from }, (_, index) => repository(from + index)),
        next: end === last ? null : String(end),
      };
    },
    async *repositoryActivity(ids) {
      for (const id of ids) {
        const first = Number(id.slice(2)) * peoplePerRepository;
        const contributors = Array.from({ length: peoplePerRepository }, (_, index) => ({
          id: `U_${first + index}`,
          login: `maintainer-${first + index}`,
          commits: 20 - index,
          lastCommitAt: at,
        }));
        yield { id, value: { commits: 100, unlinked: 3, truncated: false, contributors }, missing: null };
      }
    },
    async *people(ids) {
      for (const id of ids) yield { id, value: profile(Number(id.slice(2))), missing: null };
    },
  };
}

const at = "2026-10-20T10:00:00.000Z";

function repository(number: number): RepositoryRecord {
  return {
    id: `R_${number}`,
    name: `imaginary-${number}/compiler-${number}`,
    url: `https://github.example/imaginary-${number}/compiler-${number}`,
    description: "An imaginary compiler for imaginary machines",
    stars: 1_000 + number,
    forks: 10,
    isArchived: false,
    isFork: false,
    isMirror: false,
    isTemplate: false,
    isEmpty: false,
    pushedAt: at,
    createdAt: "2020-01-01T00:00:00.000Z",
    language: languages[Math.floor(number / searchWindow)] ?? null,
    topics: ["compiler"],
    owner: { type: "user", login: `imaginary-${number}`, name: null, websiteUrl: null },
  };
}

function profile(number: number): PersonProfile {
  return {
    id: `U_${number}`,
    login: `maintainer-${number}`,
    name: `Ada ${number} Example`,
    email: `ada.${number}@mail-${number % 50}.example`,
    emailSource: "github.user.email",
    company: "@imaginary-works",
    location: "Köln, Germany",
    bio: "Writes parsers, mostly on weekends. Likes tea. ".repeat(45),
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

await steps()[what]?.();
process.stdout.write(`${JSON.stringify({ peakKibibytes: process.resourceUsage().maxRSS })}\n`);
