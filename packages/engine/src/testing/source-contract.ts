import { describe, expect, it, onTestFinished } from "vitest";
import type {
  ActivityWindow,
  RepositoryPage,
  RepositoryQuery,
  RepositoryRecord,
  Source,
  SourceAnswer,
  SourceCall,
  ToolOutcome,
} from "../port/source.ts";

/** A source that was opened for one test, and what the test may know of its world. */
export interface SourceUnderTest {
  readonly source: Source;
  /** A search that matches more than 10 repositories, fewer than the source's window, some of them with contributors. */
  readonly query: RepositoryQuery;
  /** ISO instant that activity is asked from. */
  readonly activeSince: string;
  /** An id of no repository and no person. */
  readonly unknownId: string;
  /** Called when the test is over. */
  dispose?(): Promise<void>;
}

/** How a source is put under its contract. */
export interface SourceContractOptions {
  /** A new source over the same world each time; called once per test. */
  create(): Promise<SourceUnderTest>;
}

/** What every {@link Source} keeps, as tests. Call it at the top of a test file. */
export function describeSourceContract(name: string, { create }: SourceContractOptions): void {
  async function open(): Promise<SourceUnderTest & { window: ActivityWindow }> {
    const opened = await create();
    onTestFinished(async () => opened.dispose?.());
    return { ...opened, window: { since: opened.activeSince, commitsPerRepository: 100, deep: false } };
  }

  describe(`${name} keeps the contract of a source`, () => {
    it("says how it wants to be asked", async () => {
      const { source } = await open();
      expect(source.id).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(source.concurrency).toBeGreaterThanOrEqual(1);
      expect(source.searchWindow).toBeGreaterThanOrEqual(1);
      for (const kind of ["activity", "people"] as const) {
        expect(source.batchSize(kind)).toBeGreaterThanOrEqual(1);
        expect(Number.isInteger(source.batchSize(kind))).toBe(true);
      }
    });

    it("checks its credentials, and names what answers depend on", async () => {
      const { source } = await open();
      const { viewer, notes } = await source.preflight(openTestCall().call);
      expect(viewer).not.toBe("");
      expect((await source.preflight(openTestCall().call)).viewer).toBe(viewer);
      for (const note of notes) expect(note.message).not.toBe("");
    });

    it("gives as many repositories as a page may have, by stars, most first", async () => {
      const { source, query } = await open();
      const page = await source.searchRepositories(query, { first: 10, after: null }, openTestCall().call);
      expect(page.repositories).toHaveLength(10);
      expect(page.claimed).toBeGreaterThan(10);
      expect(page.next).not.toBeNull();
      const stars = page.repositories.map((one) => one.stars);
      expect(stars).toEqual(stars.toSorted((a, b) => b - a));
      for (const repository of page.repositories) expectRepository(repository, query);
      const one = await source.searchRepositories(query, { first: 1, after: null }, openTestCall().call);
      expect(one.repositories).toEqual(page.repositories.slice(0, 1));
    });

    it("gives every repository once through the cursors, and ends with none", async () => {
      const { source, query } = await open();
      const { pages, repositories } = await searchAll(source, query, 7);
      const ids = repositories.map((one) => one.id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBe(pages[0]?.claimed);
      expect(pages.at(-1)?.next).toBeNull();
      for (const page of pages) expect(page.repositories.length).toBeLessThanOrEqual(7);
      const again = await searchAll(source, query, 100);
      expect(new Set(again.repositories.map((one) => one.id))).toEqual(new Set(ids));
    });

    it("gives no page and no cursor for what nothing matches", async () => {
      const { source, query } = await open();
      const nothing = { ...query, stars: { min: 900_000_000, max: 900_000_001 } };
      expect(
        await source.searchRepositories(nothing, { first: 10, after: null }, openTestCall().call),
      ).toEqual({ claimed: 0, repositories: [], next: null });
    });

    it("answers who was active in each repository exactly once", async () => {
      const { source, query, window } = await open();
      const { repositories } = await searchAll(source, query, 100);
      const ids = repositories.filter((one) => !one.isEmpty).map((one) => one.id);
      const answers = await collect(source.repositoryActivity(ids, window, openTestCall().call));
      expect(sortedIds(answers)).toEqual(ids.toSorted());
      const activities = answers.flatMap(({ value }) => (value === null ? [] : [value]));
      expect(activities.some((one) => one.contributors.length > 0)).toBe(true);
      for (const { commits, contributors, unlinked } of activities) {
        expect(commits).toBeGreaterThanOrEqual(unlinked);
        const counts = contributors.map((one) => one.commits);
        expect(counts).toEqual(counts.toSorted((a, b) => b - a));
        expect(new Set(contributors.map((one) => one.id)).size).toBe(contributors.length);
        for (const one of contributors) {
          expect(Date.parse(one.lastCommitAt)).toBeGreaterThanOrEqual(Date.parse(window.since));
          expect(one.commits).toBeGreaterThanOrEqual(1);
        }
      }
    });

    it("S28 answers for an unknown id that it is missing, and for the others as ever", async () => {
      const { source, query, window, unknownId } = await open();
      const people = await findPeople(source, query, window);
      const ids = [...people.slice(0, 3), unknownId, ...people.slice(3, 5)];
      const answers = await collect(source.people(ids, openTestCall().call));
      expect(sortedIds(answers)).toEqual(ids.toSorted());
      expect(answers.find((one) => one.id === unknownId)).toMatchObject({ value: null, missing: "gone" });
      const [repository] = (await searchAll(source, query, 100)).repositories;
      const activity = await collect(
        source.repositoryActivity([unknownId, repository?.id ?? ""], window, openTestCall().call),
      );
      expect(activity.find((one) => one.id === unknownId)).toMatchObject({ value: null, missing: "gone" });
      expect(activity).toHaveLength(2);
    });

    it("S30 gives people with what they published, and null for what is empty", async () => {
      const { source, query, window } = await open();
      const ids = await findPeople(source, query, window);
      const answers = await collect(source.people(ids, openTestCall().call));
      expect(sortedIds(answers)).toEqual(ids.toSorted());
      const profiles = answers.flatMap(({ value }) => (value === null ? [] : [value]));
      expect(profiles.length).toBeGreaterThan(0);
      for (const profile of profiles) {
        for (const [key, value] of Object.entries(profile)) {
          if (typeof value === "string") expect(value.trim(), `${profile.login}.${key}`).not.toBe("");
        }
        expect(profile.email === null).toBe(profile.emailSource === null);
        expect(Number.isNaN(Date.parse(profile.fetchedAt))).toBe(false);
        expect(profile.profileUrl).toMatch(/^https?:\/\//);
      }
    });

    it("asks nothing for no ids", async () => {
      const { source, window } = await open();
      const test = openTestCall();
      expect(await collect(source.people([], test.call))).toEqual([]);
      expect(await collect(source.repositoryActivity([], window, test.call))).toEqual([]);
      expect(test.started).toEqual([]);
    });

    it("closes every tool call that it opens, once, with what it cost", async () => {
      const { source, query } = await open();
      const test = openTestCall();
      await source.searchRepositories(query, { first: 10, after: null }, test.call);
      expect(test.started.length).toBeGreaterThan(0);
      expect(test.completed).toHaveLength(test.started.length);
      for (const outcome of test.completed) expect(outcome).toMatchObject({ ok: true, error: null });
    });

    it("stops at once, with cancelled, when its signal aborts or has aborted", async () => {
      const { source, query, window } = await open();
      const ids = (await searchAll(source, query, 100)).repositories.map((one) => one.id);
      const people = await findPeople(source, query, window);
      const asks: ((call: SourceCall) => Promise<unknown>)[] = [
        (call) => source.searchRepositories(query, { first: 10, after: null }, call),
        (call) => collect(source.repositoryActivity(ids, window, call)),
        (call) => collect(source.people(people, call)),
      ];
      for (const ask of asks) {
        const before = openTestCall();
        before.abort();
        await expect(ask(before.call)).rejects.toMatchObject({ code: "cancelled" });
        expect(before.started).toEqual([]);
        const during = openTestCall();
        // Aborted as soon as the first request is under way.
        during.onStart(during.abort);
        await expect(ask(during.call)).rejects.toMatchObject({ code: "cancelled" });
        expect(during.completed).toHaveLength(during.started.length);
      }
    });
  });
}

/** A call without an engine: keeps what the source tells. */
function openTestCall() {
  const controller = new AbortController();
  const started: string[] = [];
  const completed: ToolOutcome[] = [];
  let onStart = () => {};
  const call: SourceCall = {
    signal: controller.signal,
    startTool(tool) {
      started.push(tool);
      onStart();
      return { complete: (outcome) => void completed.push(outcome) };
    },
    recall: async () => new Map(),
    emit() {},
  };
  return {
    call,
    started,
    completed,
    abort: () => controller.abort(),
    onStart(listener: () => void) {
      onStart = listener;
    },
  };
}

async function searchAll(source: Source, query: RepositoryQuery, first: number) {
  const pages: RepositoryPage[] = [];
  let after: string | null = null;
  do {
    const page: RepositoryPage = await source.searchRepositories(
      query,
      { first, after },
      openTestCall().call,
    );
    pages.push(page);
    after = page.next;
  } while (after !== null && pages.length < 1_000);
  return { pages, repositories: pages.flatMap((page) => page.repositories) };
}

async function findPeople(source: Source, query: RepositoryQuery, window: ActivityWindow): Promise<string[]> {
  const { repositories } = await searchAll(source, query, 100);
  const ids = repositories.filter((one) => !one.isEmpty).map((one) => one.id);
  const answers = await collect(source.repositoryActivity(ids, window, openTestCall().call));
  const people = answers.flatMap(({ value }) => value?.contributors.map((one) => one.id) ?? []);
  return [...new Set(people)].slice(0, 150);
}

async function collect<T>(answers: AsyncIterable<SourceAnswer<T>>): Promise<SourceAnswer<T>[]> {
  const collected: SourceAnswer<T>[] = [];
  for await (const answer of answers) collected.push(answer);
  return collected;
}

function sortedIds(answers: readonly { readonly id: string }[]): string[] {
  return answers.map((answer) => answer.id).toSorted();
}

function expectRepository(repository: RepositoryRecord, query: RepositoryQuery): void {
  expect(repository.id).not.toBe("");
  expect(repository.name).toMatch(/^[^/]+\/[^/]+$/);
  expect(repository.stars).toBeGreaterThanOrEqual(query.stars.min);
  if (query.stars.max !== null) expect(repository.stars).toBeLessThanOrEqual(query.stars.max);
  if (query.language !== null) expect(repository.language).toBe(query.language);
  for (const text of [repository.description, repository.owner.name, repository.owner.websiteUrl]) {
    expect(text === null || text !== "").toBe(true);
  }
}
