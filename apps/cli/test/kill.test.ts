import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JobEvent } from "@cmo/engine";
import { seededRandom } from "@cmo/engine/testing";
import { afterEach, describe, expect, it } from "vitest";
import { type CampaignPlace, openCampaignPlace } from "./support/campaign-place.ts";
import { expectGapless, outcomeOf, requestsAtStart, undisturbed } from "./support/outcome.ts";
import { torture } from "./support/torture.ts";

let place: CampaignPlace;
afterEach(async () => {
  await place.close();
});

const concurrency = 2;
/** How many answers a process gets at most in one go that is to be killed. */
const mostAnswers = 8;
const seeded = `CMO_TORTURE_SEED=${torture.seed}`;

describe("kill -9", () => {
  it(`S13 ${torture.kills} times over one campaign changes nothing of the result, and little is asked again`, {
    timeout: torture.timeoutMs,
  }, async () => {
    const random = seededRandom(torture.seed);
    // So much to do that it is not done after as many kills.
    place = await openCampaignPlace({ leaseMs: 1_000, repositories: 12_000, targetLeads: 10_000 });
    const waiting = place.hold(1);
    let running = place.start(["run", "--config", "small.yaml", "--output", "json"]);
    const jobId = await place.newestJob();
    await waiting;
    let known: readonly JobEvent[] = [];
    let landed = 0;
    while (landed < torture.kills) {
      running.child.kill("SIGKILL");
      // A process that ended by itself had the whole campaign behind it.
      expect((await running.ended).code, `${seeded}: ended after ${landed} kills`).toBeNull();
      landed += 1;
      // What waited for an answer is gone with its process. The next one gets so many answers and no more, so that it is
      // not done with the campaign before it is killed, however late that is.
      place.release();
      void place.hold(mostAnswers);
      const events = await place.engine.store.readEvents(jobId, 0, 1_000_000);
      // What was there before is there still, with the same ids.
      expect(events.slice(0, known.length), seeded).toEqual(known);
      known = events;
      running = place.start(["run", "--resume", jobId, "--output", "json"], anotherToken(landed));
      // Mostly in the middle of the work, sometimes before it has begun.
      if (random() < 0.1) await pause(random() * 600);
      else {
        const more = place.hold(requestsAtStart + Math.floor(random() * 3));
        await Promise.race([more, running.ended]);
        if (random() < 0.5) {
          place.release();
          void place.hold(mostAnswers);
        }
        await pause(random() * 30);
      }
    }
    place.release();
    const last = await running.ended;
    expect(last, seeded).toMatchObject({ code: 0, stderr: expect.stringContaining("_leads.csv") });
    expect(landed).toBeGreaterThanOrEqual(50);
    const asked = place.requests();

    const events = await place.events(jobId);
    expectGapless(events);
    expect(events.slice(0, known.length), seeded).toEqual(known);
    expect(events.filter(({ type }) => type === "job.started")).toHaveLength(1);
    expect(events.filter(({ type }) => type === "job.completed")).toHaveLength(1);
    const reference = await undisturbed(place, jobId);
    expect(await outcomeOf(place, jobId), seeded).toEqual(reference.outcome);
    expect(reference.outcome.json.length).toBeGreaterThan(100_000);
    // Those in flight at each kill, and what every process asks before it begins.
    expect(asked - reference.requests, seeded).toBeLessThanOrEqual(landed * (concurrency + requestsAtStart));
  });

  it(`S33 ${torture.exportKills} times while files are written leaves the old ones or the new ones, never a part`, {
    timeout: torture.timeoutMs,
  }, async () => {
    const random = seededRandom(torture.seed);
    place = await openCampaignPlace({ repositories: 3_000, targetLeads: 1_000 });
    const run = await place.run(["run", "--config", "small.yaml", "--output", "json"]);
    expect(run.code).toBe(0);
    const jobId = await place.newestJob();
    const names = await place.files();
    const read = () => Promise.all(names.map((name) => readFile(join(place.cwd, "exports", name), "utf8")));
    const old = await read();
    // What is exported now is shorter by one.
    const [first] = JSON.parse(await place.file(jobId, "leads.json")).leads;
    expect((await place.run(["suppress", "add", first.login])).code).toBe(0);
    expect((await place.run(["export", jobId, "--exports", "later"])).code).toBe(0);
    const renewed = await Promise.all(names.map((name) => readFile(join(place.cwd, "later", name), "utf8")));
    let landed = 0;
    while (landed < torture.exportKills) {
      const exporting = place.start(["export", jobId]);
      await Promise.race([temporaryFile(), exporting.ended]);
      await pause(random() * 15);
      exporting.child.kill("SIGKILL");
      if ((await exporting.ended).code === null) landed += 1;
      for (const [index, text] of (await read()).entries()) {
        expect([old[index], renewed[index]], `${seeded}: ${names[index]}`).toContain(text);
      }
      // The next one begins with the old ones again.
      await Promise.all(
        names.map((name, index) => writeFile(join(place.cwd, "exports", name), old[index] ?? "")),
      );
      await removeTemporaryFiles();
    }
    expect((await place.run(["export", jobId])).code).toBe(0);
    expect(await read()).toEqual(renewed);
  });

  it("S34 leaves no token behind, in the store, the log, the files or what was said", async () => {
    place = await openCampaignPlace({ leaseMs: 1_000 });
    const said: string[] = [];
    const waiting = place.hold(3);
    const killed = place.start(["run", "--config", "small.yaml", "--output", "json"]);
    const jobId = await place.newestJob();
    await waiting;
    killed.child.kill("SIGKILL");
    said.push(JSON.stringify(await killed.ended), await storeText());
    place.release();
    const debugged = await place.run(["run", "--resume", jobId, "--output", "json"], {
      ...anotherToken(1),
      CMO_DEBUG: "1",
    });
    expect(debugged.code).toBe(0);
    said.push(JSON.stringify(debugged), await storeText());
    const broken = join(place.cwd, "broken.db");
    await writeFile(broken, "no database, and long enough to be looked at");
    const crashed = await place.run(["run", "--config", "small.yaml", "--store", broken], { CMO_DEBUG: "1" });
    expect(crashed).toMatchObject({ code: 1, stderr: expect.stringMatching(/\n\s+at /) });
    said.push(JSON.stringify(crashed));
    for (const name of await place.files())
      said.push(await readFile(join(place.cwd, "exports", name), "utf8"));
    expect(said.join("")).toContain("job.completed");
    expect(said.join("")).not.toContain("stand-in-token");
  });
});

/**
 * A killed process keeps its share of its token's concurrency until its requests must be over, by the clock of GitHub's
 * client: whoever goes on with the same token waits for it. With another one the test is about jobs, not about that.
 */
function anotherToken(number: number): Record<string, string> {
  return { GITHUB_TOKEN: `stand-in-token-${number}` };
}

async function storeText(): Promise<string> {
  const folder = join(place.cwd, "store");
  const texts = (await readdir(folder)).map((name) => readFile(join(folder, name), "latin1"));
  return (await Promise.all(texts)).join("");
}

const isTemporary = (name: string) => name.startsWith(".") && name.endsWith(".tmp");

async function temporaryFile(): Promise<void> {
  while (!(await readdir(join(place.cwd, "exports"))).some(isTemporary)) await pause(1);
}

async function removeTemporaryFiles(): Promise<void> {
  const folder = join(place.cwd, "exports");
  for (const name of (await readdir(folder)).filter(isTemporary)) await rm(join(folder, name));
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
