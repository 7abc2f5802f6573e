import { describe, expect, it } from "vitest";
import { createTestEngine } from "../../test/support/test-engine.ts";
import { threeStageAgent } from "../../test/support/three-stage-agent.ts";
import { memorySink } from "../sink/memory-sink.ts";

describe("x", () => {
  it("runs", async () => {
    const test = createTestEngine(threeStageAgent());
    const { sink, events } = memorySink();
    const s = await test.until(test.engine.runInproc(test.spec(), [sink]));
    console.log(JSON.stringify(s, null, 1), events.map((e) => `${e.seq} ${e.type} ${JSON.stringify(e.data)}`).join("\n"));
    expect(s.ok).toBe(true);
  });
});
