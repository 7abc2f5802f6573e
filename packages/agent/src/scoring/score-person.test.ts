import { defaultScoringWeights, type JobSpec, type MailAnswer, type RepositoryRecord } from "@cmo/engine";
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { specOf } from "../../test/campaign.ts";
import { profileOf } from "../../test/profile.ts";
import { judgeMail } from "../validation/contact-judgement.ts";
import { parseEmailAddress } from "../validation/email-address.ts";
import { hostOf, ownsDomain } from "./own-domain.ts";
import { lastActiveAt, type ScoredPerson, scorePerson } from "./score-person.ts";

const spec = specOf({
  params: { language: "Go", stars_range: "10..1000", activity_days: 100 },
  default_icp: { topics: ["cli", "web"] },
});

function repositoryOf(repository: Partial<RepositoryRecord> = {}): RepositoryRecord {
  return {
    id: "R_1",
    name: "acme/tool",
    url: "https://fake.example/acme/tool",
    description: null,
    stars: 100,
    forks: 0,
    isArchived: false,
    isFork: false,
    isMirror: false,
    isTemplate: false,
    isEmpty: false,
    pushedAt: null,
    createdAt: "2020-01-01T00:00:00.000Z",
    language: "Go",
    topics: ["cli"],
    owner: { type: "organization", login: "acme", name: "Acme", websiteUrl: "https://www.acme.example/" },
    ...repository,
  };
}

function personOf(
  profile: Parameters<typeof profileOf>[0] = {},
  commits = 10,
  last = "2029-12-22T00:00:00.000Z",
  answer: MailAnswer = "ok",
): ScoredPerson {
  const whole = profileOf(profile);
  const address = whole.email === null ? null : parseEmailAddress(whole.email);
  return {
    profile: whole,
    contributions: [{ repository: repositoryOf(), commits, lastCommitAt: last }],
    judgement:
      address === null
        ? {
            contactable: false,
            reason: "no_email",
            mxStatus: "not_checked",
            address: null,
            isRole: false,
            isFree: false,
          }
        : judgeMail(address, answer),
  };
}

const anyWeights = fc.record(
  Object.fromEntries(
    Object.entries(defaultScoringWeights).map(([part, signals]) => [
      part,
      fc.record(
        Object.fromEntries(
          Object.keys(signals).map((signal) => [
            signal,
            fc.integer({ min: -1_000, max: 1_000 }).map((n) => n / 10),
          ]),
        ),
      ),
    ]),
  ),
) as fc.Arbitrary<unknown> as fc.Arbitrary<JobSpec["scoring"]["weights"]>;

const anyPerson = fc
  .record({
    email: fc.constantFrom(null, "ada@acme.example", "hello@gmail.com", "ada@probe.example"),
    websiteUrl: fc.constantFrom(null, "https://probe.example", "javascript:alert(1)"),
    isHireable: fc.boolean(),
    commits: fc.integer({ min: 1, max: 5_000 }),
    day: fc.integer({ min: -30, max: 400 }),
    answer: fc.constantFrom<MailAnswer>("ok", "weak", "unknown", "no_mail"),
  })
  .map(({ commits, day, answer, ...profile }) =>
    personOf(profile, commits, new Date(Date.parse(spec.asOf) - day * 86_400_000).toISOString(), answer),
  );

const sum = (numbers: readonly number[]) => Math.round(numbers.reduce((all, one) => all + one, 0) * 10) / 10;

describe("a score", () => {
  it("adds up: reasons to parts, and parts to the score, whatever the weights", () => {
    fc.assert(
      fc.property(anyPerson, anyWeights, (person, weights) => {
        const { score, fit, activity, reachability, reasons } = scorePerson(person, {
          ...spec,
          scoring: { version: 2, weights },
        });
        const of = (part: Readonly<Record<string, number>>) =>
          sum(reasons.filter(({ signal }) => signal in part).map(({ points }) => points));
        expect(of(weights.fit)).toBeCloseTo(fit, 6);
        expect(of(weights.activity)).toBeCloseTo(activity, 6);
        expect(of(weights.reachability)).toBeCloseTo(reachability, 6);
        expect(score).toBeCloseTo(Math.max(0, sum([fit, activity, reachability])), 6);
        for (const { points, evidence } of reasons) {
          expect(points).not.toBe(0);
          expect(Math.abs(points * 10 - Math.round(points * 10))).toBeLessThan(1e-6);
          expect(evidence).not.toMatch(/undefined|null|NaN/);
        }
      }),
    );
  });

  it("is from 0 to 100 with the weights as shipped, and the same every time", () => {
    fc.assert(
      fc.property(anyPerson, (person) => {
        const { score } = scorePerson(person, spec);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(100);
        expect(scorePerson(person, spec)).toEqual(scorePerson(person, spec));
      }),
    );
  });

  it("gives all points to somebody who has everything", () => {
    const person = personOf(
      { email: "ada@probe.example", websiteUrl: "probe.example", isHireable: true },
      100,
      spec.asOf,
    );
    const contributions = [1, 2, 3].map((number) => ({
      repository: repositoryOf({
        id: `R_${number}`,
        name: `acme/tool${number}`,
        stars: 1_000,
        topics: ["cli", "web"],
      }),
      commits: 100,
      lastCommitAt: spec.asOf,
    }));
    expect(scorePerson({ ...person, contributions }, spec)).toMatchObject({
      score: 100,
      fit: 40,
      activity: 35,
      reachability: 25,
    });
  });

  it("follows the weights that the campaign gives", () => {
    const heavy = specOf({
      params: { language: "Go" },
      scoring: { version: 3, weights: { reachability: { website: 40 } } },
    });
    const website = (of: JobSpec) =>
      scorePerson(personOf({ websiteUrl: "https://probe.example" }), of).reasons.find(
        ({ signal }) => signal === "website",
      );
    expect(website(spec)?.points).toBe(3);
    expect(website(heavy)?.points).toBe(40);
  });

  it("does not depend on the hour that the campaign ran", () => {
    const later = { ...spec, asOf: "2030-01-01T23:59:59.999Z" };
    expect(scorePerson(personOf(), later)).toEqual(scorePerson(personOf(), spec));
  });

  it("takes points for an address at their own domain, or at that of an organisation they work for", () => {
    const own = (profile: Parameters<typeof profileOf>[0]) =>
      scorePerson(personOf(profile), spec).reasons.find(({ signal }) => signal === "own_domain_email")
        ?.evidence;
    expect(own({ email: "ada@probe.example", websiteUrl: "https://probe.example/about" })).toContain(
      "their website",
    );
    expect(own({ email: "ada@mail.acme.example" })).toContain("acme");
    expect(own({ email: "ada@probe.example" })).toBeUndefined();
    expect(own({ email: "ada@gmail.com", websiteUrl: "https://gmail.com" })).toBeUndefined();
  });
});

describe("a website", () => {
  test.each([
    ["https://probe.example/blog", "probe.example"],
    ["http://www.Probe.Example", "probe.example"],
    ["probe.example:8080/x", "probe.example"],
    ["probe.example.", "probe.example"],
    ["javascript:alert('site')", null],
    ["data:text/html,x.y", null],
    ["mailto:ada@probe.example", null],
    ["my site", null],
    ["", null],
    [null, null],
  ])("%j has the host %j", (url, host) => {
    expect(hostOf(url)).toBe(host);
  });

  it("shares its domain with what is below it, and with nothing that only ends alike", () => {
    expect(ownsDomain("mail.probe.example", "probe.example")).toBe(true);
    expect(ownsDomain("probe.example", "blog.probe.example")).toBe(true);
    expect(ownsDomain("probe.example", "notprobe.example")).toBe(false);
    expect(ownsDomain("probe.example", null)).toBe(false);
  });
});

describe("the last activity", () => {
  it("is the latest instant, whatever offset it is written with", () => {
    const at = (lastCommitAt: string) => ({ repository: repositoryOf(), commits: 1, lastCommitAt });
    expect(
      lastActiveAt([
        at("2029-12-01T00:00:00Z"),
        at("2029-12-01T03:00:00+05:00"),
        at("2029-11-30T23:30:00-02:00"),
      ]),
    ).toBe("2029-11-30T23:30:00-02:00");
    expect(lastActiveAt([])).toBe("");
  });
});
