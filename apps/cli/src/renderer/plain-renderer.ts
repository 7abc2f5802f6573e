import { createCliSinks } from "@cmo/engine";
import type { Renderer, RendererContext } from "./renderer.ts";

/** Lines that stay, without control codes: for logs, pipes and CI. */
export async function openPlainRenderer({ terminal, emoji }: RendererContext): Promise<Renderer> {
  const { renderer } = createCliSinks({ noEmoji: !emoji, write: (text) => void terminal.write(text) });
  return {
    sink: renderer,
    notice: (text) => (text === null ? undefined : terminal.writeError(`${text}\n`)),
    close: async () => {},
  };
}
