import { openBundle, verifyBundle } from "@cmo/bundle";
import { describe, expect, it } from "vitest";
import { readLineage, readRecording } from "../../src/bundle/read-recording.ts";
import { type Runtime, replayBundle } from "../../src/index.ts";
import { openPlace, runCampaignIn, smallCampaign, writeBundle } from "./bundle-place.ts";

const simulator = (more: object) => ({ source: { type: "simulator", seed: 5, repositories: 120, ...more } });

describe("a bundle for others", () => {
  it.each([
    ["a small campaign", {}],
    ["more wanted than there are", { params: { stars_range: ">=10", target_leads: 5_000 } }],
    ["accounts that are gone", simulator({ seed: 9, faults: [{ fault: "not_found_ids", share: 0.2 }] })],
    [
      "topics that count and topics that do not",
      { default_icp: { topics: ["cli", "http"], exclude_topics: ["tutorial"] } },
    ],
    ["mail that nobody looks at", simulator({ mail: "none" })],
    ["a limit that ends it", { limits: { max_requests: 9 } }],
    ["a token that lacks a scope", simulator({ faults: [{ fault: "missing_scope" }] })],
  ])("replays to the same, with the run's own counts, and names nobody: %s", async (_what, config) => {
    const runtime = openPlace();
    const jobId = await runCampaignIn(runtime, smallCampaign({ purpose: "Secret purpose", ...config }));
    const { path, kind } = await writeBundle(runtime, jobId, "shared");
    expect(kind).toBe("shared");
    const { divergences } = await replayBundle(path);
    expect(divergences).toEqual([]);

    const bundle = await openBundle(path);
    const { log } = await verifyBundle(bundle);
    const text = (await textsOf(bundle)).toLowerCase();
    await bundle.close();
    const events = await runtime.store.readEvents(jobId, 0, 100_000);
    const counted = events.flatMap(({ type, data }) =>
      type === "stage.completed" ? [[data.stage, data.counts, data.drops ?? {}]] : [],
    );
    const shared = log.map((line) => JSON.parse(line)).filter(({ type }) => type === "stage.completed");
    expect(shared.map(({ data }) => [data.stage, data.counts, data.drops ?? {}])).toEqual(counted);

    const canaries = await canariesOf(runtime, jobId);
    expect(canaries.length).toBeGreaterThan(20);
    expect(canaries.filter((canary) => text.includes(canary.toLowerCase()))).toEqual([]);
  });

  it("holds nobody who is suppressed, and keeps their place", async () => {
    const runtime = openPlace();
    const jobId = await runCampaignIn(runtime, smallCampaign());
    for await (const { login } of runtime.engine.leads(jobId, { contactable: true })) {
      await runtime.store.addSuppressed(
        await runtime.engine.hashSuppression([{ kind: "login", value: login }]),
      );
      break;
    }
    const { path } = await writeBundle(runtime, jobId, "shared");
    expect((await replayBundle(path)).divergences).toEqual([]);
    const bundle = await openBundle(path);
    expect(await textsOf(bundle)).toMatch(/"~[0-9a-f]{16}"/);
    await bundle.close();
  });

  it("has nothing in common with another one of the same run", async () => {
    const runtime = openPlace();
    const jobId = await runCampaignIn(runtime, smallCampaign());
    const [one, other] = await Promise.all(
      [1, 2].map(async () => {
        const { path } = await writeBundle(runtime, jobId, "shared");
        const bundle = await openBundle(path);
        const items = new Set<string>([bundle.manifest.jobId]);
        for await (const { kind, item, value } of bundle.recording()) {
          if (kind === "search" || kind === "preflight") continue;
          for (const [text] of `${item} ${JSON.stringify(value)}`.matchAll(/[0-9a-f]{16}/g)) items.add(text);
        }
        await bundle.close();
        return items;
      }),
    );
    expect(one?.size).toBeGreaterThan(100);
    expect([...(one ?? [])].filter((item) => other?.has(item))).toEqual([]);
  });
});

async function textsOf(bundle: Awaited<ReturnType<typeof openBundle>>): Promise<string> {
  const texts = [bundle.manifest, await bundle.spec(), await bundle.summary(), await bundle.expected()].map(
    (value) => JSON.stringify(value),
  );
  for await (const line of bundle.eventLines()) texts.push(line);
  for await (const answer of bundle.recording()) texts.push(JSON.stringify(answer));
  return texts.join("\n");
}

/** Everything that names somebody or something in the recording. */
async function canariesOf({ store }: Runtime, jobId: string): Promise<string[]> {
  const found = new Set<string>([jobId, "secret purpose"]);
  const naming =
    /^(?:id|login|name|email|company|location|bio|status|websiteUrl|twitterUsername|profileUrl|url|description|next|viewer)$/;
  const visit = (value: unknown, key: string) => {
    if (typeof value === "string" && naming.test(key) && value.trim().length >= 5) found.add(value.trim());
    if (Array.isArray(value)) for (const one of value) visit(one, key);
    else if (typeof value === "object" && value !== null) {
      for (const [inner, one] of Object.entries(value)) visit(one, inner);
    }
  };
  const { jobs } = await readLineage(store, jobId);
  for await (const { kind, item, value } of readRecording(store, jobs)) {
    if (kind === "activity" || kind === "profile") found.add(item);
    if (kind === "mail_domain" && !/^(?:quickpost|mailbox|fastletter|pigeon)\.example$/.test(item))
      found.add(item);
    visit(value, "");
  }
  return [...found].filter((text) => !/^(?:github|ghost)$/i.test(text));
}
