import type { RepositoryRecord } from "@cmo/engine";
import { describe, expect, it, test } from "vitest";
import { specOf } from "../../test/campaign.ts";
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

describe("the ledger of people", () => {
  it("keeps so many people per repository, each once, with everything they did", () => {
    const ledger = createPeopleLedger(spec);
    expect(ledger.take(opened("a", { ada: 9, bob: 5, cyd: 1 })).map(({ id }) => id)).toEqual([
      "U_ada",
      "U_bob",
    ]);
    expect(ledger.take(opened("b", { cyd: 7, ada: 6, bob: 1 })).map(({ id }) => id)).toEqual(["U_cyd"]);
    expect(ledger.candidates()).toBe(3);
    expect(
      ledger.contributionsOf("U_cyd").map(({ repository, commits }) => [repository.id, commits]),
    ).toEqual([
      ["b", 7],
      ["a", 1],
    ]);
    expect(ledger.drops()).toEqual({});
  });

  it("counts those over the limit, machines and placeholders once each, and repositories without an answer", () => {
    const ledger = createPeopleLedger(spec);
    ledger.take(
      opened("a", { "dependabot[bot]": 90, ghost: 8, ada: 3, bob: 2, cyd: 1 }, { truncated: true }),
    );
    ledger.take(opened("b", { "dependabot[bot]": 9, cyd: 1, dan: 1, eve: 1 }));
    ledger.take({ ...opened("c", {}), activity: null, missing: "gone" });
    expect(ledger.candidates()).toBe(4);
    expect(ledger.opened()).toBe(2);
    expect(ledger.truncated()).toBe(1);
    expect(ledger.drops()).toEqual({
      bot: 1,
      over_people_per_repo: 1,
      placeholder_account: 1,
      repository_gone: 1,
    });
  });

  it("orders equal contributions by the repository's name, whatever came first", () => {
    const order = (names: string[]) => {
      const ledger = createPeopleLedger(spec);
      for (const name of names) ledger.take(opened(name, { ada: 3 }));
      return ledger.contributionsOf("U_ada").map(({ repository }) => repository.name);
    };
    expect(order(["b", "c", "a"])).toEqual(["acme/a", "acme/b", "acme/c"]);
    expect(order(["a", "b", "c"])).toEqual(order(["c", "b", "a"]));
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
