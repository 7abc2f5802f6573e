import { createCliSinks, type JobEvent } from "@cmo/engine";
import { timeLeftText } from "@cmo/view";
import { followRun } from "./follow-run.ts";
import type { Renderer, RendererContext } from "./renderer.ts";

/** Lines that stay, without control codes: for logs, pipes and CI. */
export async function openPlainRenderer(context: RendererContext): Promise<Renderer> {
  const { terminal, emoji, learnGrounds } = context;
  const run = followRun(learnGrounds);
  let unknownTold: string | null = null;

  /** A log has its own time: what is said in a line is of when that happened. */
  function timeLeft(event: JobEvent): string | null {
    const estimate = run.estimate(Date.parse(event.at));
    const text = timeLeftText(estimate);
    if (estimate?.state !== "unknown") return text;
    // That nothing is known is said once, and not in every line.
    if (text === unknownTold) return null;
    unknownTold = text;
    return text;
  }

  const write = (text: string) => void terminal.write(text);
  const { renderer } = createCliSinks({ noEmoji: !emoji, write, remark: timeLeft });
  return {
    async sink(event) {
      await run.take(event);
      await renderer(event);
    },
    notice: (text) => (text === null ? undefined : terminal.writeError(`${text}\n`)),
    close: async () => {},
  };
}
