import { createContext, runInContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createFakeClock } from "../src/testing/fake-clock.ts";
import { seededRandom } from "../src/testing/seeded-random.ts";
import { testDigest } from "../src/testing/test-digest.ts";
import { bundleNeutral } from "./support/bundle.ts";

/** What a program in the bare context is given: the ports, and nothing of the host beside them. */
const ports = () => ({ clock: createFakeClock(), random: seededRandom(3), digest: testDigest });

/** A context with the language's built-ins and `AbortController`, and nothing else. */
function bareContext(extra: Record<string, unknown>) {
  const context = createContext({ AbortController, AbortSignal, ...extra });
  runInContext("delete globalThis.console; delete globalThis.WebAssembly;", context);
  return context;
}

const campaign = `(async () => {
  const { createUnifiedEngine, parseCampaign, createJobSpec, createCliSinks, memorySink, renderSummary } = cmo;
  const agent = {
    name: "neutral",
    version: "1.0.0",
    plan: () => ["find", "look", "export"],
    async run(spec, context) {
      const find = context.stage("find");
      find.start({ itemsTotal: 3 });
      const found = [];
      const items = [1, 2, 3].map((input) => ({ id: String(input), input }));
      const double = async (batch, call) => {
        const tool = call.startTool("double", batch.length);
        await clock.sleep(1_000, call.signal);
        tool.complete({ ok: true, cost: 1, cached: false, error: null });
        return batch.map(({ id, input }) => ({ id, value: input * 2 }));
      };
      for await (const { value } of context.tasks("double", items, double, { batchSize: () => 2 })) found.push(value);
      find.complete({ counts: { repos_matched: found.length } });
      context.stage("look").start();
      await clock.sleep(60_000, context.signal);
      context.stage("look").complete();
      context.stage("export").start();
      context.metric({ contactable: found.length });
      context.stage("export").complete();
    },
  };
  const parsed = parseCampaign({ name: "neutral", source: "simulator", params: { language: "Go", target_leads: 3 } });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const spec = createJobSpec(parsed.value, { agent, now: new Date(clock.now()) });
  const engine = createUnifiedEngine({ agent, clock, random, digest });
  let text = "";
  const { renderer } = createCliSinks({ noEmoji: true, write: (chunk) => { text += chunk; } });
  const memory = memorySink();
  const summary = await engine.runInproc(spec, [renderer, memory.sink]);
  return JSON.stringify({ summary, text, types: memory.events.map((event) => event.type), rendered: renderSummary(summary) });
})()`;

describe("the engine, bundled for no platform", () => {
  it("has nothing of a host in the context that it is run in", () => {
    const names = runInContext("Object.getOwnPropertyNames(globalThis).join()", bareContext(ports())).split(
      ",",
    );
    for (const name of [
      "setTimeout",
      "setImmediate",
      "queueMicrotask",
      "console",
      "process",
      "Buffer",
      "require",
      "TextEncoder",
      "URL",
      "structuredClone",
      "crypto",
      "performance",
      "fetch",
      "Event",
    ]) {
      expect(names).not.toContain(name);
    }
    expect(names).toContain("AbortController");
    expect(names).toContain("Promise");
  });

  it("runs a whole campaign of three stages there", async () => {
    const { text, contents } = await bundleNeutral("src/index.ts");
    const given = ports();
    const context = bareContext(given);
    runInContext(text, context);
    const work = runInContext(campaign, context) as Promise<string>;
    const result = JSON.parse(await given.clock.runUntil(Promise.resolve(work)));
    expect(result.summary).toMatchObject({
      ok: true,
      status: "completed",
      durationMs: 61_000,
      targetMet: true,
      counts: { reposMatched: 3, contactable: 3 },
      quota: { requests: 2, points: 2 },
    });
    expect(result.types.at(0)).toBe("job.queued");
    expect(result.types.at(-1)).toBe("job.completed");
    expect(result.text).toContain("[2/3] look");
    expect(result.rendered).toContain("3 contactable leads of 3 wanted");
    console.log(
      `The whole public entry, not minified: ${contents.length} bytes, ${gzipSync(contents).length} gzip`,
    );
  });

  it("does nothing when it is imported", async () => {
    const { text } = await bundleNeutral("src/index.ts");
    const trap = new Proxy(() => {}, {
      apply: () => expect.unreachable("called while importing"),
      construct: () => expect.unreachable("constructed while importing"),
    });
    const context = createContext({ AbortController: trap, Date: trap });
    runInContext("Math.random = undefined; delete globalThis.console;", context);
    expect(() => runInContext(text, context)).not.toThrow();
  });

  it("says how big it is", async () => {
    const { run } = await import(new URL("../bench/size.mjs", import.meta.url).href);
    const figures = await run();
    // The search, the lists and the erasing of a store in memory are no part of what a page loads at once.
    expect(figures[0].onDemand).toBeGreaterThan(1_000);
    for (const { name, value, limit } of figures) {
      console.log(`${name}: ${value} bytes${limit === null ? "" : ` of ${limit}`}`);
      expect(value).toBeGreaterThan(1_000);
    }
  });
});

describe("the testing entry", () => {
  it("carries neither vitest nor anything else that it was not given", async () => {
    const { inputs, text } = await bundleNeutral("src/testing/index.ts", {
      external: ["vitest"],
      format: "esm",
    });
    const outside = Object.keys(inputs).filter((path) => path.includes("node_modules"));
    expect(outside.filter((path) => !/\/(valibot|eventemitter3)\//.test(path))).toEqual([]);
    const external = Object.values(inputs).flatMap(({ imports }) => imports.filter((one) => one.external));
    expect(new Set(external.map((one) => one.path))).toEqual(new Set(["vitest"]));
    expect(text.length).toBeLessThan(300_000);
  });
});
