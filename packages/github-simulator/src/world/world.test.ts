import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createWorld, DEFAULT_AS_OF } from "./world.ts";

const DAY = 86_400_000;

describe("a world", () => {
  test("is the same for the same seed and size, in whatever order it is asked", () => {
    const one = createWorld({ seed: "spring", repositories: 300 });
    const other = createWorld({ seed: "spring", repositories: 300 });
    const indexes = Array.from({ length: 300 }, (_, index) => index);
    const forwards = indexes.map((index) =>
      JSON.stringify([one.repository(index), one.history(index).at(3)]),
    );
    const backwards = indexes
      .toReversed()
      .map((index) => JSON.stringify([other.repository(index), other.history(index).at(3)]));
    expect(forwards).toEqual(backwards.toReversed());
    expect(one.person(17)).toEqual(other.person(17));
  });

  test("is another one for another seed", () => {
    const names = (seed: number) => {
      const world = createWorld({ seed, repositories: 50 });
      return Array.from(
        { length: 50 },
        (_, index) => `${world.repository(index).nameWithOwner} ${world.repository(index).stars}`,
      );
    };
    expect(names(1).filter((name) => names(2).includes(name)).length).toBeLessThan(5);
  });

  test("lies before its today", () => {
    const world = createWorld({ repositories: 300 });
    for (let index = 0; index < 300; index += 1) {
      const repository = world.repository(index);
      expect(repository.pushedAt).toBeLessThanOrEqual(Date.parse(DEFAULT_AS_OF));
      expect(repository.createdAt).toBeLessThan(repository.pushedAt);
      const history = world.history(index);
      expect(history.at(0)?.committedAt).toBe(repository.pushedAt);
      expect(history.at(history.total - 1)?.committedAt).toBeGreaterThan(repository.createdAt);
      expect(history.at(history.total)).toBeNull();
    }
  });

  test("moves as a whole with its today", () => {
    const world = createWorld({ repositories: 50 });
    const later = createWorld({ repositories: 50, asOf: "2026-12-01T00:00:00Z" });
    expect(later.repository(7).pushedAt - world.repository(7).pushedAt).toBe(30 * DAY);
    expect(later.repository(7).nameWithOwner).toBe(world.repository(7).nameWithOwner);
  });

  test("has unique names that lead back to what they name", () => {
    const world = createWorld({ repositories: 4000 });
    const names = new Set<string>();
    for (let index = 0; index < world.accounts; index += 1) {
      const { login } = world.person(index);
      names.add(login);
      expect(world.personByLogin(login.toUpperCase())?.index).toBe(index);
    }
    for (let index = 0; index < world.organizations; index += 1) {
      const { login } = world.organization(index);
      names.add(login);
      expect(world.organizationByLogin(login)?.index).toBe(index);
    }
    expect(names.size).toBe(world.accounts + world.organizations);
    const repositories = new Set<string>();
    for (let index = 0; index < world.repositories; index += 1) {
      const { owner, name, nameWithOwner } = world.repository(index);
      repositories.add(nameWithOwner);
      expect(world.repositoryByName(owner.login, name)?.index).toBe(index);
    }
    expect(repositories.size).toBe(world.repositories);
  });

  test("does not know names that it did not give", () => {
    const world = createWorld({ repositories: 50 });
    fc.assert(
      fc.property(fc.string(), (name) => {
        const person = world.personByLogin(name);
        expect(person === null || person.login === name.toLowerCase()).toBe(true);
        const organization = world.organizationByLogin(name);
        expect(organization === null || organization.login === name.toLowerCase()).toBe(true);
        expect(world.repositoryByName(name, name)).toBeNull();
      }),
    );
    expect(world.personByLogin("mira-solvanger0")).toBeNull();
    expect(world.repositoryByName("nobody", world.repository(0).name)).toBeNull();
  });

  test("has no mailbox outside the reserved names and the noreply form", () => {
    const world = createWorld({ repositories: 1000 });
    for (let index = 0; index < world.people; index += 1) {
      const { email } = world.person(index);
      expect(email).toMatch(
        /^$|\.(example|test|invalid)$|@users\.noreply\.github\.com$|@localhost$|@$|\[dot\] example$/i,
      );
    }
  });

  test("has people of every kind that a campaign has to tell apart", () => {
    const world = createWorld({ repositories: 400 });
    const people = Array.from({ length: world.people }, (_, index) => world.person(index));
    const share = (accepts: (person: (typeof people)[number]) => boolean) =>
      people.filter(accepts).length / people.length;
    expect(share(({ email }) => email === "")).toBeGreaterThan(0.2);
    expect(share(({ email }) => email.endsWith(".example"))).toBeGreaterThan(0.4);
    expect(share(({ email }) => email.includes("noreply"))).toBeGreaterThan(0.03);
    expect(share(({ email }) => /\.(test|invalid)$/.test(email))).toBeGreaterThan(0.02);
    expect(share(({ email }) => /^(hello|team|contact|info|hi)@/.test(email))).toBeGreaterThan(0.03);
    expect(
      share(({ bio }) => /no recruiters|do not contact|no cold email|no unsolicited/i.test(bio ?? "")),
    ).toBeGreaterThan(0.03);
    expect(share(({ bio }) => /^[=+@\-\t]/.test(bio ?? ""))).toBeGreaterThan(0.01);
    expect(share(({ bio, name }) => /[\u0080-\uffff]/.test(`${bio}${name}`))).toBeGreaterThan(0.2);
  });

  test("has people who are active in several repositories, and repositories with more than a hundred commits", () => {
    const world = createWorld({ repositories: 200 });
    const since = world.asOfMs - 90 * DAY;
    const activeIn = new Map<number, number>();
    let busy = 0;
    for (let index = 0; index < world.repositories; index += 1) {
      const history = world.history(index);
      const count = history.countSince(since);
      if (count > 100) busy += 1;
      const authors = new Set(
        Array.from({ length: count }, (_, position) => history.at(position)?.author ?? -1),
      );
      for (const author of authors) activeIn.set(author, (activeIn.get(author) ?? 0) + 1);
    }
    expect(busy).toBeGreaterThan(10);
    expect(
      [...activeIn].filter(([author, count]) => author >= 0 && author < world.people && count > 1).length,
    ).toBeGreaterThan(50);
    expect(activeIn.has(-1)).toBe(true);
  });

  test("counts commits since a time as a walk through them does", () => {
    const world = createWorld({ repositories: 60 });
    fc.assert(
      fc.property(fc.nat(59), fc.integer({ min: 0, max: 4000 }), (index, days) => {
        const history = world.history(index);
        const since = world.asOfMs - days * DAY;
        let walked = 0;
        while ((history.at(walked)?.committedAt ?? Number.NEGATIVE_INFINITY) >= since) walked += 1;
        expect(history.countSince(since)).toBe(walked);
      }),
      { numRuns: 50 },
    );
  });

  test("refuses sizes and days that make no world", () => {
    expect(() => createWorld({ repositories: 0 })).toThrow("whole number from 1");
    expect(() => createWorld({ asOf: "yesterday" })).toThrow("asOf must be an ISO time");
  });
});
