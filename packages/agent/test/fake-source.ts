import {
  type ActivityWindow,
  CmoError,
  type PersonProfile,
  type Random,
  type RepositoryActivity,
  type RepositoryPage,
  type RepositoryQuery,
  type RepositoryRecord,
  type Source,
  type SourceAnswer,
  type SourceCall,
} from "@cmo/engine";

/** Somebody in a {@link FakeWorld}. */
export type FakePerson = Pick<PersonProfile, "id" | "login"> & Partial<PersonProfile>;

/** A repository of a {@link FakeWorld}, with who was active in it. */
export type FakeRepository = Partial<Omit<RepositoryRecord, "id">> & {
  id: string;
  commits: readonly { person: string; count: number; last?: string }[];
  truncated?: boolean;
};

/** What a fake source knows. Ids that are named and not described are gone. */
export interface FakeWorld {
  readonly repositories: readonly FakeRepository[];
  readonly people: readonly FakePerson[];
}

/** How a fake source behaves. */
export interface FakeSourceOptions {
  /** Waits before each answer; the order of answers is what it makes of it. Default: none. */
  wait?: (signal: AbortSignal) => Promise<void>;
  /** Throws in place of a request; told of the kind, and of the ordinal of the request from 1. */
  before?: (kind: FakeRequest["kind"], ordinal: number) => void;
  concurrency?: number;
  batchSize?: (kind: "activity" | "people") => number;
  searchWindow?: number;
  /** Shuffles the answers of a batch. Default: in the order of the question. */
  random?: Random;
  fetchedAt?: () => string;
}

/** A request that a fake source got. */
export interface FakeRequest {
  readonly kind: "preflight" | "search" | "activity" | "people";
  readonly ids: readonly string[];
}

/** A source over a small world: it searches, pages, batches and aborts as a source does. */
export interface FakeSource extends Source {
  readonly requests: readonly FakeRequest[];
  /** Requests that have begun and not ended. */
  running(): number;
}

/** A {@link FakeSource}. Each call of a method is one request. */
export function createFakeSource(world: FakeWorld, options: FakeSourceOptions = {}): FakeSource {
  const { concurrency = 2, batchSize = () => 3, searchWindow = 1_000, random } = options;
  const requests: FakeRequest[] = [];
  let running = 0;
  const repositories = world.repositories
    .map(recordOf)
    .sort((a, b) => b.stars - a.stars || (a.id < b.id ? -1 : 1));
  const commitsOf = new Map(world.repositories.map((one) => [one.id, one]));
  const people = new Map(world.people.map((one) => [one.id, one]));

  async function begin(kind: FakeRequest["kind"], ids: readonly string[], { signal, startTool }: SourceCall) {
    const tool = startTool(`fake.${kind}`, ids);
    let error: string | null = "cancelled";
    running += 1;
    try {
      if (signal.aborted) throw new CmoError("cancelled", "Aborted.");
      requests.push({ kind, ids });
      options.before?.(kind, requests.length);
      await options.wait?.(signal);
      if (signal.aborted) throw new CmoError("cancelled", "Aborted.");
      error = null;
    } finally {
      running -= 1;
      tool.complete({ ok: error === null, cost: 1, cached: false, error });
    }
  }

  return {
    id: "fake",
    concurrency,
    searchWindow,
    requests,
    running: () => running,
    batchSize,

    async preflight(call) {
      await begin("preflight", [], call);
      return { viewer: "fake", notes: [] };
    },

    async searchRepositories(query, { first, after }, call) {
      await begin("search", [after ?? ""], call);
      const all = repositories.filter((one) => matches(one, query));
      const from = after === null ? 0 : Number(after);
      const to = Math.min(from + first, all.length, searchWindow);
      return {
        claimed: all.length,
        repositories: all.slice(from, to),
        next: to < Math.min(all.length, searchWindow) ? String(to) : null,
      } satisfies RepositoryPage;
    },

    async *repositoryActivity(ids, window, call) {
      await begin("activity", ids, call);
      const answers = ids.map((id) => activityOf(id, window));
      yield* together(shuffled(answers, random));
    },

    async *people(ids, call) {
      await begin("people", ids, call);
      const answers = ids.map((id): SourceAnswer<PersonProfile> => {
        const person = people.get(id);
        return person === undefined
          ? { id, value: null, missing: "gone" }
          : { id, value: profileOf(person), missing: null };
      });
      yield* together(shuffled(answers, random));
    },
  };

  function activityOf(id: string, { since }: ActivityWindow): SourceAnswer<RepositoryActivity> {
    const repository = commitsOf.get(id);
    if (repository === undefined) return { id, value: null, missing: "gone" };
    const contributors = repository.commits
      .map(({ person, count, last = "2029-12-20T00:00:00.000Z" }) => ({
        id: person,
        login: people.get(person)?.login ?? person.toLowerCase(),
        commits: count,
        lastCommitAt: last,
      }))
      .filter((one) => one.lastCommitAt >= since)
      .sort((a, b) => b.commits - a.commits || (a.id < b.id ? -1 : 1));
    const commits = contributors.reduce((sum, one) => sum + one.commits, 0);
    return {
      id,
      value: { commits, unlinked: 0, truncated: repository.truncated ?? false, contributors },
      missing: null,
    };
  }

  function profileOf(person: FakePerson): PersonProfile {
    return {
      name: null,
      email: null,
      emailSource: person.email == null ? null : "github.user.email",
      company: null,
      location: null,
      bio: null,
      status: null,
      websiteUrl: null,
      twitterUsername: null,
      isHireable: false,
      followers: 0,
      profileUrl: `https://fake.example/${person.login}`,
      createdAt: "2020-01-01T00:00:00.000Z",
      updatedAt: "2029-01-01T00:00:00.000Z",
      fetchedAt: options.fetchedAt?.() ?? "2030-01-01T00:00:00.000Z",
      ...person,
    };
  }
}

function recordOf(one: FakeRepository): RepositoryRecord {
  const { commits: _commits, truncated: _truncated, ...given } = one;
  return {
    name: `acme/${one.id.toLowerCase()}`,
    url: `https://fake.example/acme/${one.id.toLowerCase()}`,
    description: null,
    stars: 100,
    forks: 1,
    isArchived: false,
    isFork: false,
    isMirror: false,
    isTemplate: false,
    isEmpty: false,
    pushedAt: "2029-12-25T00:00:00.000Z",
    createdAt: "2020-06-15T12:00:00.000Z",
    language: "Go",
    topics: [],
    owner: { type: "organization", login: "acme", name: "Acme", websiteUrl: "https://acme.example" },
    ...given,
  };
}

function matches(one: RepositoryRecord, query: RepositoryQuery): boolean {
  const day = one.createdAt.slice(0, 10);
  return (
    (query.language === null || one.language === query.language) &&
    (query.topic === null || one.topics.includes(query.topic)) &&
    one.stars >= query.stars.min &&
    (query.stars.max === null || one.stars <= query.stars.max) &&
    (one.pushedAt ?? "").slice(0, 10) >= query.pushedSince &&
    (query.created === null || (day >= query.created.from && day <= query.created.to))
  );
}

function shuffled<T>(items: readonly T[], random: Random | undefined): T[] {
  const order = [...items];
  if (random === undefined) return order;
  for (let index = order.length - 1; index > 0; index -= 1) {
    const other = Math.floor(random() * (index + 1));
    [order[index], order[other]] = [order[other] as T, order[index] as T];
  }
  return order;
}

/** Answers of one request, which say so. */
function together<T>(answers: readonly SourceAnswer<T>[]): SourceAnswer<T>[] {
  return answers.map((answer, index) => (index + 1 < answers.length ? { ...answer, more: true } : answer));
}
