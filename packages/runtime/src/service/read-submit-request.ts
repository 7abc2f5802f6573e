import type { SubmitRequest } from "@cmo/contract";
import { type CampaignConfig, type JobSpec, type Problem, parseJobSpec, type Result } from "@cmo/engine";
import { createCampaignSpec } from "../campaign/create-campaign-spec.ts";
import { keptConfigText } from "../config/kept-config-text.ts";
import { createRedaction } from "../host/redact-text.ts";
import { cronCalendar } from "../schedule/cron-calendar.ts";
import { readConfig } from "./read-config.ts";
import { readServerConfig } from "./read-server-config.ts";
import type { ServiceParts } from "./service-parts.ts";

type GoalRequest = Exclude<SubmitRequest, { config: unknown } | { spec: unknown }>;

/** What a request asks for. */
export interface ResolvedRequest {
  readonly spec: JobSpec;
  /** See `SubmitOptions.configText`. */
  readonly configText: string | null;
}

/** Reads a request in any of its forms into the job that it asks for. Never rejects for what is wrong with it. */
export async function readSubmitRequest(
  parts: ServiceParts,
  request: SubmitRequest,
): Promise<Result<ResolvedRequest>> {
  const now = new Date(parts.runtime.host.clock.now());
  if ("spec" in request) return withText(readSpec(parts, request.spec), () => null);
  if ("config" in request) {
    const { config, set } = request;
    const resolved = await resolve(parts, readConfig(config, set, now));
    return withText(resolved, () => keptText(parts, config, set));
  }
  return readGoalRequest(parts, request, now);
}

/**
 * What a request says without effect, or likely does not mean. Depends on nothing but the request, so that the same
 * request is always told the same: what a file of the server says without effect is its operator's to know.
 */
export function requestWarnings(request: SubmitRequest): readonly Problem[] {
  if ("spec" in request) return [];
  if ("config" in request) return warningsOf(readConfig(request.config, request.set));
  const ofSet = warningsOf(readConfig({}, request.set));
  const message = "has no effect; it is accepted for older callers";
  return [...(request.metadata === undefined ? [] : [{ path: ["metadata"], message }]), ...ofSet];
}

function warningsOf(read: Result<unknown>): readonly Problem[] {
  return read.ok ? read.warnings : [];
}

/** A spec as it is: the hashes of whom it leaves out were made by this store, or leave out nobody. */
function readSpec({ runtime }: ServiceParts, value: unknown): Result<JobSpec> {
  const parsed = parseJobSpec(value, { calendar: cronCalendar });
  if (!parsed.ok) return parsed;
  const { agent } = runtime;
  const spec = parsed.value;
  const problems: Problem[] = [];
  if (spec.agent.name !== agent.name) {
    problems.push({ path: ["agent", "name"], message: `must be ${agent.name}`, suggestion: agent.name });
  } else {
    const plan = agent.plan(spec);
    if (plan.join("\n") !== spec.plan.join("\n")) {
      problems.push({ path: ["plan"], message: `must be the stages of the agent: ${plan.join(", ")}` });
    }
  }
  return problems.length === 0 ? parsed : { ok: false, problems };
}

async function readGoalRequest(
  parts: ServiceParts,
  { goal, config_path: path, set }: GoalRequest,
  now: Date,
): Promise<Result<ResolvedRequest>> {
  if (goal === undefined && path === undefined) {
    return {
      ok: false,
      problems: [{ path: ["goal"], message: "is missing; give a config, a spec, a goal or a config_path" }],
    };
  }
  const config =
    path === undefined
      ? readConfig({}, set, now)
      : await readServerConfig(parts.configDirectory, path, { set, now });
  const resolved = await resolve(parts, config);
  // Of a file of the server its values, which the job tells anyhow, and not its text, which is the operator's.
  const text = () => (config.ok && path !== undefined ? keptText(parts, { ...config.value }, set) : null);
  if (!resolved.ok || goal === undefined) return withText(resolved, text);
  // In place of what the template gave, not of the template: what stands in braces in it is text.
  const { schedule, ...spec } = resolved.value;
  const { goal: _template, ...kept } = schedule ?? {};
  const worded = parseJobSpec({
    ...spec,
    goal: goal.trim(),
    ...(schedule === undefined ? {} : { schedule: kept }),
  });
  return withText(worded, text);
}

function withText(resolved: Result<JobSpec>, text: () => string | null): Result<ResolvedRequest> {
  return resolved.ok ? { ...resolved, value: { spec: resolved.value, configText: text() } } : resolved;
}

function keptText(
  { runtime }: ServiceParts,
  config: string | Readonly<Record<string, unknown>>,
  set: readonly string[] | undefined,
): string | null {
  return keptConfigText(config, { set, ...createRedaction(runtime.host.env) });
}

async function resolve({ runtime }: ServiceParts, config: Result<CampaignConfig>): Promise<Result<JobSpec>> {
  if (!config.ok) return config;
  return { ...config, value: await createCampaignSpec(runtime, { config: config.value }) };
}
