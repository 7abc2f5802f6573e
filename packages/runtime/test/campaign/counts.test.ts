import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asKnownEvent, type JobEvent, leadColumns, type RunSummary, renderSummary } from "@cmo/engine";
import { describe, expect, it, onTestFinished } from "vitest";
import { exportJob } from "../../src/index.ts";
import { joinEngine, openSimulated, readOutcome, runToEnd, specOf } from "./campaign.ts";
import { readCsv } from "./csv.ts";

const config = {
  params: { stars_range: ">=5", activity_days: 365, target_leads: 60 },
  default_icp: { languages: ["Go", "Rust", "Python"], exclude_topics: ["awesome"] },
  limits: { people_per_repo: 3 },
};

async function exportedFiles(engine: Parameters<typeof exportJob>[0]["engine"], jobId: string) {
  const directory = await mkdtemp(join(tmpdir(), "cmo-campaign-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await exportJob({ engine, jobId, directory, presets: ["hubspot"] });
  const read = (name: string) => readFile(join(directory, `${jobId}_${name}`), "utf8");
  return {
    json: JSON.parse(await read("leads.json")) as { count: number; leads: Record<string, unknown>[] },
    csv: readCsv(await read("leads.csv")),
    csvText: await read("leads.csv"),
    summary: JSON.parse(await read("summary.json")) as RunSummary,
  };
}

/** The last value of each metric, and the counts and drops of each stage. */
function told(events: readonly JobEvent[]) {
  const metrics: Record<string, number> = {};
  const counts: Record<string, number> = {};
  const drops: Record<string, number> = {};
  for (const raw of events) {
    const event = asKnownEvent(raw);
    if (event?.type === "metrics") Object.assign(metrics, event.data.metrics);
    if (event?.type === "stage.completed") {
      Object.assign(counts, event.data.counts);
      for (const [reason, count] of Object.entries(event.data.drops ?? {}))
        drops[reason] = (drops[reason] ?? 0) + count;
    }
  }
  return { metrics, counts, drops };
}

const names = {
  repos_claimed: "reposClaimed",
  repos_matched: "reposMatched",
  repos_opened: "reposOpened",
  candidates: "candidates",
  profiles: "profiles",
  leads: "leads",
  leads_with_email: "leadsWithEmail",
  contactable: "contactable",
} as const;

describe("S03 every count", () => {
  it("is the same in metrics, stages, summary, its text and the rows of files", async () => {
    const engine = joinEngine(openSimulated({ seed: 3 }));
    const { summary, events, leads } = await runToEnd(engine, specOf(config));
    const { metrics, counts, drops } = told(events);
    const files = await exportedFiles(engine, summary.jobId ?? "");
    for (const [key, name] of Object.entries(names)) {
      expect(metrics[key], key).toBe(summary.counts[name]);
      expect(counts[key], key).toBe(summary.counts[name]);
      expect(files.summary.counts[name], key).toBe(summary.counts[name]);
    }
    expect(summary.counts.drops).toEqual(drops);
    expect(files.json.count).toBe(summary.counts.leads);
    expect(files.json.leads).toHaveLength(files.json.count);
    expect(files.csv[0]).toEqual([...leadColumns]);
    expect(files.csv).toHaveLength(files.json.count + 1);
    expect(leads).toHaveLength(files.json.count);
    const contactable = files.json.leads.filter((lead) => lead.contactable === true);
    expect(contactable).toHaveLength(summary.counts.contactable ?? -1);
    expect(files.json.leads.filter((lead) => lead.email !== null)).toHaveLength(
      summary.counts.leadsWithEmail ?? -1,
    );
    const text = renderSummary(summary, { emoji: false, width: 100 });
    const shown = {
      "repositories claimed": summary.counts.reposClaimed,
      "repositories matched": summary.counts.reposMatched,
      "repositories opened": summary.counts.reposOpened,
      candidates: summary.counts.candidates,
      profiles: summary.counts.profiles,
      "contactable leads": summary.counts.contactable,
    };
    for (const [label, count] of Object.entries(shown))
      expect(text).toMatch(new RegExp(`${count} +${label}`));
    for (const [reason, count] of Object.entries(drops)) {
      expect(text).toContain(`${reason.replaceAll("_", " ")} ${count}`);
    }
    // Nobody is lost on the way without a reason.
    const c = summary.counts;
    expect(counts.checked).toBe(c.profiles);
    expect(c.candidates).toBe(
      (c.profiles ?? 0) + sum(drops, ["gone", "not_a_person", "unavailable", "suppressed"]),
    );
    expect(c.leads).toBe((c.profiles ?? 0) - (counts.opted_out ?? 0) - (drops.over_target ?? 0));
    expect(counts.qualified).toBe((c.contactable ?? 0) + (drops.over_target ?? 0));
    expect(c.reposMatched).toBe(
      (c.reposOpened ?? 0) + sum(drops, ["repository_gone", "repository_unavailable"]),
    );
    const histogram = Object.values(summary.distributions.scores ?? {}).reduce((all, one) => all + one, 0);
    expect(histogram).toBe(counts.scored);
  });
});

describe("S20 a target that cannot be met", () => {
  it("completes with all there are, says so, and exports them", async () => {
    const narrow = { ...config, params: { ...config.params, stars_range: "900..1400", target_leads: 50 } };
    const engine = joinEngine(openSimulated({ seed: 3 }));
    const { summary, leads } = await runToEnd(engine, specOf(narrow));
    expect(summary).toMatchObject({ status: "completed", ok: true, partial: false, targetMet: false });
    const found = leads.filter(({ contactable }) => contactable);
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBeLessThan(50);
    expect(summary.counts.contactable).toBe(found.length);
    const warning = summary.warnings.find(({ code }) => code === "data.target_not_met");
    expect(warning?.message).toContain(`${found.length} of 50`);
    const files = await exportedFiles(engine, summary.jobId ?? "");
    expect(files.json.leads.filter((lead) => lead.contactable === true)).toHaveLength(found.length);
  });
});

describe("S16 a campaign that is cancelled in the middle", () => {
  it("stops asking, stays cancelled, and exports what it has as partial", async () => {
    let engine: ReturnType<typeof joinEngine> | null = null;
    let jobId = "";
    let requests = 0;
    const simulated = openSimulated({
      seed: 3,
      latencyMs: 200,
      onRequest: () => {
        requests += 1;
        if (requests === 14) engine?.cancel(jobId).catch(() => {});
      },
    });
    engine = joinEngine(simulated);
    const job = await engine.submit(specOf({ ...config, params: { ...config.params, target_leads: 5_000 } }));
    jobId = job.id;
    const stop = new AbortController();
    const worker = engine.startWorker({ signal: stop.signal });
    for await (const event of engine.watch(jobId)) if (event.type === "job.cancelled") break;
    stop.abort();
    await worker;
    const { summary, leads } = await readOutcome(engine, jobId);
    expect(summary).toMatchObject({ status: "cancelled", ok: false, partial: true });
    expect(leads.length).toBeGreaterThan(0);
    expect(simulated.simulator.stats().requests).toBeLessThanOrEqual(14 + 2);
    const files = await exportedFiles(engine, jobId);
    expect(files.summary).toMatchObject({ status: "cancelled", partial: true });
    expect(files.json.count).toBe(summary.counts.leads);
    expect(files.csv).toHaveLength(files.json.count + 1);
    expect(summary.artifacts.map(({ partial }) => partial)).toEqual([true, true]);
  });
});

describe("S30 S32 what is exported", () => {
  it("is contactable only at addresses that were published, and neutral in a spreadsheet", async () => {
    const simulated = openSimulated({ seed: 3, repositories: 600 });
    const engine = joinEngine(simulated);
    const { summary, leads } = await runToEnd(
      engine,
      specOf({ ...config, params: { ...config.params, target_leads: 5_000 } }),
    );
    expect(leads.length).toBeGreaterThan(150);
    for (const lead of leads) {
      const person = simulated.simulator.world.personByLogin(lead.login);
      expect(lead.email ?? "", lead.login).toBe(person?.email.trim() ?? "");
      expect(lead.bio ?? "").not.toMatch(
        /no recruiters|do not contact|don't email|no cold email|no unsolicited/i,
      );
      expect(lead.name ?? "").not.toContain("no recruiters");
      if (!lead.contactable) continue;
      expect(lead.email).toMatch(/^[^@\s]+@[^@\s]+\.example$/i);
      expect(lead.email).not.toContain("noreply");
    }
    const reasons = new Set(leads.map(({ contactReason }) => contactReason));
    expect([...reasons].sort()).toEqual(
      ["malformed_email", "no_email", "no_mail_domain", "noreply_email", "published_email"].sort(),
    );
    expect(summary.counts.drops.profile_opt_out).toBeGreaterThan(5);

    const { csv, csvText, json } = await exportedFiles(engine, summary.jobId ?? "");
    const bio = leadColumns.indexOf("bio");
    let escaped = 0;
    for (const [index, lead] of json.leads.entries()) {
      const record = csv[index + 1] ?? [];
      expect(record).toHaveLength(leadColumns.length);
      for (const cell of record) expect(cell).not.toMatch(/^\s*[=+@\t\r]/);
      const raw = String(lead.bio ?? "");
      const cell = record[bio] ?? "";
      if (cell !== raw) {
        escaped += 1;
        expect(cell).toBe(`'${raw}`);
      }
    }
    expect(escaped).toBeGreaterThan(2);
    expect(csvText).toContain("開発者。静かなツールが好きです。");
  });
});

function sum(drops: Readonly<Record<string, number>>, reasons: readonly string[]): number {
  return reasons.reduce((all, reason) => all + (drops[reason] ?? 0), 0);
}
