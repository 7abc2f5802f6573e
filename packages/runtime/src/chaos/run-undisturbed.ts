import { CmoError } from "@cmo/engine";
import { carryOut } from "./carry-out.ts";
import { createMortality } from "./mortality.ts";
import { createRehearsal, type RehearsalPlan } from "./rehearsal.ts";
import { type Remains, readRemains } from "./remains.ts";
import { workWithin } from "./work-within.ts";

/** What a campaign came to whose process lived. */
export interface Undisturbed {
  readonly remains: Remains;
  /** The kinds of its effects, in order. */
  readonly effects: readonly string[];
  /** How many requests it made. */
  readonly requests: number;
  /** How long it took by its own time. */
  readonly durationMs: number;
}

/** Runs a campaign to its end in one process. @throws CmoError `internal` when there is no end within three days. */
export async function runUndisturbed(plan: RehearsalPlan): Promise<Undisturbed> {
  const rehearsal = await createRehearsal(plan);
  try {
    const mortality = createMortality();
    const process = await rehearsal.start(mortality);
    const problem = await workWithin(rehearsal, longestMs, () => carryOut(process, plan, rehearsal.exports));
    if (problem !== null) {
      throw new CmoError("internal", `The undisturbed campaign has no end to compare with: ${problem}.`);
    }
    const durationMs = rehearsal.clock.now() - plan.now;
    const effects = [...mortality.effects()];
    const requests = rehearsal.requests.length;
    const { runtime } = await rehearsal.start();
    return { remains: await readRemains(runtime, plan.jobId), effects, requests, durationMs };
  } finally {
    await rehearsal.remove();
  }
}

const longestMs = 3 * 86_400_000;
