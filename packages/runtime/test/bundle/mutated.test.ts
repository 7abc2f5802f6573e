import { type BundleParts, bundlePieces, openBundle, type RecordedAnswer } from "@cmo/bundle";
import { parseJobSpec } from "@cmo/engine";
import { describe, expect, it } from "vitest";
import type { Divergence } from "../../src/bundle/compare-outcomes.ts";
import { replayBundle } from "../../src/bundle/replay-bundle.ts";
import { fileOf, openPlace, runCampaignIn, smallCampaign, writeBundle } from "./bundle-place.ts";

describe("a recording that is not what it was", () => {
  it.each([
    ["search", "discovery"],
    ["activity", "extraction"],
    ["profile", "enrichment"],
    ["mail_domain", "validation"],
  ])("lacks an answer to a %s: the replay names it, and its stage", async (kind, stage) => {
    let missing = "";
    const first = await replayOf({
      change: (answer) => {
        if (answer.kind !== kind || missing !== "") return answer;
        missing = answer.item;
        return null;
      },
    });
    expect(first).toMatchObject({ part: "recording", stage, item: `${kind} ${missing}` });
    expect(first?.found).toContain("not in the recording");
  });

  it("was asked another question: the replay names the item", async () => {
    const first = await replayOf({
      change: (answer) => (answer.kind === "search" ? { ...answer, input: "0".repeat(64) } : answer),
    });
    expect(first).toMatchObject({ part: "recording", stage: "discovery", item: "search q0#0" });
  });

  it("has an answer that changes a count: the replay names the first event with it", async () => {
    let mutated = 0;
    const first = await replayOf({
      change: (answer) => {
        if (answer.kind !== "profile" || emailOf(answer) === null || mutated > 0) return answer;
        mutated += 1;
        const { profile } = answer.value as { profile: object };
        return { ...answer, value: { profile: { ...profile, email: null }, missing: null } };
      },
    });
    expect(first).toMatchObject({ part: "log", event: "stage.completed", stage: "validation" });
    expect(first?.item).toContain("stage.completed of validation: ");
    expect(first?.expected).not.toBe(first?.found);
  });

  it("has an answer that changes a file only: the replay names the file", async () => {
    const first = await replayOf({
      change: (answer) => {
        const { profile } = answer.value as { profile?: { bio: string | null } | null };
        if (answer.kind !== "profile" || profile?.bio !== null) return answer;
        return { ...answer, value: { profile: { ...profile, bio: "Something else." }, missing: null } };
      },
    });
    expect(first).toMatchObject({ part: "log", event: "artifact.created", stage: "export" });
  });

  it("is of another spec: the replay names what was queued, or asked", async () => {
    const first = await replayOf({ spec: { targetLeads: 14 } });
    expect(first).toMatchObject({ part: "log" });
  });

  it("is replayed by a changed agent: what it asks beside is named", async () => {
    const { divergences } = await replayBundle(await fileOf(await original()), {
      wrapAgent: (agent) => ({
        ...agent,
        async run(spec, context) {
          for await (const _one of context.tasks(
            "profile",
            [{ id: "U_nobody", input: null }],
            async () => [],
          ));
          return agent.run(spec, context);
        },
      }),
    });
    expect(divergences[0]).toMatchObject({ part: "recording", item: "profile U_nobody" });
  });
});

let written: Buffer | null = null;

/** The bytes of one bundle for all tests. */
async function original(): Promise<Buffer> {
  if (written === null) {
    const runtime = openPlace();
    written = (await writeBundle(runtime, await runCampaignIn(runtime, smallCampaign()))).content;
  }
  return written;
}

function emailOf({ value }: RecordedAnswer): unknown {
  return (value as { profile: { email: string | null } | null }).profile?.email ?? null;
}

interface Mutation {
  readonly change?: (answer: RecordedAnswer) => RecordedAnswer | null;
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** Writes the bundle again with something changed, as somebody might who knows the format; the first divergence. */
async function replayOf({ change = (one) => one, spec = {} }: Mutation): Promise<Divergence | undefined> {
  const bundle = await openBundle(await fileOf(await original()));
  const { manifest } = bundle;
  const changed = parseJobSpec({ ...(await bundle.spec()), ...spec });
  if (!changed.ok) throw new Error(JSON.stringify(changed.problems));
  async function* recording() {
    for await (const answer of bundle.recording()) {
      const next = change(answer);
      if (next !== null) yield next;
    }
  }
  const parts: BundleParts = {
    facts: { ...manifest, expectedFrom: manifest.expected.from, jobs: manifest.recording.jobs },
    config: await bundle.config(),
    spec: changed.value,
    events: bundle.events(),
    recording: recording(),
    summary: (await bundle.summary()) as BundleParts["summary"],
    expected: await bundle.expected(),
  };
  const pieces: Uint8Array[] = [];
  for await (const piece of bundlePieces(parts)) pieces.push(piece);
  await bundle.close();
  const { divergences, verdict } = await replayBundle(await fileOf(Buffer.concat(pieces)));
  expect(verdict).toBe("different");
  return divergences[0];
}
