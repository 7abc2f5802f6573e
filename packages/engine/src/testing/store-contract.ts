import { describe, onTestFinished } from "vitest";
import type { Store } from "../port/store.ts";
import { describeSharing } from "./store-contract-cache.ts";
import { describeClaims } from "./store-contract-claim.ts";
import { describeErasing } from "./store-contract-erase.ts";
import { describeFaults } from "./store-contract-fault.ts";
import { describeFidelity } from "./store-contract-fidelity.ts";
import { describeJobs } from "./store-contract-job.ts";
import { describeLeads } from "./store-contract-lead.ts";
import { describeLogs } from "./store-contract-log.ts";
import { describeMemory } from "./store-contract-memory.ts";
import { describePeople } from "./store-contract-people.ts";
import { describeResults } from "./store-contract-result.ts";

/** A store that was opened for one test, empty, and the hand on its clock. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Moves the store's clock, by which it gives `now` to `decide`; a {@link createFakeClock} fits. */
  readonly clock: { advance(ms: number): Promise<void> };
  /** Puts a text in the place of one that is stored of a job. Absent for a store that keeps no text. */
  damage?(jobId: string, part: DamagedPart, text: string): Promise<void>;
  /** Called when the test is over; `store.close()` is called before it. */
  dispose?(): Promise<void>;
}

/** What a test damages: all of a job's rows of that kind, of its log the second event. */
export type DamagedPart = "spec" | "snapshot" | "event" | "lead" | "task_result" | "checkpoint";

/** How a store is put under its contract. */
export interface StoreContractOptions {
  /** A new, empty store; called once per test. */
  create(): Promise<StoreUnderTest>;
}

/** What every {@link Store} keeps, as tests. Call it at the top of a test file. */
export function describeStoreContract(name: string, { create }: StoreContractOptions): void {
  async function open(): Promise<StoreUnderTest> {
    const opened = await create();
    onTestFinished(async () => {
      await opened.store.close();
      await opened.dispose?.();
    });
    return opened;
  }

  describe(`${name} keeps the contract of a store`, () => {
    describeJobs(open);
    describeLogs(open);
    describeClaims(open);
    describeFaults(open);
    describeResults(open);
    describeLeads(open);
    describeMemory(open);
    describeSharing(open);
    describePeople(open);
    describeErasing(open);
    describeFidelity(open);
  });
}
