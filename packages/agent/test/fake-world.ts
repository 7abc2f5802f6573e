import type { Random } from "@cmo/engine";
import { seededRandom } from "@cmo/engine/testing";
import type { FakePerson, FakeRepository, FakeWorld } from "./fake-source.ts";

/** What a made-up world is like. */
export interface FakeWorldOptions {
  seed?: number;
  repositories?: number;
  people?: number;
}

const bios = [
  null,
  null,
  null,
  "Likes small tools",
  "No recruiters, please.",
  "=1+1",
  "I work at a recruiting company",
];
const companies = [null, "@acme", "Acme", "Widget Works", "Solo Person Ltd"];
const domains = ["mail.example", "gmail.com", "acme.example", "nomail.test", "users.noreply.github.com"];

/** A world in which every rule of the agent meets somebody. The same seed gives the same world. */
export function createFakeWorld({
  seed = 1,
  repositories = 130,
  people = 90,
}: FakeWorldOptions = {}): FakeWorld {
  const random = seededRandom(seed);
  const world = {
    people: Array.from({ length: people }, (_, index) => personOf(index, random)),
    repositories: Array.from({ length: repositories }, (_, index) => repositoryOf(index, people, random)),
  };
  // Some of those who committed have left since.
  return { ...world, people: world.people.filter((_person, index) => index % 23 !== 7) };
}

function personOf(index: number, random: Random): FakePerson {
  const login = index % 19 === 3 ? `helper-${index}-bot` : index === 5 ? "ghost" : `person${index}`;
  const domain = pick(domains, random);
  const address = random() < 0.7 ? `${login}@${domain}` : random() < 0.5 ? "not an address" : null;
  return {
    id: `U_${index}`,
    login,
    name: `Person ${index}`,
    email: address,
    bio: pick(bios, random),
    company: pick(companies, random),
    location: pick([null, "Berlin", "berlin", `Place ${index}`], random),
    websiteUrl: random() < 0.3 ? `https://${domain}` : null,
    isHireable: random() < 0.2,
    followers: Math.floor(random() * 100),
  };
}

function repositoryOf(index: number, people: number, random: Random): FakeRepository {
  const active = new Set(
    Array.from({ length: Math.floor(random() * 8) }, () => Math.floor(random() * people)),
  );
  return {
    id: `R_${index}`,
    stars: 100 + Math.floor(random() * 5_000),
    isArchived: index % 31 === 2,
    isFork: index % 37 === 3,
    topics: pick([["cli"], ["web"], ["cli", "web"], [], ["tutorial", "cli"]], random),
    language: pick(["Go", "Go", "Rust"], random),
    createdAt: `20${String(10 + Math.floor(random() * 19)).padStart(2, "0")}-0${1 + Math.floor(random() * 9)}-15T00:00:00.000Z`,
    truncated: index % 41 === 1,
    commits: [...active].map((person) => ({
      person: `U_${person}`,
      count: 1 + Math.floor(random() * 40),
      last: `2029-12-${10 + Math.floor(random() * 20)}T10:00:00.000Z`,
    })),
  };
}

function pick<T>(items: readonly T[], random: Random): T {
  return items[Math.floor(random() * items.length)] as T;
}
