import { join } from "node:path";
import {
  type Engine,
  isTerminalEvent,
  type Job,
  type JobEvent,
  parseCampaign,
  type Store,
} from "@cmo/engine";
import { createCampaignSpec, createNodeHost, exportJob, openRuntime } from "@cmo/runtime";
import { expect } from "vitest";
import { presets } from "./in-process.ts";
import { outcomeOf } from "./outcome.ts";
import { undisturbed } from "./undisturbed.ts";

/** Whoever puts jobs in and looks at them, in this process, beside workers in processes of their own. */
export interface FleetFront {
  readonly store: Store;
  readonly engine: Engine;
  /** Puts a campaign in, and gives its id. */
  submit(config: Readonly<Record<string, unknown>>): Promise<string>;
  /** Everything that a reader is given who reads from the beginning until the job has ended. */
  read(jobId: string): Promise<readonly JobEvent[]>;
  /**
   * Expects of jobs that have ended that they are complete and came to what nothing happened to: no gap in a log, one
   * end, and the outcome of the same spec alone. Gives them with their logs. `told` is said when it is otherwise.
   */
  expectUndisturbed(jobIds: readonly string[], told: () => string): Promise<readonly LookedAt[]>;
  close(): Promise<void>;
}

/** A job as it stands in the store, and its log. */
export interface LookedAt {
  readonly job: Job;
  readonly log: readonly JobEvent[];
}

/** What a {@link FleetFront} is told. */
export interface FleetFrontOptions {
  /** Of the database, past everything that stands between it and a worker. */
  readonly store: string;
  readonly folder: string;
  /** What the source of the run to which nothing happens needs. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Opens a {@link FleetFront}. */
export async function openFleetFront({
  store: url,
  folder,
  env = {},
}: FleetFrontOptions): Promise<FleetFront> {
  const host = { ...createNodeHost(), env: { CMO_CACHE: "off", ...env }, cwd: folder, home: folder };
  const runtime = await openRuntime({ host, location: url });
  const { engine, store } = runtime;

  async function lookAt(jobId: string, told: () => string): Promise<LookedAt> {
    const job = await store.readJob(jobId);
    const log = await store.readEvents(jobId, 0, 100_000);
    if (job === null) throw new Error(`There is no ${jobId}.`);
    expect(job.status, told()).toBe("completed");
    expect(log.map(({ seq }) => seq)).toEqual(log.map((_event, place) => place + 1));
    expect(log.filter(isTerminalEvent)).toHaveLength(1);
    const directory = join(folder, "exported", jobId);
    await exportJob({ engine, jobId, directory, presets });
    const alone = await undisturbed(job.spec, join(folder, "alone", jobId), env);
    expect(await outcomeOf(log, directory), told()).toEqual(alone);
    return { job, log };
  }

  return {
    store,
    engine,
    async submit(value) {
      const parsed = parseCampaign(value);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
      const { id } = await engine.submit(await createCampaignSpec(runtime, { config: parsed.value }));
      return id;
    },
    async read(jobId) {
      const events: JobEvent[] = [];
      for await (const event of engine.watch(jobId)) events.push(event);
      return events;
    },
    expectUndisturbed: (jobIds, told) => Promise.all(jobIds.map((jobId) => lookAt(jobId, told))),
    close: () => runtime.close(),
  };
}
