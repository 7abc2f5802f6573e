import { canonicalJson } from "../json/canonical-json.ts";
import { isCanonical } from "./is-canonical.ts";
import { asKnownEvent, type JobEvent } from "./job-event.ts";

/**
 * The part of a job's log that must be the same on every path, however often the job was interrupted: one line of
 * canonical JSON per event, without `seq`, `at`, `jobId`; per stage in plan order (stages outside the plan after
 * those, by name), then the artifacts, the data logs and the job events. The order between events of different,
 * overlapping stages is no part of it. Source: architecture, section 5, "Sameness".
 */
export function canonicalLog(events: Iterable<JobEvent>): string[] {
  let plan: readonly string[] = [];
  let started = false;
  const stages = new Map<string, string[]>();
  const artifacts: string[] = [];
  const logs: string[] = [];
  const jobs: string[] = [];

  for (const raw of events) {
    const event = asKnownEvent(raw);
    if (event === null || !isCanonical(event)) continue;
    switch (event.type) {
      case "job.queued": {
        const { parentJobId: _parent, baselineJobId: _baseline, ...data } = event.data;
        plan = event.data.plan;
        jobs.push(line(event.type, data));
        break;
      }
      case "job.started":
        if (!started) jobs.push(line(event.type, {}));
        started = true;
        break;
      case "job.completed":
        jobs.push(line(event.type, event.data));
        break;
      case "job.failed":
        jobs.push(line(event.type, { code: event.data.error.code }));
        break;
      case "job.cancelled":
        jobs.push(line(event.type, {}));
        break;
      case "stage.started":
        push(stages, event.data.stage, line(event.type, { stage: event.data.stage }));
        break;
      case "stage.completed":
        push(stages, event.data.stage, line(event.type, event.data));
        break;
      case "artifact.created": {
        const { kind, rows, digest, partial } = event.data;
        artifacts.push(line(event.type, { kind, rows, digest, partial }));
        break;
      }
      case "log":
        logs.push(line(event.type, event.data));
        break;
      default:
        event satisfies never;
    }
  }

  const order = [...plan, ...[...stages.keys()].filter((stage) => !plan.includes(stage)).sort()];
  return [...order.flatMap((stage) => stages.get(stage) ?? []), ...artifacts.sort(), ...logs.sort(), ...jobs];
}

function line(type: string, data: unknown): string {
  return canonicalJson({ type, data });
}

function push(stages: Map<string, string[]>, stage: string, text: string): void {
  const list = stages.get(stage);
  if (list === undefined) stages.set(stage, [text]);
  else list.push(text);
}
