import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createMemoryStore,
  type JobSpec,
  type Lead,
  type RepositoryRecord,
  type Source,
  type Store,
} from "@cmo/engine";
import { buildCampaign, seededRandom } from "@cmo/engine/testing";
import { createCampaignSpec } from "../../src/campaign/create-campaign-spec.ts";
import type { Host } from "../../src/host/host.ts";
import { nodeDigest } from "../../src/host/node-digest.ts";
import { createRuntime } from "../../src/runtime/create-runtime.ts";
import { openRuntime, type StoredRuntime } from "../../src/runtime/open-runtime.ts";
import { createSourceDirectory, type SourceDirectory } from "../../src/source/create-source-directory.ts";
import { testHost } from "../support/test-host.ts";

/** How an imaginary person is made known: everything about them is unlike anything else in the world. */
export interface Canary {
  readonly login: string;
  readonly nodeId: string;
  readonly name: string;
  readonly email: string;
  readonly bio: string;
  readonly company: string;
  readonly location: string;
  readonly websiteUrl: string;
  readonly twitterUsername: string;
  /** `owner/name` of a repository of theirs, and its id. */
  readonly repository: string;
  readonly repositoryId: string;
}

/** The canary of that login, in the place of a person and a repository of the world. */
export function canaryOf(login: string, lead: Lead, repositoryId: string): Canary {
  return {
    login,
    nodeId: lead.nodeId,
    name: "Zephyrine Qwillfedder",
    email: `post@own-${login}.example`,
    bio: "Keeps bees and garbage collectors in Xanadu-on-Sea",
    company: "Qwillfedder Loomworks",
    location: "Xanadu-on-Sea",
    websiteUrl: `https://own-${login}.example`,
    twitterUsername: `chirps_${login}_`,
    repository: `${login}/zk-lantern`,
    repositoryId,
  };
}

/** What must not be found of a canary. A login that is a common word is no trace by itself. */
export function tracesOf(canary: Canary, { loginToo = true } = {}): readonly string[] {
  const { repositoryId, repository, login, ...texts } = canary;
  const own = [`own-${login}.example`, "zk-lantern"];
  return [...Object.values(texts), ...own, repositoryId, ...(loginToo ? [login] : [])];
}

/** A folder with a store in it. */
export interface PeoplePlace {
  readonly folder: string;
  readonly location: string;
  readonly exports: string;
  /** Opens a runtime over the store, in whose world people are these canaries. */
  open(canaries?: readonly Canary[], options?: OpenPlaceOptions): Promise<StoredRuntime>;
  /** Those of the texts that stand in the store's files or in exported ones, in upper or lower case. */
  found(texts: readonly string[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** How a runtime of a place is opened. */
export interface OpenPlaceOptions {
  readonly host?: Partial<Host>;
  /** Stands between the campaign and its source. */
  readonly through?: (source: Source) => Source;
}

/** Opens a {@link PeoplePlace}. */
export async function openPeoplePlace(): Promise<PeoplePlace> {
  const folder = await mkdtemp(join(tmpdir(), "cmo-people-"));
  const location = join(folder, "store", "cmo.db");
  const exports = join(folder, "exports");
  return {
    folder,
    location,
    exports,
    open: (canaries = [], { host: overrides = {}, through = asItIs } = {}) => {
      const host = testHost({ cwd: folder, home: folder, ...overrides });
      return openRuntime({ host, location, sources: withCanaries(host, canaries, through) });
    },
    async found(texts) {
      const bytes = await bytesOf([join(folder, "store"), exports]);
      return texts.filter((text) => bytes.includes(text.toLowerCase()));
    },
    close: () => rm(folder, { recursive: true }),
  };
}

/** A campaign in a small world that is the same each time. */
export async function peopleSpec(
  runtime: StoredRuntime,
  overrides: Readonly<Record<string, unknown>> = {},
): Promise<JobSpec> {
  return createCampaignSpec(runtime, { config: buildCampaign({ ...smallCampaign, ...overrides }) });
}

/** Somebody of that world who becomes a lead, with the id of a repository that they are active in. */
export async function somebody(
  pick: (leads: readonly Lead[]) => Lead | undefined = (leads) => leads[0],
  overrides: Readonly<Record<string, unknown>> = {},
  whichRepository = 0,
): Promise<{ lead: Lead; repositoryId: string; leads: readonly Lead[] }> {
  const host = testHost();
  const searched: RepositoryRecord[] = [];
  const sources = withCanaries(host, [], (source) => ({
    ...source,
    async searchRepositories(...question) {
      const page = await source.searchRepositories(...question);
      searched.push(...page.repositories);
      return page;
    },
  }));
  const runtime = createRuntime({ host, sources });
  const spec = await createCampaignSpec(runtime, {
    config: buildCampaign({ ...smallCampaign, ...overrides }),
  });
  const { jobId } = await runtime.engine.runInproc(spec);
  const leads: Lead[] = [];
  for await (const lead of runtime.engine.leads(jobId ?? "")) leads.push(lead);
  const lead = pick(leads);
  const name = lead?.repositories.map((one) => one.name).at(whichRepository % lead.repositories.length);
  const repository = searched.find((one) => one.name === name);
  if (lead === undefined || repository === undefined) throw new Error("nobody of that kind in this world");
  return { lead, repositoryId: repository.id, leads };
}

const asItIs = (source: Source): Source => source;

const smallCampaign = {
  params: { stars_range: ">=5", activity_days: 365, target_leads: 30 },
  limits: { max_repos: 25, people_per_repo: 3 },
  source: { type: "simulator", seed: 5, repositories: 120 },
};

function withCanaries(
  host: Host,
  canaries: readonly Canary[],
  through: (source: Source) => Source,
): SourceDirectory {
  const store: Store = createMemoryStore({ clock: host.clock, random: seededRandom(3) });
  const directory = createSourceDirectory({ host, digest: nodeDigest, store, onToken: () => {} });
  return {
    ...directory,
    async open(spec, job) {
      const opened = await directory.open(spec, job);
      return { ...opened, source: through(masked(opened.source, canaries)) };
    },
  };
}

function masked(source: Source, canaries: readonly Canary[]): Source {
  const ofPerson = new Map(canaries.map((canary) => [canary.nodeId, canary]));
  const ofRepository = new Map(canaries.map((canary) => [canary.repositoryId, canary]));
  return {
    ...source,
    batchSize: (kind) => source.batchSize(kind),
    async searchRepositories(...question) {
      const page = await source.searchRepositories(...question);
      return { ...page, repositories: page.repositories.map((one) => named(one, ofRepository.get(one.id))) };
    },
    async *repositoryActivity(...question) {
      for await (const answer of source.repositoryActivity(...question)) {
        if (answer.value === null) yield answer;
        else {
          const contributors = answer.value.contributors.map((one) => ({
            ...one,
            login: ofPerson.get(one.id)?.login ?? one.login,
          }));
          yield { ...answer, value: { ...answer.value, contributors } };
        }
      }
    },
    async *people(...question) {
      for await (const answer of source.people(...question)) {
        const canary = ofPerson.get(answer.id);
        if (answer.value === null || canary === undefined) yield answer;
        else {
          const { nodeId: _id, repository: _name, repositoryId: _repository, ...published } = canary;
          const profileUrl = `https://github.example/${canary.login}`;
          const emailSource = "github.user.email";
          yield { ...answer, value: { ...answer.value, ...published, profileUrl, emailSource } };
        }
      }
    },
  };
}

function named(repository: RepositoryRecord, canary: Canary | undefined): RepositoryRecord {
  if (canary === undefined) return repository;
  const { login, repository: name, websiteUrl } = canary;
  return {
    ...repository,
    name,
    url: `https://github.example/${name}`,
    description: `zk-lantern of ${login}`,
    owner: { type: "user", login, name: canary.name, websiteUrl },
  };
}

async function bytesOf(folders: readonly string[]): Promise<string> {
  let bytes = "";
  for (const folder of folders) {
    for (const name of await readdir(folder).catch(() => [])) {
      // SQLite takes its files beside the database away when the last one closes it, which may be just now.
      const content = await readFile(join(folder, name)).catch(() => Buffer.alloc(0));
      bytes += content.toString("latin1").toLowerCase();
    }
  }
  return bytes;
}
