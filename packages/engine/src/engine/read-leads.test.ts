import { describe, expect, it } from "vitest";
import { createTestEngine, type TestEngine } from "../../test/support/test-engine.ts";
import type { SuppressionEntry } from "../config/suppress-entry.ts";
import type { Lead } from "../lead/lead.ts";
import type { Agent } from "../port/agent.ts";
import type { Digest } from "../port/digest.ts";
import { buildLead } from "../testing/build-lead.ts";
import { testDigest } from "../testing/test-digest.ts";
import type { LeadPage, LeadPageQuery } from "./lead-page.ts";
import type { LeadQuery } from "./read-leads.ts";

function agentWith(leads: readonly Lead[]): Agent {
  return {
    name: "test",
    version: "1",
    plan: () => ["export"],
    run: (_spec, context) => context.writeLeads(leads),
  };
}

async function ranksOf(test: TestEngine, jobId: string, filter?: LeadQuery): Promise<number[]> {
  const ranks: number[] = [];
  for await (const lead of test.engine.leads(jobId, filter)) ranks.push(lead.rank);
  return ranks;
}

const leads = [
  buildLead({ rank: 1 }),
  buildLead({ rank: 2, login: "Ada", email: "ada@Mixed.Example" }),
  buildLead({ rank: 3, nodeId: "U_special" }),
  buildLead({ rank: 4, email: "someone@elsewhere.example", contactable: false }),
  buildLead({ rank: 5, email: null, contactable: false }),
];

describe("the leads of a job", () => {
  it("S31 are without those who were suppressed since, by login, id, address or domain, in the summary too", async () => {
    const test = createTestEngine(agentWith(leads));
    const { jobId } = await test.until(test.engine.runInproc(test.spec()));
    const id = jobId ?? "";
    expect(await ranksOf(test, id)).toEqual([1, 2, 3, 4, 5]);
    const entries: SuppressionEntry[] = [
      { kind: "login", value: "ADA" },
      { kind: "id", value: "U_special" },
      { kind: "domain", value: "elsewhere.example" },
    ];
    const hashes = await test.engine.hashSuppression(entries);
    await test.store.addSuppressed(hashes);
    expect(await ranksOf(test, id)).toEqual([1, 5]);
    expect((await test.engine.summary(id)).topProspects.map((one) => one.rank)).toEqual([1, 5]);
    await test.store.removeSuppressed(hashes.map((entry) => entry.hash));
    const [address] = await test.engine.hashSuppression([{ kind: "email", value: " Ada@mixed.example " }]);
    await test.store.addSuppressed(address === undefined ? [] : [address]);
    expect(await ranksOf(test, id)).toEqual([1, 3, 4, 5]);
  });

  it("S31 are without those whom the job's own spec suppresses", async () => {
    const test = createTestEngine(agentWith(leads));
    const suppress = await test.engine.hashSuppression([{ kind: "login", value: "person-1" }]);
    const { jobId } = await test.until(test.engine.runInproc(test.spec({ suppress })));
    expect(await ranksOf(test, jobId ?? "")).toEqual([2, 3, 4, 5]);
  });

  it("S31 an id is suppressed as it stands, and not in another letter case", async () => {
    const test = createTestEngine(agentWith(leads));
    const suppress = await test.engine.hashSuppression([{ kind: "id", value: "u_SPECIAL" }]);
    const { jobId } = await test.until(test.engine.runInproc(test.spec({ suppress })));
    expect(await ranksOf(test, jobId ?? "")).toHaveLength(5);
  });

  it("come in pages, filtered when asked", async () => {
    const many = Array.from({ length: 2_500 }, (_, index) =>
      buildLead({ rank: index + 1, contactable: index % 2 === 0 }),
    );
    const test = createTestEngine(agentWith(many));
    const { jobId } = await test.until(test.engine.runInproc(test.spec()));
    expect(await ranksOf(test, jobId ?? "")).toEqual(many.map((lead) => lead.rank));
    expect(await ranksOf(test, jobId ?? "", { contactable: true })).toHaveLength(1_250);
    await expect(ranksOf(test, "nobody")).rejects.toMatchObject({ code: "not_found" });
  });

  it("S31 come in any order over many pages, each once, and without those who were suppressed since", async () => {
    const many = Array.from({ length: 2_500 }, (_, index) =>
      buildLead({ rank: index + 1, score: index % 7, company: index % 3 === 0 ? null : "Works" }),
    );
    const test = createTestEngine(agentWith(many));
    const { jobId } = await test.until(test.engine.runInproc(test.spec()));
    await test.store.addSuppressed(
      await test.engine.hashSuppression([
        { kind: "login", value: "person-1" },
        { kind: "login", value: "person-2000" },
      ]),
    );
    const sort = { by: "score", descending: true } as const;
    const expected = [...many]
      .sort((a, b) => b.score - a.score || a.rank - b.rank)
      .filter(({ rank }) => rank !== 1 && rank !== 2_000)
      .map(({ rank }) => rank);
    expect(await ranksOf(test, jobId ?? "", { sort })).toEqual(expected);
    const few = await ranksOf(test, jobId ?? "", { sort, minScore: 5, search: "PERSON-24" });
    expect(few.length).toBeGreaterThan(10);
    expect(few).toEqual(
      expected.filter((rank) => `person-${rank}`.includes("person-24") && (rank - 1) % 7 >= 5),
    );
  });

  it("S31 are without somebody who was suppressed while they were read, from the next page on", async () => {
    const many = Array.from({ length: 250 }, (_, index) => buildLead({ rank: index + 1 }));
    const test = createTestEngine(agentWith(many));
    const { jobId } = await test.until(test.engine.runInproc(test.spec()));
    const hashes = await test.engine.hashSuppression([{ kind: "login", value: "person-200" }]);
    const ranks: number[] = [];
    for await (const { rank } of test.engine.leads(jobId ?? "")) {
      if (rank === 1) await test.store.addSuppressed(hashes);
      ranks.push(rank);
    }
    expect(ranks).toEqual(many.map(({ rank }) => rank).filter((rank) => rank !== 200));
  });
});

describe("reading leads", () => {
  it("hashes nobody as long as nobody is suppressed, by the store or by the spec", async () => {
    let keyed = 0;
    const digest: Digest = (key) => {
      if (key !== undefined) keyed += 1;
      return testDigest(key);
    };
    const test = createTestEngine(agentWith(leads), { digest });
    const { jobId } = await test.until(test.engine.runInproc(test.spec()));
    await ranksOf(test, jobId ?? "");
    await test.engine.leadPage(jobId ?? "", { limit: 5 });
    await test.engine.summary(jobId ?? "");
    expect(keyed).toBe(0);
    await test.store.addSuppressed([{ kind: "login", hash: "somebody else's" }]);
    await ranksOf(test, jobId ?? "");
    expect(keyed).toBeGreaterThan(leads.length);
  });
});

describe("a page of the leads of a job", () => {
  async function run(leads: readonly Lead[]) {
    const test = createTestEngine(agentWith(leads));
    const { jobId } = await test.until(test.engine.runInproc(test.spec()));
    return { ...test, page: (query: LeadPageQuery) => test.engine.leadPage(jobId ?? "", query) };
  }

  /** Page after page, as a table asks for them. */
  async function pagesOf(page: (query: LeadPageQuery) => Promise<LeadPage>, query: LeadPageQuery) {
    const pages: number[][] = [];
    for (let offset: number | null = 0; offset !== null; ) {
      const { leads, next }: LeadPage = await page({ ...query, offset });
      pages.push(leads.map(({ rank }) => rank));
      offset = next;
    }
    return pages;
  }

  const seven = Array.from({ length: 7 }, (_, index) =>
    buildLead({ rank: index + 1, score: index % 3, contactable: index % 2 === 0 }),
  );

  it("begins anywhere, and says where the next one does and how many leads there are", async () => {
    const { engine, page } = await run(seven);
    expect(await page({ limit: 3 })).toEqual({ leads: seven.slice(0, 3), next: 3, total: 7 });
    expect(await page({ limit: 3, offset: 4 })).toEqual({ leads: seven.slice(4), next: null, total: 7 });
    expect(await page({ limit: 3, offset: 7 })).toEqual({ leads: [], next: null, total: 7 });
    expect(await pagesOf(page, { limit: 3 })).toEqual([[1, 2, 3], [4, 5, 6], [7]]);
    expect(await pagesOf(page, { limit: 7 })).toEqual([[1, 2, 3, 4, 5, 6, 7]]);
    await expect(engine.leadPage("nobody", { limit: 1 })).rejects.toMatchObject({ code: "not_found" });
  });

  it("is in any order and of any selection", async () => {
    const { page } = await run(seven);
    const sort = { by: "score", descending: true } as const;
    expect(await pagesOf(page, { limit: 3, sort })).toEqual([[3, 6, 2], [5, 1, 4], [7]]);
    expect(await pagesOf(page, { limit: 3, sort, contactable: true })).toEqual([[3, 5, 1], [7]]);
    expect(await page({ limit: 1, minScore: 1, search: "PERSON" })).toMatchObject({ next: 1, total: 4 });
  });

  it("S31 is without those who were suppressed since; what it is of is counted as it is stored", async () => {
    const { engine, store, page } = await run(seven);
    const logins = ["person-2", "person-4", "person-5", "person-6"];
    await store.addSuppressed(
      await engine.hashSuppression(logins.map((value) => ({ kind: "login", value }) as const)),
    );
    expect(await pagesOf(page, { limit: 3 })).toEqual([[1, 3], [], [7]]);
    expect(await page({ limit: 3, offset: 3 })).toEqual({ leads: [], next: 6, total: 7 });
  });
});
