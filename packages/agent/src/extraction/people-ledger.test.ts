import type { RepositoryRecord } from "@cmo/engine";
import { describe, expect, it, test } from "vitest";
import { specOf } from "../../test/campaign.ts";
import { factsOf, repositoryFacts } from "../discovery/repository-facts.ts";
import { createWorkingMemory } from "../memory/working-memory.ts";
import { readContributions } from "./contribution.ts";
import type { OpenedRepository } from "./extract.ts";
import { machineAccountReason } from "./machine-account.ts";
import { createPeopleLedger } from "./people-ledger.ts";

const spec = specOf({ limits: { people_per_repo: 2 } });

function opened(
  id: string,
  people: Record<string, number>,
  more: { truncated?: boolean } = {},
): OpenedRepository {
  const contributors = Object.entries(people).map(([login, commits]) => ({
    id: `U_${login}`,
    login,
    commits,
    lastCommitAt: "2029-12-20T00:00:00.000Z",
  }));
  return {
    repository: { id, name: `acme/${id}` } as RepositoryRecord,
    activity: { commits: 1, unlinked: 0, truncated: more.truncated ?? false, contributors },
    missing: null,
  };
}

/** A ledger that begins anew, from what it has kept, before each page. */
function openLedger(of = spec) {
  const records = new Map<string, unknown>();
  const memory = createWorkingMemory({
    restored: () => null,
    async save(_state, changes = []) {
      for (const { collection, key, value } of changes) {
        records.set(`${collection} ${key}`, JSON.parse(JSON.stringify(value)));
      }
    },
    read: async (collection, keys) =>
      new Map(
        keys.flatMap((key) => {
          const value = records.get(`${collection} ${key}`);
          return value === undefined ? [] : [[key, value]];
        }),
      ),
    async *scan() {},
  });
  let ledger = createPeopleLedger(of, memory);
  return {
    async take(...page: OpenedRepository[]) {
      const { candidates, changes } = await ledger.take(page);
      const facts = page.map(({ repository }) => repositoryFacts.put(repository.id, factsOf(repository)));
      await memory.save(null, [...changes, ...facts]);
      ledger = createPeopleLedger(of, memory, JSON.parse(JSON.stringify(ledger.counts())));
      return candidates.map(({ id }) => id);
    },
    contributionsOf: async (id: string) => (await readContributions(memory, [id])).get(id) ?? [],
    counts: () => ledger.counts(),
    drops: () => ledger.drops(),
  };
}

describe("the ledger of people", () => {
  it("keeps so many people per repository, each once, with everything they did", async () => {
    const ledger = openLedger();
    expect(await ledger.take(opened("a", { ada: 9, bob: 5, cyd: 1 }))).toEqual(["U_ada", "U_bob"]);
    expect(await ledger.take(opened("b", { cyd: 7, ada: 6, bob: 1 }))).toEqual(["U_cyd"]);
    expect(ledger.counts().candidates).toBe(3);
    expect(
      (await ledger.contributionsOf("U_cyd")).map(({ repository, commits }) => [repository.id, commits]),
    ).toEqual([
      ["b", 7],
      ["a", 1],
    ]);
    expect(ledger.drops()).toEqual({});
  });

  it("counts those over the limit, machines and placeholders once each, and repositories without an answer", async () => {
    const ledger = openLedger();
    await ledger.take(
      opened("a", { "dependabot[bot]": 90, ghost: 8, ada: 3, bob: 2, cyd: 1 }, { truncated: true }),
    );
    await ledger.take(opened("b", { "dependabot[bot]": 9, cyd: 1, dan: 1, eve: 1 }));
    await ledger.take({ ...opened("c", {}), activity: null, missing: "gone" });
    expect(ledger.counts()).toMatchObject({ candidates: 4, opened: 2, truncated: 1 });
    expect(ledger.drops()).toEqual({
      bot: 1,
      over_people_per_repo: 1,
      placeholder_account: 1,
      repository_gone: 1,
    });
  });

  it("counts a machine by the last name that it was seen under", async () => {
    const ledger = openLedger();
    const machine = (repository: string, login: string) => {
      const { activity, ...rest } = opened(repository, { [login]: 3 });
      const contributors = (activity?.contributors ?? []).map((one) => ({ ...one, id: "U_1" }));
      return { ...rest, activity: activity === null ? null : { ...activity, contributors } };
    };
    await ledger.take(machine("a", "ghost"));
    expect(ledger.drops()).toEqual({ placeholder_account: 1 });
    await ledger.take(machine("b", "helper-bot"));
    await ledger.take(machine("c", "helper-bot"));
    expect(ledger.drops()).toEqual({ bot: 1 });
    expect(await ledger.take(machine("d", "ada"))).toEqual(["U_1"]);
    expect(ledger.drops()).toEqual({ bot: 1 });
  });

  it("orders equal contributions by the repository's name, whatever came first", async () => {
    const order = async (names: string[]) => {
      const ledger = openLedger();
      await ledger.take(...names.map((name) => opened(name, { ada: 3 })));
      return (await ledger.contributionsOf("U_ada")).map(({ repository }) => repository.name);
    };
    expect(await order(["b", "c", "a"])).toEqual(["acme/a", "acme/b", "acme/c"]);
    expect(await order(["a", "b", "c"])).toEqual(await order(["c", "b", "a"]));
  });
});

describe("an account", () => {
  test.each([
    ["ghost", "placeholder_account"],
    ["invalid-email-address", "placeholder_account"],
    ["web-flow", "placeholder_account"],
    ["renovate[bot]", "bot"],
    ["Dependabot-Preview", "bot"],
    ["renovate-acme", "bot"],
    ["nightly-build-bot", "bot"],
    ["acme_bot", "bot"],
    ["copilot-swe-agent", "bot"],
    ["abbott", null],
    ["robotnik", null],
    ["renovator", null],
    ["talbot", null],
    ["ghostwriter", null],
  ])("%s is nobody because of %s", (login, reason) => {
    expect(machineAccountReason(login)).toBe(reason);
  });
});
