import { findClaimFault } from "../job/job-fault.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { seededRandom } from "../testing/seeded-random.ts";
import { describeStoreContract } from "../testing/store-contract.ts";
import { describeStoreModel } from "../testing/store-model.ts";
import { createMemoryStore } from "./memory-store.ts";

const options = {
  async create() {
    const clock = createFakeClock();
    return {
      clock,
      store: createMemoryStore({ clock, random: seededRandom(1), claimFault: findClaimFault }),
    };
  },
};

describeStoreContract("The store in memory", options);
describeStoreModel("The store in memory", options);
