import type { Job } from "../job/job.ts";
import type { Agent } from "../port/agent.ts";
import type { Calendar } from "../port/calendar.ts";
import type { Clock } from "../port/clock.ts";
import type { Digest } from "../port/digest.ts";
import type { WorkLimits } from "../port/job-query.ts";
import type { Random } from "../port/random.ts";
import type { Store } from "../port/store.ts";

/** What an engine is made of, with every default filled in. */
export interface EngineParts {
  readonly store: Store;
  readonly agent: Agent;
  readonly clock: Clock;
  readonly random: Random;
  readonly digest: Digest;
  readonly calendar: Calendar | undefined;
  readonly leaseMs: number;
  readonly pollMs: number;
  readonly limits: WorkLimits | undefined;
  /** Takes secrets out of text that is to be logged. */
  redact(text: string): string;
  /** What the end of a dry job says beside its outcome; empty for others. */
  dryRun(job: Job): Readonly<Record<string, unknown>>;
}
