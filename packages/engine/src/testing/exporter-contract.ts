import { describe, expect, it } from "vitest";
import { CmoError } from "../error/cmo-error.ts";
import { type Lead, withoutFetchTimes } from "../lead/lead.ts";
import type { LeadExporter } from "../port/exporter.ts";

/**
 * What every {@link LeadExporter} keeps, as tests. Call it at the top of a test file; `createExporter` gives the
 * exporter anew for each test.
 */
export function describeExporterContract(name: string, createExporter: () => LeadExporter): void {
  describe(`${name} keeps the contract of an exporter`, () => {
    describeNames(createExporter);
    describeText(createExporter);
    describeStreaming(createExporter);
  });
}

/** How far ahead of its reader an exporter may be, and how long one piece may be. */
const mostLeadsAhead = 5_000;
const mostCharactersInPiece = 8 * 1024 * 1024;

function describeNames(createExporter: () => LeadExporter): void {
  it("names its kind by its id, and its files by the job", () => {
    const exporter = createExporter();
    expect(exporter.id).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(exporter.kind).toBe(`leads_${exporter.id}`);
    expect(exporter.mediaType).toMatch(/^[a-z]+\/[a-z0-9.+-]+(; [a-z]+=[a-z0-9-]+)*$/);
    expect(exporter.fileName("job_1")).toMatch(/^job_1_leads[a-z0-9_]*\.[a-z]+$/);
  });

  it.each(["", ".", "..", "../up", "a/b", "a\\b", "/etc", "C:x", "nul\u0000", "line\nbreak"])(
    "refuses a file name for the job id %j, which would lead out of the folder",
    (jobId) => {
      const exporter = createExporter();
      expect(() => exporter.fileName(jobId)).toThrow(expect.objectContaining({ code: "export_failed" }));
    },
  );
}

function describeText(createExporter: () => LeadExporter): void {
  it("gives a whole file for no leads", async () => {
    const text = await textOf(createExporter(), []);
    expect(text).not.toBe("");
    expect(text.endsWith("\n")).toBe(true);
  });

  it("gives the same text each time, and leaves the leads as they are", async () => {
    const leads = Array.from({ length: 1_203 }, (_, index) => frozen(contractLead(index + 1)));
    const first = await textOf(createExporter(), leads);
    expect(await textOf(createExporter(), leads)).toBe(first);
    const exporter = createExporter();
    expect(await textOf(exporter, leads)).toBe(first);
    expect(await textOf(exporter, leads)).toBe(first);
  });

  it("gives the same text in whatever order a store keeps the keys of a lead", async () => {
    const leads = [contractLead(1), contractLead(2)];
    expect(await textOf(createExporter(), leads.map(reversedKeys))).toBe(
      await textOf(createExporter(), leads),
    );
  });

  it("gives the same text for two runs that differ in the times of asking, once these are blank", async () => {
    const early = contractLead(1);
    const asked = "2026-05-06T07:08:09.000Z";
    const late: Lead = { ...early, firstSeenAt: asked, fetchedAt: asked };
    const texts = [early, late].map((lead) => textOf(createExporter(), [withoutFetchTimes(lead)]));
    expect((await Promise.all(texts)).every((text, _, [first]) => text === first)).toBe(true);
  });

  it("tells leads apart, and keeps them in the order given", async () => {
    const text = await textOf(createExporter(), [contractLead(7), contractLead(3)]);
    expect(text.indexOf("person7@")).toBeGreaterThan(-1);
    expect(text.indexOf("person3@")).toBeGreaterThan(text.indexOf("person7@"));
  });

  it("keeps text of every script as it was published", async () => {
    const name = "山田太郎𠮷";
    const company = "Ünïcode \u202eאבג\u202c 👩‍💻 works";
    const text = await textOf(createExporter(), [{ ...contractLead(1), name, company }]);
    expect(text).toContain(name);
    expect(text).toContain(company);
  });

  it("gives pieces that can be written as UTF-8 one by one, also for broken text", async () => {
    const broken: Lead = {
      ...contractLead(1),
      name: "half \ud83d",
      bio: "\udc4d other",
      company: "\ud83d\ud83d",
    };
    const pieces = await piecesOf(createExporter(), [broken]);
    expect(pieces.filter((piece) => /\p{Surrogate}/u.test(piece))).toEqual([]);
  });

  it("takes the leads it says it takes: native files all of them, flagged, others none that may not be contacted", async () => {
    const refused: Lead = { ...contractLead(1), email: null, emailSource: null, contactable: false };
    const exporter = createExporter();
    switch (exporter.rows) {
      case "all":
        expect(await textOf(exporter, [refused])).toContain(refused.login);
        return;
      case "contactable":
        await expect(textOf(exporter, [refused])).rejects.toMatchObject({ code: "invariant_violated" });
        return;
      default:
        exporter.rows satisfies never;
    }
  });

  it.each([
    { announced: 2, given: 3 },
    { announced: 3, given: 2 },
    { announced: 1, given: 0 },
    { announced: 0, given: 1 },
  ])("fails when $announced leads are announced and $given come", async ({ announced, given }) => {
    const leads = Array.from({ length: given }, (_, index) => contractLead(index + 1));
    const thrown = await textOf(createExporter(), leads, announced).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(CmoError);
    expect(thrown).toMatchObject({ code: "export_failed", retryable: true });
  });
}

function describeStreaming(createExporter: () => LeadExporter): void {
  it("reads only a bounded number of leads ahead of its reader, in pieces of bounded length", async () => {
    const source = countedSource(20_000);
    let readAtLastPiece = 0;
    let mostAhead = 0;
    let longest = 0;
    for await (const piece of createExporter().render(source.leads, 20_000)) {
      mostAhead = Math.max(mostAhead, source.read() - readAtLastPiece);
      readAtLastPiece = source.read();
      longest = Math.max(longest, piece.length);
    }
    expect(source.read()).toBe(20_000);
    expect(mostAhead).toBeLessThanOrEqual(mostLeadsAhead);
    expect(longest).toBeLessThanOrEqual(mostCharactersInPiece);
  });

  it("asks for nothing before it is read", async () => {
    const source = countedSource(10);
    createExporter().render(source.leads, 10);
    expect(source.read()).toBe(0);
  });

  it("closes its source when the reader stops early", async () => {
    const source = countedSource(20_000);
    for await (const _ of createExporter().render(source.leads, 20_000)) {
      if (source.read() > 0) break;
    }
    expect(source.closed()).toBe(true);
    expect(source.read()).toBeLessThanOrEqual(mostLeadsAhead);
  });

  it("passes on what its source throws, and ends there", async () => {
    const failure = new CmoError("store_unavailable", "The store went away.");
    const source = countedSource(1_000, { failAt: 700, failure });
    const pieces: string[] = [];
    const reading = (async () => {
      for await (const piece of createExporter().render(source.leads, 1_000)) pieces.push(piece);
    })();
    await expect(reading).rejects.toBe(failure);
    expect(source.read()).toBe(699);
  });

  it("does not mind how slowly or in what bursts the leads come", async () => {
    const leads = Array.from({ length: 40 }, (_, index) => contractLead(index + 1));
    async function* inBursts(): AsyncGenerator<Lead> {
      for (const lead of leads) {
        for (let turn = 0; turn < lead.rank % 4; turn++) await Promise.resolve();
        yield lead;
      }
    }
    const pieces: string[] = [];
    for await (const piece of createExporter().render(inBursts(), leads.length)) pieces.push(piece);
    expect(pieces.join("")).toBe(await textOf(createExporter(), leads));
  });
}

interface CountedSource {
  readonly leads: AsyncIterable<Lead>;
  /** How many leads were taken. */
  read(): number;
  /** Whether the reader said that it is done. */
  closed(): boolean;
}

function countedSource(count: number, fault?: { failAt: number; failure: Error }): CountedSource {
  let read = 0;
  let closed = false;
  async function* leads(): AsyncGenerator<Lead> {
    try {
      for (let rank = 1; rank <= count; rank++) {
        if (rank === fault?.failAt) throw fault.failure;
        read = rank;
        yield contractLead(rank);
      }
    } finally {
      closed = true;
    }
  }
  return { leads: leads(), read: () => read, closed: () => closed };
}

async function piecesOf(
  exporter: LeadExporter,
  leads: readonly Lead[],
  count = leads.length,
): Promise<string[]> {
  async function* given(): AsyncGenerator<Lead> {
    yield* leads;
  }
  const pieces: string[] = [];
  for await (const piece of exporter.render(given(), count)) pieces.push(piece);
  return pieces;
}

async function textOf(exporter: LeadExporter, leads: readonly Lead[], count = leads.length): Promise<string> {
  return (await piecesOf(exporter, leads, count)).join("");
}

function contractLead(rank: number): Lead {
  return {
    rank,
    login: `person${rank}`,
    nodeId: `U_${rank}`,
    name: `Person ${rank}`,
    email: `person${rank}@mail.example`,
    emailSource: "github.user.email",
    contactable: true,
    contactReason: "ok",
    mxStatus: "ok",
    score: 61.5,
    scoreFit: 30,
    scoreActivity: 20,
    scoreReachability: 11.5,
    reasons: [{ signal: "language", points: 20, evidence: "imaginary/compiler" }],
    company: "Imaginary Works",
    location: "Nowhere",
    bio: 'Says "hello, world".\nTwice.',
    websiteUrl: null,
    twitterUsername: null,
    followers: rank,
    repositories: [{ name: "imaginary/compiler", commits: 4, lastCommitAt: "2026-02-03T04:05:06.000Z" }],
    commits: 4,
    lastActiveAt: "2026-02-03T04:05:06.000Z",
    profileUrl: `https://github.example/person${rank}`,
    firstSeenAt: "2026-03-01T00:00:00.000Z",
    fetchedAt: "2026-03-02T00:00:00.000Z",
    provenance: {
      name: { source: "github.user.name", url: null, fetchedAt: "2026-03-02T00:00:00.000Z" },
      email: { source: "github.user.email", url: null, fetchedAt: "2026-03-02T00:00:00.000Z" },
    },
  };
}

function reversedKeys(lead: Lead): Lead {
  return JSON.parse(JSON.stringify(lead), (_, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).reverse())
      : value,
  );
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}
