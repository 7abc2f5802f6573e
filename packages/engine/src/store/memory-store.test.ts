import { createFakeClock } from "../testing/fake-clock.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { describeStoreContract } from "../testing/store-contract.ts";
import { createMemoryStore } from "./memory-store.ts";

describeStoreContract("The store in memory", {
  async create() {
    const clock = createFakeClock();
    return { clock, store: createMemoryStore({ clock, random: seededRandom(1) }) };
  },
});
