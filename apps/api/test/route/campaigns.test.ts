import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiPlace, openApiPlace, smallConfig } from "../support/api-place.ts";

describe("Campaigns before they are jobs", () => {
  let place: ApiPlace;
  beforeAll(async () => {
    place = await openApiPlace({ location: "memory" });
  });
  afterAll(() => place.close());
  const ask = (path: string, body: string, type = "application/json") =>
    place.app.request(`http://127.0.0.1${path}`, { method: "POST", headers: { "Content-Type": type }, body });

  it("S21 tells every problem of a config at once, as an answer and no error", async () => {
    const answer = await ask(
      "/api/validate",
      "params:\n  langage: Go\n  target_leads: many\n",
      "application/yaml",
    );
    expect(answer.status).toBe(200);
    const { valid, problems, campaign } = (await answer.json()) as {
      valid: boolean;
      problems: { path: string[]; line: number }[];
      campaign: null;
    };
    expect({ valid, campaign }).toEqual({ valid: false, campaign: null });
    expect(problems.map(({ path, line }) => [path.at(-1), line])).toEqual(
      expect.arrayContaining([
        ["langage", 2],
        ["target_leads", 3],
      ]),
    );
    const right = await ask(
      "/api/validate",
      JSON.stringify({ config: smallConfig, set: ["target_leads=9"] }),
    );
    expect(await right.json()).toMatchObject({
      valid: true,
      campaign: { name: "small", targetLeads: 9, source: "simulator" },
    });
  });

  it("S24 estimates without a job, and gives a spec that can be submitted as it is", async () => {
    const answer = await ask("/api/estimate?set=target_leads=3", JSON.stringify({ config: smallConfig }));
    expect(answer.status).toBe(400);
    const estimate = await ask("/api/estimate", JSON.stringify({ config: smallConfig }));
    const { spec, targetLeads } = (await estimate.json()) as { spec: unknown; targetLeads: number };
    expect(targetLeads).toBe(5);
    expect(await (await place.app.request("http://127.0.0.1/api/jobs")).json()).toEqual({
      jobs: [],
      next: null,
    });
    const submitted = await ask("/api/jobs", JSON.stringify({ spec }));
    expect(submitted.status).toBe(201);
    expect((await ask("/api/estimate", "params: {langage: Go}", "text/yaml")).status).toBe(422);
  });
});
