import Database from "libsql";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CampaignPlace, openCampaignPlace } from "./support/campaign-place.ts";

let place: CampaignPlace;
beforeEach(async () => {
  place = await openCampaignPlace({ repositories: 60, targetLeads: 5 });
});
afterEach(async () => {
  await place.close();
});

/** Puts a job into the queue and gives its id. */
async function detached(...more: string[]): Promise<string> {
  return (await place.run(["run", "--config", "small.yaml", "--detach", ...more])).stdout.trim();
}

/** Writes another spec into the store's file, past the store. */
function putSpec(jobId: string, change: (spec: string) => string): void {
  const database = new Database(place.env.CMO_STORE ?? "");
  const where = "WHERE job = (SELECT ordinal FROM job WHERE id = ?)";
  const { spec } = database.prepare(`SELECT spec FROM job_spec ${where}`).get([jobId]) as { spec: string };
  database.prepare(`UPDATE job_spec SET spec = ? ${where}`).run([change(spec), jobId]);
  database.prepare("UPDATE job SET revision = revision + 1 WHERE id = ?").run([jobId]);
  database.close();
}

function timesIn(text: string, part: string): number {
  return text.split(part).length - 1;
}

describe("A job that cannot be read", () => {
  it("costs no other job anything, is told of once, and can be found and erased", async () => {
    const bad = await detached();
    const later = await detached();
    const good = await detached();
    putSpec(bad, (spec) => spec.slice(0, 20));
    putSpec(later, (spec) => JSON.stringify({ ...JSON.parse(spec), mood: "calm" }));

    const worker = place.start(["worker"]);
    await place.until(good, ({ status }) => status === "completed");
    worker.child.kill("SIGTERM");
    const { code, stderr } = await worker.ended;
    expect(code).toBe(0);
    expect(timesIn(stderr, `Job ${bad} cannot be read: its spec is damaged.`)).toBe(1);
    expect(timesIn(stderr, `Job ${later} was made by a later version of cmo: its spec says mood.`)).toBe(1);

    const jobs = await place.run(["jobs"]);
    expect(jobs.code).toBe(0);
    expect(jobs.stdout).toContain(good);
    expect(jobs.stdout).toContain(later);
    expect(jobs.stdout).not.toContain(bad);
    expect(jobs.stderr).toContain(`Left out: Job ${bad} cannot be read`);
    const lines = (await place.run(["jobs", "--output", "json"])).stdout.trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ id: bad, error: expect.objectContaining({ code: "store_corrupt" }) }),
    );

    const shown = await place.run(["show", bad]);
    expect(shown.code).toBe(1);
    expect(shown.stderr).toContain(`cmo purge --job ${bad}`);
    expect(await place.run(["show", later])).toMatchObject({ code: 0 });
    const doctor = await place.run(["doctor"]);
    expect(doctor.stdout).toContain(`Job ${bad} cannot be read`);

    expect(await place.run(["purge", "--job", bad, "--yes"])).toMatchObject({ code: 0 });
    expect(await place.run(["show", bad])).toMatchObject({ code: 4 });
    expect((await place.run(["jobs"])).stderr).toBe("");
    expect((await place.run(["cancel", later])).code).toBe(0);
  });

  it("leaves the other schedules in the list of them, and is told of there", async () => {
    const bad = await detached("--set", "name=bad", "--set", "schedule=@daily");
    const good = await detached("--set", "name=good", "--set", "schedule=@weekly");
    putSpec(bad, (spec) => spec.slice(0, -1));
    const schedules = await place.run(["schedules"]);
    expect(schedules).toMatchObject({ code: 0, stdout: expect.stringContaining(good) });
    expect(schedules.stderr).toContain(`Left out: Job ${bad} cannot be read`);
    const lines = (await place.run(["schedules", "--output", "json"])).stdout.trim().split("\n");
    expect(lines.map((line) => JSON.parse(line).id)).toEqual([good, bad]);
  });
});
