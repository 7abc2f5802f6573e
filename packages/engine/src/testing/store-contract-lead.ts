import { describe, expect, it } from "vitest";
import type { Lead } from "../lead/lead.ts";
import { type LeadFilter, leadSortKeys } from "../port/lead-filter.ts";
import { matchingLeads, selectLeads } from "../store/lead-selection.ts";
import { buildNewJob, queuedDraft } from "./build-job.ts";
import { buildLead } from "./build-lead.ts";
import { seededRandom } from "./seeded-random.ts";
import type { StoreUnderTest } from "./store-contract.ts";

/** What a store keeps about leads. */
export function describeLeads(open: () => Promise<StoreUnderTest>): void {
  describe("leads", () => {
    it("replaces all leads of a job and of no other, and gives them by rank in pages", async () => {
      const { store } = await open();
      for (const id of ["a", "b"]) await store.createJob(buildNewJob({ id }), [queuedDraft]);
      const leads = [1, 2, 3, 4, 5].map((rank) => buildLead({ rank, contactable: rank % 2 === 1 }));
      await store.updateJob("a", () => ({ leads: [buildLead({ rank: 9, login: "old" })] }));
      await store.updateJob("b", () => ({ leads: leads.slice(0, 1) }));
      await store.updateJob("a", () => ({ clearLeads: true, leads }));
      const page = async (filter: Parameters<typeof store.readLeads>[1]) =>
        (await store.readLeads("a", filter)).map((lead) => lead.rank);
      expect(await store.readLeads("a", { limit: 10_000 })).toEqual(leads);
      expect(await page({ afterRank: 0, limit: 2 })).toEqual([1, 2]);
      expect(await page({ afterRank: 2, limit: 2 })).toEqual([3, 4]);
      expect(await page({ afterRank: 4, limit: 2 })).toEqual([5]);
      expect(await page({ afterRank: 5, limit: 2 })).toEqual([]);
      expect(await page({ afterRank: 0, limit: 9, contactable: true })).toEqual([1, 3, 5]);
      expect(await page({ afterRank: 1, limit: 1, contactable: true })).toEqual([3]);
      expect(await page({ afterRank: 0, limit: 9, contactable: false })).toEqual([2, 4]);
      expect(await store.readLeads("b", { afterRank: 0, limit: 9 })).toEqual(leads.slice(0, 1));
    });

    it("keeps the leads when a change says nothing of them or puts none in, and drops them when it says so", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      await store.updateJob("a", () => ({ leads: [buildLead()] }));
      await store.updateJob("a", () => ({ patch: { attempt: 1 } }));
      expect(await store.readLeads("a", { afterRank: 0, limit: 9 })).toEqual([buildLead()]);
      await store.updateJob("a", () => ({ leads: [] }));
      expect(await store.readLeads("a", { limit: 9 })).toEqual([buildLead()]);
      await store.updateJob("a", () => ({ clearLeads: true }));
      expect(await store.readLeads("a", { afterRank: 0, limit: 9 })).toEqual([]);
    });

    it("gives leads by rank in whatever order they were written", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      await store.updateJob("a", () => ({ leads: [3, 1, 2].map((rank) => buildLead({ rank })) }));
      const leads = await store.readLeads("a", { afterRank: 0, limit: 9 });
      expect(leads.map((lead) => lead.rank)).toEqual([1, 2, 3]);
    });

    it("puts leads in beside those that are there, and in their place when a change says so", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      const write = (ranks: readonly number[], clearLeads: boolean) =>
        store.updateJob("a", () => ({ clearLeads, leads: ranks.map((rank) => buildLead({ rank })) }));
      const ranks = async () => (await store.readLeads("a", { limit: 10_000 })).map((lead) => lead.rank);
      await write([1, 2], true);
      await write([3, 4], false);
      await write([5], false);
      expect(await ranks()).toEqual([1, 2, 3, 4, 5]);
      expect(await store.countLeads("a", {})).toBe(5);
      await write([7], true);
      await write([8], false);
      expect(await ranks()).toEqual([7, 8]);
    });

    it("has what is null last in both directions, and ties by rank", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      const companies = [null, "beta", "Alpha", null, "beta", "alpha"];
      await store.updateJob("a", () => ({
        leads: companies.map((company, index) => buildLead({ rank: index + 1, company })),
      }));
      const ranks = async (descending: boolean, page: Partial<LeadFilter> = {}) => {
        const sort = { by: "company" as const, descending };
        return (await store.readLeads("a", { limit: 10, ...page, sort })).map((lead) => lead.rank);
      };
      expect(await ranks(false)).toEqual([3, 6, 2, 5, 1, 4]);
      expect(await ranks(true)).toEqual([2, 5, 3, 6, 1, 4]);
      expect(await ranks(false, { skip: 2, limit: 2 })).toEqual([2, 5]);
      expect(await ranks(false, { skip: 5, limit: 2 })).toEqual([4]);
      expect(await ranks(false, { skip: 6 })).toEqual([]);
    });

    it("has texts by code point, ASCII letters as lower case and all others as they are", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      const names = [
        "\u{1f469}",
        "\uffe5",
        "z",
        "Z",
        "\u00e9",
        "\u00c9",
        "a",
        "_",
        "B",
        "b a",
        "",
        "\u{10000}",
      ];
      await store.updateJob("a", () => ({
        leads: names.map((name, index) => buildLead({ rank: index + 1, name })),
      }));
      const sorted = await store.readLeads("a", { limit: 99, sort: { by: "name", descending: false } });
      expect(sorted.map((lead) => lead.name)).toEqual([
        "",
        "_",
        "a",
        "B",
        "b a",
        "z",
        "Z",
        "\u00c9",
        "\u00e9",
        "\uffe5",
        "\u{10000}",
        "\u{1f469}",
      ]);
    });

    it("searches in login, name, address, company, location and bio, and nowhere else", async () => {
      const { store } = await open();
      await store.createJob(buildNewJob({ id: "a" }), [queuedDraft]);
      const places: Partial<Lead>[] = [
        { login: "x-NEEDLE-x" },
        { name: "Needle" },
        { email: "needle@works.example" },
        { company: "A neeDle" },
        { location: "needle" },
        { bio: "100% needle_" },
        { websiteUrl: "https://needle.example", emailSource: "needle", twitterUsername: "needle" },
      ];
      await store.updateJob("a", () => ({
        leads: places.map((place, index) => buildLead({ rank: index + 1, ...place })),
      }));
      const found = async (search: string) =>
        (await store.readLeads("a", { limit: 99, search })).map((lead) => lead.rank);
      expect(await found("nEEdle")).toEqual([1, 2, 3, 4, 5, 6]);
      expect(await store.countLeads("a", { search: "NEEDLE" })).toBe(6);
      expect(await found("0% needle_")).toEqual([6]);
      expect(await found("n%le")).toEqual([]);
      expect(await found("n_edle")).toEqual([]);
      expect(await found("'")).toEqual([]);
      expect(await found("")).toHaveLength(places.length);
    });

    it("answers as the rule says, whatever the leads and whatever is asked", async () => {
      const { store } = await open();
      const random = seededRandom(31);
      for (let round = 0; round < 12; round += 1) {
        const jobId = `job-${round}`;
        await store.createJob(buildNewJob({ id: jobId }), [queuedDraft]);
        const leads = Array.from({ length: 1 + Math.floor(random() * 30) }, (_, index) =>
          anyLead(random, index + 1),
        );
        for (let from = 0; from < leads.length; from += 11) {
          await store.updateJob(jobId, () => ({
            clearLeads: from === 0,
            leads: leads.slice(from, from + 11),
          }));
        }
        for (let asked = 0; asked < 25; asked += 1) {
          const filter = anyFilter(random);
          expect(await store.readLeads(jobId, filter), JSON.stringify(filter)).toEqual(
            selectLeads(leads, filter),
          );
          const { contactable, minScore, search } = filter;
          const selection = defined({ contactable, minScore, search });
          expect(await store.countLeads(jobId, selection), JSON.stringify(filter)).toBe(
            matchingLeads(leads, selection).length,
          );
        }
      }
    });
  });
}

const words = [
  "ada",
  "Ada",
  "ADA",
  "bob",
  "B\u00e9a",
  "\u00c9va",
  "",
  "\uffe5",
  "\u{1f469}",
  "a_b",
  "a%b",
  "z'",
];

function anyLead(random: () => number, rank: number): Lead {
  const word = () => words[Math.floor(random() * words.length)] ?? "";
  const maybe = () => (random() < 0.3 ? null : `${word()}${word()}`);
  const few = (count: number) => Math.floor(random() * count);
  return buildLead({
    rank,
    login: `${word()}-${few(9)}`,
    name: maybe(),
    email: maybe(),
    company: maybe(),
    location: maybe(),
    bio: maybe(),
    contactable: random() < 0.5,
    score: few(4) + few(2) / 2,
    scoreFit: few(3),
    scoreActivity: few(3),
    scoreReachability: few(3),
    followers: few(3) * 10 ** few(7),
    commits: few(5),
    lastActiveAt: new Date(few(3) * 86_400_000).toISOString(),
  });
}

function anyFilter(random: () => number): LeadFilter {
  const sometimes = <T>(value: T): T | undefined => (random() < 0.4 ? value : undefined);
  const by = leadSortKeys[Math.floor(random() * leadSortKeys.length)] ?? "rank";
  const optional = {
    contactable: sometimes(random() < 0.5),
    minScore: sometimes(Math.floor(random() * 9) / 2),
    search: sometimes(words[Math.floor(random() * words.length)] ?? ""),
    afterRank: sometimes(Math.floor(random() * 20)),
    skip: sometimes(Math.floor(random() * 8)),
    sort: sometimes({ by, descending: random() < 0.5 }) ?? sometimes({ by, descending: true }),
  };
  return { limit: 1 + Math.floor(random() * 20), ...defined(optional) };
}

function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
