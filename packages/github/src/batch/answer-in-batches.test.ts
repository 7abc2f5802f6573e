import { expect, test } from "vitest";
import { collect, createScene, idsOf } from "../../test/fixture.ts";
import { answerPeople, badGateway } from "../../test/scripted-fetch.ts";

test("ids whose batch failed are never asked for at that size again, even when others made the size grow", async () => {
  const failed: number[] = [];
  const scene = createScene((request) => {
    const ids = request.variables.ids as string[];
    const isHeavy = ids.includes("U_1") || ids.includes("U_2");
    if (!isHeavy || ids.length <= 2) return answerPeople(request);
    failed.push(ids.length);
    return badGateway();
  });
  const heavy = collect(scene.source.people(idsOf(8), scene.call));
  const light = async () => {
    for (let round = 0; round < 60; round += 1) {
      await collect(scene.source.people(idsOf(scene.source.batchSize("people"), `L${round}_`), scene.call));
      await scene.clock.sleep(50);
    }
  };
  const [answers] = await scene.clock.run(Promise.all([heavy, light()]));
  expect(answers).toHaveLength(8);
  expect(failed).toEqual([8, 4]);
});
