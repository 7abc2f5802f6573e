import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JobEvent } from "@cmo/engine";
import { carryOut } from "./carry-out.ts";
import type { ChaosDifference } from "./chaos-difference.ts";
import { checkChain } from "./check-chain.ts";
import { compareHistory, compareTexts } from "./compare-remains.ts";
import { createMortality, type LastEffect } from "./mortality.ts";
import { createRehearsal, type Rehearsal, type RehearsalPlan, rehearsalLeaseMs } from "./rehearsal.ts";
import { exportedNames, type Remains, readFolder, readRemains, readStoredEvents } from "./remains.ts";
import { workWithin } from "./work-within.ts";

/** What became of a campaign whose process ended once. */
export interface CrashOutcome {
  /** Null when the campaign did not come to its end. */
  readonly remains: Remains | null;
  /** What is wrong in itself, whatever the undisturbed run came to. */
  readonly faults: readonly ChaosDifference[];
  /** How many requests both processes made. */
  readonly requests: number;
}

/**
 * Lets a process end at an effect, and another one bring the campaign to its end, with files of an earlier export lying
 * where the new ones go. `mostMs` is how long each process may take by the campaign's own time.
 */
export async function crashAt(plan: RehearsalPlan, last: LastEffect, mostMs: number): Promise<CrashOutcome> {
  const rehearsal = await createRehearsal(plan);
  try {
    await placeOlderFiles(rehearsal, plan.jobId);
    const mortality = createMortality(last);
    const first = await rehearsal.start(mortality);
    const early = await workWithin(rehearsal, mostMs, () =>
      Promise.race([carryOut(first, plan, rehearsal.exports), mortality.gone]),
    );
    if (!mortality.isGone()) return unended(rehearsal, early ?? "ended before it came to this effect");
    // A while past the lease; or soon, and then the next process waits for the lease to run out by itself.
    await rehearsal.clock.sleep(last.moment === "before" ? rehearsalLeaseMs + 1_000 : 1_000);

    const second = await rehearsal.start();
    const left = await lookAround(rehearsal, plan.jobId, await readStoredEvents(second.runtime, plan.jobId));
    const problem = await workWithin(rehearsal, mostMs, () => carryOut(second, plan, rehearsal.exports));
    if (problem !== null) return unended(rehearsal, problem);
    const remains = await readRemains(second.runtime, plan.jobId);
    const faults = [
      compareHistory(left.events, remains.events),
      await checkChain(second.runtime, plan.jobId),
      askedAgain(rehearsal, left),
      ...(await compareFiles(rehearsal, left, remains)),
    ];
    return {
      remains,
      faults: faults.filter((fault) => fault !== null),
      requests: rehearsal.requests.length,
    };
  } finally {
    await rehearsal.remove();
  }
}

/** What there is when a process has just ended. */
interface Left {
  readonly events: readonly JobEvent[];
  readonly files: Readonly<Record<string, string | null>>;
  /** The items whose results are stored. */
  readonly answered: ReadonlySet<string>;
  readonly requests: number;
}

async function lookAround(rehearsal: Rehearsal, jobId: string, events: readonly JobEvent[]): Promise<Left> {
  return {
    events,
    files: await readFolder(rehearsal.exports, exportedNames(jobId)),
    answered: new Set(rehearsal.answered()),
    requests: rehearsal.requests.length,
  };
}

function unended(rehearsal: Rehearsal, problem: string): CrashOutcome {
  const fault: ChaosDifference = {
    part: "end",
    place: "the campaign",
    expected: "comes to its end",
    found: problem,
  };
  return { remains: null, faults: [fault], requests: rehearsal.requests.length };
}

/** A request for something whose answer was stored already. */
function askedAgain({ requests }: Rehearsal, left: Left): ChaosDifference | null {
  for (const { ids, operation } of requests.slice(left.requests)) {
    const again = ids.filter((id) => left.answered.has(id));
    if (again.length === 0) continue;
    return {
      part: "requests",
      place: `${operation}, asked again although the answers were stored`,
      expected: "0 items",
      found: `${again.length} of ${ids.length} items`,
    };
  }
  return null;
}

/** Each file is whole: the older one or the new one after the crash, the new one at the end. */
async function compareFiles(
  rehearsal: Rehearsal,
  left: Left,
  { rendered }: Remains,
): Promise<(ChaosDifference | null)[]> {
  const names = Object.keys(rendered);
  const files = await readFolder(rehearsal.exports, names);
  return names.flatMap((name) => {
    const [wanted, before, after] = [rendered[name] ?? null, left.files[name] ?? null, files[name] ?? null];
    return [
      before === olderText ? null : compareTexts("disk", `${name} after the crash`, wanted, before),
      compareTexts("disk", name, wanted, after),
    ];
  });
}

async function placeOlderFiles({ exports }: Rehearsal, jobId: string): Promise<void> {
  for (const name of exportedNames(jobId)) await writeFile(join(exports, name), olderText);
}

const olderText = "A file of an earlier export.\n";
