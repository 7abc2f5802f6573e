import { openJsonRenderer } from "./json-renderer.ts";
import { openPlainRenderer } from "./plain-renderer.ts";
import type { OutputMode, RendererEntry } from "./renderer.ts";
import { openSilentRenderer } from "./silent-renderer.ts";

/** Every way to show a run: one file and one line each. */
export const renderers: Readonly<Record<OutputMode, RendererEntry>> = {
  tty: {
    open: async (context) => (await import("./tty-renderer.ts")).openTtyRenderer(context),
    report: "stdout",
  },
  plain: { open: openPlainRenderer, report: "stdout" },
  json: { open: openJsonRenderer, report: "stderr" },
  silent: { open: openSilentRenderer, report: "none" },
};
