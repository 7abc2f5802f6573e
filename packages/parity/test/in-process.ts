import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Lead, memorySink, parseCampaign } from "@cmo/engine";
import { createCampaignSpec, openRuntime, runCampaign } from "@cmo/runtime";
import { createHastyHost, standingStill } from "./hasty-host.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";

/** The presets that every path writes too. */
export const presets = ["hubspot", "salesforce", "attio"] as const;

/** Runs a campaign in this process, with its jobs in memory or in a file, and gives what it came to. */
export async function runHere(
  config: Readonly<Record<string, unknown>>,
  { folder, store }: { readonly folder: string; readonly store: "memory" | "cmo.db" },
): Promise<Outcome & { readonly leads: readonly Lead[] }> {
  await mkdir(folder, { recursive: true });
  const runtime = await openRuntime({ host: createHastyHost(folder), location: store });
  try {
    const parsed = parseCampaign(config);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
    const spec = await createCampaignSpec(standingStill(runtime), { config: parsed.value });
    const { sink, events } = memorySink();
    const directory = join(folder, "exports");
    const { signal } = new AbortController();
    const { summary } = await runCampaign(runtime, { spec, sinks: [sink], signal, directory, presets });
    const leads: Lead[] = [];
    for await (const lead of runtime.engine.leads(summary.jobId ?? "")) leads.push(lead);
    return { ...(await outcomeOf(events, directory)), leads };
  } finally {
    await runtime.close();
  }
}
