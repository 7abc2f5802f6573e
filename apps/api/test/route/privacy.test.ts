import {
  jobsErasedSchema,
  personErasedSchema,
  suppressionPageSchema,
  suppressionStateSchema,
} from "@cmo/contract";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiPlace, openApiPlace } from "../support/api-place.ts";

interface ServedLead {
  readonly login: string;
  readonly nodeId: string;
}

describe("People's data over HTTP", () => {
  let place: ApiPlace;
  let jobId: string;
  beforeAll(async () => {
    place = await openApiPlace();
    jobId = await place.submit();
    await place.work(jobId);
  });
  afterAll(() => place.close());
  const ask = (method: string, path: string, body?: unknown) =>
    place.app.request(`http://127.0.0.1${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }),
    });
  const leads = async () =>
    ((await (await ask("GET", `/api/jobs/${jobId}/leads`)).json()) as { leads: ServedLead[] }).leads;

  it("S31 keeps people out of what is served as soon as they are on the list, and tells who is on it by hashes", async () => {
    const [someone, other] = await leads();
    const entries = [someone?.login ?? "", "Nobody@Works.Example", "@works.example", `id:${other?.nodeId}`];
    const state = v.parse(
      suppressionStateSchema,
      await (await ask("POST", "/api/suppressions/check", { entries })).json(),
    );
    expect(state.entries.map(({ kind, listed }) => [kind, listed])).toEqual([
      ["login", false],
      ["email", false],
      ["domain", false],
      ["id", false],
    ]);
    expect((await ask("POST", "/api/suppressions", { entries })).status).toBe(200);
    const after = await leads();
    expect(after.map(({ login }) => login)).not.toContain(someone?.login);
    expect(after.map(({ login }) => login)).not.toContain(other?.login);
    const text = await (await ask("GET", `/api/jobs/${jobId}/leads.json`)).text();
    expect(text).not.toContain(`"${someone?.login}"`);
    const page = v.parse(suppressionPageSchema, await (await ask("GET", "/api/suppressions?limit=3")).json());
    expect(page.entries).toHaveLength(3);
    const second = v.parse(
      suppressionPageSchema,
      await (await ask("GET", `/api/suppressions?after=${page.next}`)).json(),
    );
    const hashes = [...page.entries, ...second.entries].map(({ hash }) => hash);
    expect(hashes.toSorted()).toEqual(state.entries.map(({ hash }) => hash).toSorted());
    expect(JSON.stringify([page, second])).not.toMatch(/works\.example|nobody/i);
    const removed = v.parse(
      suppressionStateSchema,
      await (await ask("DELETE", "/api/suppressions", { entries })).json(),
    );
    expect(removed.entries.every(({ listed }) => !listed)).toBe(true);
    expect(await leads()).toHaveLength(after.length + 2);
  });

  it("refuses entries that are none, without repeating them", async () => {
    for (const body of [
      { entries: [] },
      { entries: [""] },
      { entries: "canary" },
      { entries: [7] },
      {},
      { entries: ["a"], more: 1 },
    ]) {
      const answer = await ask("POST", "/api/suppressions", body);
      expect(answer.status, JSON.stringify(body)).toBe(400);
    }
    const answer = await ask("POST", "/api/suppressions", { entries: ["canary one@@two"] });
    expect(answer.status).toBe(400);
    expect(await answer.text()).not.toContain("canary");
  });

  it("S35 shows what is held of a person, and erases it", async () => {
    const [someone] = await leads();
    const login = someone?.login ?? "";
    const report = (await (await ask("GET", `/api/people/${login}`)).json()) as {
      identity: { ids: string[] };
      records: unknown[];
    };
    expect(report.identity.ids).toContain(someone?.nodeId);
    expect(report.records.length).toBeGreaterThan(0);
    const byId = await ask("GET", `/api/people/id:${someone?.nodeId}`);
    expect(
      ((await byId.json()) as { identity: { logins: string[] } }).identity.logins.map((name) =>
        name.toLowerCase(),
      ),
    ).toContain(login.toLowerCase());
    const erased = v.parse(
      personErasedSchema,
      await (await ask("DELETE", `/api/people/${login}?suppress=true`)).json(),
    );
    expect(erased).toMatchObject({ found: true, jobs: [jobId] });
    expect(erased.suppressed).toBeGreaterThan(0);
    expect((await leads()).map((lead) => lead.login)).not.toContain(login);
    const after = (await (await ask("GET", `/api/people/${login}`)).json()) as {
      records: unknown[];
      suppressedBy: unknown[];
    };
    expect(after.records).toEqual([]);
    expect(after.suppressedBy.length).toBeGreaterThan(0);
    expect((await ask("DELETE", `/api/people/${login}?supress=false`)).status).toBe(400);
  });

  it("S35 erases jobs: one, those before a time, all; first only says what it would erase", async () => {
    const erase = async (path: string) => {
      const answer = await ask("DELETE", path);
      expect(answer.status, path).toBe(202);
      return v.parse(jobsErasedSchema, await answer.json());
    };
    const waiting = await place.submit();
    expect(await erase(`/api/jobs/${waiting}?dryRun=true`)).toMatchObject({ dryRun: true, jobs: [waiting] });
    expect((await ask("GET", `/api/jobs/${waiting}`)).status).toBe(200);
    expect(await erase(`/api/jobs/${waiting}`)).toMatchObject({ dryRun: false, jobs: [waiting] });
    expect((await ask("GET", `/api/jobs/${waiting}`)).status).toBe(404);
    expect((await ask("DELETE", `/api/jobs/${waiting}`)).status).toBe(404);
    expect((await erase("/api/jobs?before=2001-01-01T00:00:00.000Z")).jobs).toEqual([]);
    expect((await erase("/api/jobs?all=true&dryRun=true")).jobs).toEqual([jobId]);
    for (const query of [
      "",
      "?all=false",
      "?all=true&before=2001-01-01T00:00:00.000Z",
      "?before=yesterday",
      "?al=true",
    ]) {
      expect((await ask("DELETE", `/api/jobs${query}`)).status, query).toBe(400);
    }
    expect((await erase("/api/jobs?all=true")).jobs).toEqual([jobId]);
    expect(await (await ask("GET", "/api/jobs")).json()).toEqual({ jobs: [], next: null });
  });
});
