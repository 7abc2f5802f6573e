import type { Probe } from "@cmo/client";
import { CmoError } from "@cmo/engine";
import type { Environment } from "@cmo/runtime";
import { checkOnePlace, configuredApi, defaultApi } from "../place/choose-place.ts";
import type { ApiCampaigns } from "../place/open-api.ts";
import type { PlaceOptions } from "../place/place-options.ts";
import type { CommandContext } from "./command-context.ts";
import { type RunMode, runModes } from "./run-mode.ts";

/** What decides where a campaign is run. */
export interface WayOptions extends PlaceOptions {
  /** Default: `CMO_MODE`, else auto. */
  mode?: RunMode;
  resume?: string;
  fresh: boolean;
}

/** Where a campaign is run. */
export type Way =
  /** `why` is null where nothing else was possible. */
  | { readonly where: "here"; readonly why: string | null }
  /** `isSure`: nothing else will do. */
  | { readonly where: "api"; readonly api: ApiCampaigns; readonly isSure: boolean };

/**
 * Decides where a campaign is run. In mode auto the API is asked whether it is there, once and for a short time.
 * @throws CmoError `usage` for flags that go to different places, and for a `CMO_MODE` or `CMO_PROBE_MS` that is none.
 */
export async function chooseWay(options: WayOptions, { host }: CommandContext): Promise<Way> {
  const { env } = host;
  checkOnePlace(options);
  const mode = options.mode ?? modeOf(env);
  const stay = reasonToStay(options);
  checkFlags(options, { mode, stay });
  if (mode === "inproc") return { where: "here", why: null };
  if (stay !== null) return { where: "here", why: stay.why };
  const configured = configuredApi(options, env);
  if (mode === "auto" && configured === null && env.CMO_STORE === "memory") {
    return { where: "here", why: "CMO_STORE=memory keeps the job in this process" };
  }
  const { openApi } = await import("../place/open-api.ts");
  const api = await openApi({ options, host, baseUrl: configured ?? defaultApi });
  if (mode === "api") return { where: "api", api, isSure: true };
  const timeoutMs = probeTimeOf(env);
  const probe = await api.client.probe({ timeoutMs });
  return probe.reachable
    ? { where: "api", api, isSure: false }
    : { where: "here", why: whyNot(probe, api.place.name, timeoutMs) };
}

/** A flag that makes sense only in this process. */
interface Stay {
  readonly flag: string;
  readonly why: string;
}

function reasonToStay({ store, resume, fresh }: WayOptions): Stay | null {
  if (resume !== undefined) return { flag: "--resume", why: "--resume goes on with a job in this process" };
  if (store !== undefined) return { flag: "--store", why: "--store names a store of this machine" };
  return fresh ? { flag: "--fresh", why: "--fresh asks the source from this process" } : null;
}

/** What the environment says gives way to a flag; two flags that do not go together are a mistake. */
function checkFlags(options: WayOptions, { mode, stay }: { mode: RunMode; stay: Stay | null }): void {
  if (options.apiBase !== undefined && mode === "inproc") {
    const saidBy = options.mode === undefined ? "CMO_MODE=inproc" : "--mode inproc";
    throw new CmoError("usage", `${saidBy} runs the campaign here, and --api-base names an API.`, {
      hint: "Leave out one of them, or say --mode api.",
    });
  }
  const toApi = options.mode === "api" ? "--mode api" : options.apiBase === undefined ? null : "--api-base";
  if (stay === null || toApi === null) return;
  throw new CmoError("usage", `${stay.flag} works in this process only: it cannot be used with ${toApi}.`, {
    hint:
      stay.flag === "--resume"
        ? "Through an API a job goes on with: cmo resume JOB; cmo watch JOB shows it."
        : `Leave out ${stay.flag}, or ${toApi}.`,
  });
}

function modeOf({ CMO_MODE: text }: Environment): RunMode {
  if (text === undefined || text === "") return "auto";
  const mode = runModes.find((one) => one === text);
  if (mode !== undefined) return mode;
  throw new CmoError("usage", `CMO_MODE: ${JSON.stringify(text)} is no way to run a campaign.`, {
    hint: `Set it to ${runModes.join(", ")}, or not at all.`,
  });
}

/** Nobody should have to wait for an API that is not there. */
const defaultProbeMs = 300;

function probeTimeOf({ CMO_PROBE_MS: text }: Environment): number {
  if (text === undefined || text === "") return defaultProbeMs;
  const timeoutMs = Number(text);
  if (/^\d{1,5}$/.test(text) && timeoutMs > 0) return timeoutMs;
  throw new CmoError("usage", `CMO_PROBE_MS: ${JSON.stringify(text)} is no number of milliseconds.`, {
    hint: `Set it to a whole number up to 99999, or not at all (${defaultProbeMs}).`,
  });
}

function whyNot({ reason }: Extract<Probe, { reachable: false }>, name: string, timeoutMs: number): string {
  switch (reason) {
    case "refused":
      return `no API answers at ${name}`;
    case "timeout":
      return `no API answered at ${name} within ${timeoutMs} ms; --mode api would wait for it`;
    case "not_cmo":
      return `what answers at ${name} is not cmo`;
    case "unhealthy":
      return `the API at ${name} says that it is not well`;
    default:
      return reason satisfies never;
  }
}
