import type { PersonIdentity, RepositoryRecord, StoredValue } from "@cmo/engine";
import { describe, expect, it } from "vitest";
import { createLeadPeople } from "./lead-people.ts";

const people = createLeadPeople();
const pseudonymOf = (id: string) => `~${id.length}`;

const ada: PersonIdentity = {
  ids: ["U_ada"],
  logins: ["ada", "ada-l"],
  emails: ["ada@lovelace.example"],
  belongings: [{ id: "R_engine", shownName: "engine" }],
};

function repository(name: string, overrides: Partial<RepositoryRecord> = {}): RepositoryRecord {
  const login = name.split("/")[0] ?? "";
  return {
    id: `R_${name.split("/")[1]}`,
    name,
    url: `https://github.example/${name}`,
    description: `The ${name}`,
    stars: 7,
    forks: 1,
    isArchived: false,
    isFork: false,
    isMirror: false,
    isTemplate: false,
    isEmpty: false,
    pushedAt: "2030-01-02T03:04:05Z",
    createdAt: "2020-01-02T03:04:05Z",
    language: "Go",
    topics: ["engines"],
    owner: { type: "user", login, name: login, websiteUrl: null },
    ...overrides,
  };
}

const contributor = (login: string) => ({
  id: `U_${login}`,
  login,
  commits: 3,
  lastCommitAt: "2030-01-01T00:00:00Z",
});
const activity = (itemId: string, ...logins: string[]): StoredValue => ({
  kind: "activity",
  itemId,
  value: {
    activity: { commits: 9, unlinked: 0, truncated: false, contributors: logins.map(contributor) },
    missing: null,
  },
});
const profile = (login: string, email: string | null): StoredValue => ({
  kind: "profile",
  itemId: `U_${login}`,
  value: { profile: { id: `U_${login}`, login, email, name: "Somebody" }, missing: null },
});
const search = (...repositories: RepositoryRecord[]): StoredValue => ({
  kind: "search",
  itemId: "q0#0",
  value: { claimed: 2, next: null, repositories },
});

describe("People in the results of the lead agent", () => {
  it("are who contributed, and whose profile was read", () => {
    expect(people.peopleIn(activity("R_1", "ada", "bob"))).toEqual([
      { id: "U_ada", login: "ada", email: null },
      { id: "U_bob", login: "bob", email: null },
    ]);
    expect(people.peopleIn(profile("ada", "ada@lovelace.example"))).toEqual([
      { id: "U_ada", login: "ada", email: "ada@lovelace.example" },
    ]);
    for (const kind of ["profile", "activity", "search", "mail_domain", "preflight", "later"]) {
      expect(people.peopleIn({ kind, itemId: "x", value: null })).toEqual([]);
      const result = { kind, itemId: "x", value: { profile: 1, activity: [1], repositories: "none" } };
      expect(people.without(result, ada, pseudonymOf)).toBe(result);
      expect(people.about(result, ada)).toBeNull();
    }
  });

  it("keep their place without their name in what was done in a repository", () => {
    const result = activity("R_other", "bob", "ADA");
    expect(people.without(result, ada, pseudonymOf)).toEqual({
      ...activity("R_other"),
      value: {
        activity: {
          commits: 9,
          unlinked: 0,
          truncated: false,
          contributors: [contributor("bob"), { ...contributor("ADA"), id: "~5", login: "" }],
        },
        missing: null,
      },
    });
    const others = activity("R_other", "bob", "adam", "ada-lo");
    expect(people.without(others, ada, pseudonymOf)).toBe(others);
  });

  it("lose their repositories' names wherever these stand, and nobody else does", () => {
    const theirs = repository("ada/engine");
    const others = repository("adam/engine-room", {
      description: "by ada",
      owner: { type: "organization", login: "adam", name: "ada", websiteUrl: null },
    });
    const without = people.without(search(theirs, others), ada, pseudonymOf);
    expect(without?.value).toMatchObject({
      claimed: 2,
      repositories: [
        { id: "~8", name: "erased/erased", stars: 7, createdAt: "2020-01-02T00:00:00.000Z", topics: [] },
        others,
      ],
    });
    const alone = people.without(search(theirs), ada, pseudonymOf);
    expect(JSON.stringify(alone)).not.toMatch(/ada|engine/i);
    // What was done in it is found under the same new name, by a job that goes on.
    expect(people.without(activity("R_engine", "bob"), ada, pseudonymOf)).toEqual(activity("~8", "bob"));
    expect(people.belongingsIn(search(theirs, others), ada)).toEqual([
      { id: "R_engine", shownName: "engine" },
    ]);
  });

  it("take their profile with them, found or not, and the domain of an address that leads to them", () => {
    expect(people.without(profile("ada", null), ada, pseudonymOf)).toBeNull();
    expect(
      people.without(
        { kind: "profile", itemId: "U_ada", value: { profile: null, missing: "gone" } },
        ada,
        pseudonymOf,
      ),
    ).toBeNull();
    expect(people.without(profile("bob", "ada@lovelace.example"), ada, pseudonymOf)).not.toBeNull();
    expect(people.belongingsIn(profile("ada", "ada@lovelace.example"), ada)).toEqual([
      { id: "lovelace.example", shownName: null },
    ]);
    expect(people.belongingsIn(profile("ada", "ada@gmail.com"), ada)).toEqual([]);
    const domain = (itemId: string) => ({ kind: "mail_domain", itemId, value: "ok" });
    expect(people.without(domain("lovelace.example"), ada, pseudonymOf)).toBeNull();
    const free = domain("gmail.com");
    expect(people.without(free, { ...ada, emails: ["ada@gmail.com"] }, pseudonymOf)).toBe(free);
  });

  it("are told what is held about them", () => {
    expect(people.about(activity("R_other", "ada", "bob"), ada)).toEqual({
      repository: "R_other",
      contributions: [contributor("ada")],
    });
    expect(people.about(search(repository("bob/x")), ada)).toBeNull();
    expect(people.about(search(repository("Ada/x"), repository("bob/x")), ada)).toEqual({
      repositories: [repository("Ada/x")],
    });
  });
});
