import { type CmoError, type JobSpec, toCmoError } from "@cmo/engine";
import { findGitHubToken, resolveGitHubEndpoints } from "@cmo/github";
import { checkExportDirectory } from "../export/check-export-directory.ts";
import type { Runtime } from "../runtime/create-runtime.ts";
import { checkStore } from "./check-store.ts";
import { createDoctorCall } from "./doctor-call.ts";
import type { DoctorCheck } from "./doctor-check.ts";

/** What {@link examine} looks at. */
export interface ExamineOptions {
  runtime: Runtime;
  /** The campaign that it is for; null when it is for none in particular, and the network is then no duty. */
  spec: JobSpec | null;
  /** Where files would go. */
  directory: string;
  signal: AbortSignal;
}

/** Looks whether campaigns can run here, one check after the other, each told as soon as it is known. */
export async function* examine(options: ExamineOptions): AsyncGenerator<DoctorCheck> {
  yield checkNode(options.runtime.host.nodeVersion);
  yield await checkExports(options.directory);
  yield await checkStore(options.runtime.host);
  const token = await checkToken(options);
  yield token;
  yield await checkApi(options, token);
  yield await checkDns(options);
}

const oldestNode = [20, 19] as const;

function checkNode(version: string): DoctorCheck {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isOld = major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
  return isOld
    ? failed("node", `Node ${version} is too old.`, `Install Node ${oldestNode.join(".")} or later.`)
    : ok("node", `Node ${version}`);
}

async function checkExports(directory: string): Promise<DoctorCheck> {
  try {
    await checkExportDirectory(directory);
    return ok("exports", `Files can be written to ${directory}`);
  } catch (error) {
    return ofError("exports", toCmoError(error), "failed");
  }
}

async function checkToken({ runtime: { host }, spec }: ExamineOptions): Promise<DoctorCheck> {
  if (spec?.source.type === "simulator") return skipped("token", "The simulator needs no token");
  try {
    const { from } = await findGitHubToken({ env: host.env, runGh: (hostname) => host.runGh(hostname) });
    return ok("token", `A token was found in ${from === "gh" ? "gh auth token" : from}`);
  } catch (error) {
    return ofError("token", toCmoError(error), spec === null ? "warning" : "failed");
  }
}

async function checkApi({ runtime, spec, signal }: ExamineOptions, token: DoctorCheck): Promise<DoctorCheck> {
  if (spec?.source.type === "simulator") return skipped("api", "The simulator runs in this process");
  if (token.status !== "ok") return skipped("api", "There is no token to ask with");
  try {
    const { apiUrl } = resolveGitHubEndpoints(runtime.host.env);
    const call = createDoctorCall(signal);
    const source = await runtime.sources.github(spec?.source.concurrency ?? 1);
    const { notes } = await source.preflight(call);
    const quota = call.quota();
    const left =
      quota === null ? "" : `, ${quota.remaining} of ${quota.limit} points left until ${quota.resetAt}`;
    const [note] = notes;
    return note === undefined
      ? ok("api", `${apiUrl} accepts the token${left}`)
      : { id: "api", status: "warning", message: `${apiUrl} accepts the token${left}`, hint: note.message };
  } catch (error) {
    return ofError("api", toCmoError(error), spec === null ? "warning" : "failed", runtime.redact);
  }
}

/** A domain that has taken mail for as long as there has been mail. */
const knownDomain = "gmail.com";

async function checkDns({ runtime, spec, signal }: ExamineOptions): Promise<DoctorCheck> {
  if (spec !== null && spec.source.mail !== "dns") {
    return skipped("dns", `The campaign has mail: ${spec.source.mail}`);
  }
  const answer = await runtime.sources.dnsMail().lookup(knownDomain, signal);
  return answer === "ok"
    ? ok("dns", "Name servers answer questions about mail")
    : {
        id: "dns",
        status: "warning",
        message: `No name server told whether ${knownDomain} takes mail (${answer}).`,
        hint: "Runs go on, with every mxStatus unknown. Check the network, or set source.mail to none.",
      };
}

function ok(id: string, message: string): DoctorCheck {
  return { id, status: "ok", message, hint: null };
}

function skipped(id: string, message: string): DoctorCheck {
  return { id, status: "skipped", message, hint: null };
}

function failed(id: string, message: string, hint: string): DoctorCheck {
  return { id, status: "failed", message, hint };
}

function ofError(
  id: string,
  error: CmoError,
  status: "warning" | "failed",
  redact: (text: string) => string = (text) => text,
): DoctorCheck {
  return {
    id,
    status,
    message: redact(error.message),
    hint: error.hint === null ? null : redact(error.hint),
  };
}
