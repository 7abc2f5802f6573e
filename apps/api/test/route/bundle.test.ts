import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { replayBundle } from "@cmo/runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ApiPlace, openApiPlace } from "../support/api-place.ts";

describe("A run bundle over HTTP", () => {
  let place: ApiPlace;
  let jobId: string;
  let folder: string;
  beforeAll(async () => {
    place = await openApiPlace();
    jobId = await place.submit();
    await place.work(jobId);
    folder = await mkdtemp(join(tmpdir(), "cmo-api-bundle-"));
  });
  afterAll(async () => {
    await place.close();
    await rm(folder, { recursive: true, force: true });
  });
  const ask = (id: string, query = "") => place.app.request(`http://127.0.0.1/api/jobs/${id}/bundle${query}`);

  it("is served whole, and replays to the same", async () => {
    const answer = await ask(jobId, "?kind=full");
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/zip");
    expect(answer.headers.get("content-disposition")).toBe(`attachment; filename="${jobId}_bundle.zip"`);
    const path = join(folder, "served.zip");
    await writeFile(path, Buffer.from(await answer.arrayBuffer()));
    expect((await replayBundle(path)).divergences).toEqual([]);
  });

  it("is there only for a job of one's own that has ended, and in a kind that there is", async () => {
    expect((await ask("job_nobody", "?kind=full")).status).toBe(404);
    expect((await ask(await place.submit(), "?kind=full")).status).toBe(409);
    expect((await ask(jobId, "?kind=half")).status).toBe(400);
    await expect(place.parts.service("other").bundle(jobId, "full")).rejects.toMatchObject({
      code: "not_found",
    });
  });
});
