import { resolve } from "node:path";
import { createCampaignSpec, createRuntime, type DoctorCheck, examine } from "@cmo/runtime";
import { configuredApi } from "../place/choose-place.ts";
import type { PlaceOptions } from "../place/place-options.ts";
import { wantsColors } from "../terminal/choose-output.ts";
import { createPaint } from "../view/paint.ts";
import { checkApi } from "./check-api.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import { problemReport, readCampaign } from "./read-campaign.ts";

/** What `cmo doctor` was told. */
export interface DoctorOptions extends Pick<PlaceOptions, "apiBase" | "apiKeyFile"> {
  config?: string;
  exports: string;
  emoji: boolean;
}

/** Looks whether campaigns can run here: 0 when nothing is in the way, 1 otherwise. Never shows a secret. */
export async function doctorCommand(options: DoctorOptions, context: CommandContext): Promise<number> {
  const { host, terminal, interrupts } = context;
  const campaign = options.config === undefined ? null : await readCampaign(context, options);
  const runtime = createRuntime({ host });
  try {
    const show = rowWriter(options, context);
    let healthy = true;
    if (campaign !== null) {
      const message = campaign.ok ? `${campaign.file} is valid` : problemReport(campaign).trimEnd();
      await show({ id: "config", status: campaign.ok ? "ok" : "failed", message, hint: null });
      healthy = campaign.ok;
    }
    const spec = campaign?.ok === true ? await createCampaignSpec(runtime, campaign) : null;
    const directory = resolve(host.cwd, options.exports);
    for await (const check of examine({ runtime, spec, directory, signal: interrupts.signal })) {
      await show(check);
      if (check.status === "failed") healthy = false;
    }
    const baseUrl = configuredApi(options, host.env);
    if (baseUrl !== null) {
      const check = await checkApi(options, host, baseUrl);
      await show(check);
      if (check.status === "failed") healthy = false;
    }
    await terminal.write(healthy ? "\nNothing is in the way.\n" : "\nSomething is in the way; see above.\n");
    return healthy ? exitCode.done : exitCode.failed;
  } finally {
    await runtime.close();
  }
}

function rowWriter({ emoji }: DoctorOptions, { host, terminal }: CommandContext) {
  const paint = createPaint(terminal.isTty() && wantsColors(host.env));
  const marks = {
    ok: paint.good(emoji ? "✔" : "ok     "),
    warning: paint.busy(emoji ? "⚠" : "warning"),
    failed: paint.bad(emoji ? "✖" : "failed "),
    skipped: paint.faint(emoji ? "·" : "skipped"),
  };
  return async ({ id, status, message, hint }: DoctorCheck) => {
    const indent = " ".repeat((emoji ? 2 : 8) + 9);
    const reason = status === "skipped" ? `skipped: ${message}` : message;
    const lines = [reason, ...(hint === null ? [] : [hint])].join("\n").split("\n").join(`\n${indent}`);
    await terminal.write(`${marks[status]} ${id.padEnd(8)} ${lines}\n`);
  };
}
