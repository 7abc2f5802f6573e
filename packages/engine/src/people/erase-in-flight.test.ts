import { describe, expect, it } from "vitest";
import { createUnifiedEngine } from "../engine/unified-engine.ts";
import type { Agent } from "../port/agent.ts";
import { createMemoryStore } from "../store/memory-store.ts";
import { buildSpec } from "../testing/build-campaign.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { testDigest } from "../testing/test-digest.ts";
import { erasePerson } from "./erase-person.ts";

const people: NonNullable<Agent["people"]> = {
  peopleIn: ({ value }) => [value as { id: string; login: string; email: null }],
  belongingsIn: () => [],
  about: ({ value }) => value,
  without: () => null,
};

describe("S35 erasePerson", () => {
  it("reaches whom a worker has just asked for, though nothing of them is stored yet", async () => {
    const clock = createFakeClock();
    const store = createMemoryStore({ clock, random: seededRandom(1) });
    const asked: string[] = [];
    let answer = () => {};
    const agent: Agent = {
      name: "asking",
      version: "1",
      plan: () => [],
      people,
      async run(_, context) {
        const results = context.tasks("profile", [{ id: "U_ada", input: null }], async ([item]) => {
          asked.push(item?.id ?? "");
          // The first answer is on its way while the person is erased.
          if (asked.length === 1) await new Promise<void>((resolve) => (answer = resolve));
          const [isSuppressed] = await context.suppressed([{ kind: "login", value: "ada" }]);
          const login = asked.length === 1 || isSuppressed === false ? "ada" : "";
          return [{ id: "U_ada", value: { id: "U_ada", login, email: null } }];
        });
        for await (const _ of results);
      },
    };
    const engine = createUnifiedEngine({ agent, clock, random: seededRandom(2), digest: testDigest, store });
    const running = engine.runInproc(buildSpec({ agent }), [], { jobId: "job_1" });
    while (asked.length === 0) await clock.advance(1);

    const parts = { store, agent, clock, digest: testDigest };
    expect(await erasePerson(parts, "ada")).toMatchObject({ found: false, suppressed: 1, state: "done" });
    answer();
    await clock.runUntil(running);
    expect(asked).toHaveLength(2);
    const stored = await store.readTaskResults("job_1", "profile", ["U_ada"]);
    expect(stored.get("U_ada")?.value).not.toContain('"login":"ada"');
    expect((await engine.job("job_1"))?.status).toBe("completed");
  });
});
