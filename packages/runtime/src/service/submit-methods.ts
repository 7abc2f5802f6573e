import {
  type CampaignService,
  type ConfigRequest,
  fieldProblemOf,
  instantOf,
  type Submission,
  type SubmitRequest,
} from "@cmo/contract";
import {
  baselineOf,
  type CampaignConfig,
  createJobId,
  findSubmission,
  type Job,
  type JobSpec,
  type SubmitOptions,
  scheduleOf,
  submitOnce,
} from "@cmo/engine";
import { createCampaignSpec } from "../campaign/create-campaign-spec.ts";
import { nodeDigest } from "../host/node-digest.ts";
import { cronCalendar } from "../schedule/cron-calendar.ts";
import { campaignProblems } from "./campaign-problems.ts";
import { canonicalRequest } from "./canonical-request.ts";
import { readConfig } from "./read-config.ts";
import { readSubmitRequest, requestWarnings } from "./read-submit-request.ts";
import type { ServiceParts } from "./service-parts.ts";
import { readStartTime } from "./start-time.ts";

/** Campaigns before they are jobs. */
export function submitMethods(
  parts: ServiceParts,
): Pick<CampaignService, "submit" | "configSchema" | "validate" | "estimate"> {
  const { engine, store, host } = parts.runtime;
  const read = ({ config, set }: ConfigRequest) => readConfig(config, set, new Date(host.clock.now()));

  /** As it would be frozen now. */
  const specOf = async (config: CampaignConfig) =>
    engine.withBaseline(await createCampaignSpec(parts.runtime, { config }), { tenant: parts.tenant });

  async function put(request: SubmitRequest, idempotencyKey: string | undefined): Promise<Job> {
    const { tenant } = parts;
    const once = { tenant, owner: tenant, request: canonicalRequest(request), digest: nodeDigest };
    if (idempotencyKey !== undefined) {
      // What the request led to then counts, whatever it would lead to now: a file of the server may have changed.
      const known = await findSubmission(store, { ...once, idempotencyKey }, host.clock.now());
      if (known !== null) return known;
    }
    const resolved = await readSubmitRequest(parts, request);
    if (!resolved.ok) throw campaignProblems(resolved.problems);
    const { spec, configText } = resolved.value;
    const options: SubmitOptions = { tenant, configText, ...queueOptions(request, host.clock.now()) };
    if (idempotencyKey === undefined) return engine.submit(spec, options);
    const jobId = createJobId(host.clock.now(), host.random);
    return (await submitOnce(engine, spec, { ...options, ...once, idempotencyKey, jobId })).job;
  }

  return {
    async submit(request, { idempotencyKey } = {}) {
      return submissionOf(await put(request, idempotencyKey), request);
    },
    async configSchema() {
      // Asked for by who writes a config, and by nobody who runs one.
      const { campaignJsonSchema } = await import("../config/campaign-json-schema.ts");
      return { ...campaignJsonSchema() };
    },
    async validate(request) {
      const config = read(request);
      if (!config.ok) {
        return { valid: false, problems: config.problems.map(fieldProblemOf), warnings: [], campaign: null };
      }
      const spec = await specOf(config.value);
      const { name, goal, targetLeads, pushedSince, source, onlyNew } = spec;
      return {
        valid: true,
        problems: [],
        warnings: config.warnings.map(fieldProblemOf),
        campaign: {
          name,
          goal,
          targetLeads,
          pushedSince,
          source: source.type,
          ...(onlyNew === undefined ? {} : { onlyNew: { baseline: baselineOf(spec) } }),
          schedule: scheduleViewOf(spec, host.clock.now()),
        },
      };
    },
    async estimate(request) {
      const config = read(request);
      if (!config.ok) throw campaignProblems(config.problems);
      const spec = await specOf(config.value);
      const estimate = engine.estimate(spec);
      return {
        goal: spec.goal,
        targetLeads: spec.targetLeads,
        estimate: estimate === null ? null : { ...estimate, assumptions: [...estimate.assumptions] },
        spec: { ...spec },
        warnings: config.warnings.map(fieldProblemOf),
      };
    },
  };
}

/** The schedule with its next times, by the clock of this machine. */
function scheduleViewOf(spec: JobSpec, now: number) {
  const schedule = scheduleOf(spec);
  if (schedule === null) return null;
  const { cron, timeZone } = schedule;
  const next: string[] = [];
  for (let last: number | null = now; next.length < shownTimes; ) {
    last = cronCalendar.nextTime(schedule, last);
    const text = last === null ? null : instantOf(last);
    if (last === null || text === null) break;
    next.push(text);
  }
  return { cron, timeZone, next };
}

const shownTimes = 3;

function queueOptions({ priority, notBefore }: SubmitRequest, now: number): SubmitOptions {
  return {
    ...(priority === undefined ? {} : { priority }),
    ...(notBefore === undefined ? {} : { notBefore: readStartTime(notBefore, now) }),
  };
}

function submissionOf({ id, spec, priority, notBefore, createdAt }: Job, request: SubmitRequest): Submission {
  return {
    jobId: id,
    name: spec.name,
    goal: spec.goal,
    targetLeads: spec.targetLeads,
    priority,
    notBefore: notBefore === 0 ? null : instantOf(notBefore),
    createdAt: instantOf(createdAt) ?? "",
    warnings: requestWarnings(request).map(fieldProblemOf),
  };
}
