import { type JobSpec, memorySink } from "@cmo/engine";
import { createNodeHost, openRuntime, runCampaign } from "@cmo/runtime";
import { presets } from "./in-process.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";

/** What a spec comes to in memory, in this process, where nothing happens to it; its files are written into a folder. */
export async function undisturbed(
  spec: JobSpec,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const host = { ...createNodeHost(), env: { CMO_CACHE: "off", ...env }, cwd: folder, home: folder };
  const runtime = await openRuntime({ host, location: "memory" });
  try {
    const { sink, events } = memorySink();
    const { signal } = new AbortController();
    await runCampaign(runtime, { spec, sinks: [sink], signal, directory: folder, presets });
    return await outcomeOf(events, folder);
  } finally {
    await runtime.close();
  }
}
