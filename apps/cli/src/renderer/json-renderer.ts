import { jsonLinesSink } from "@cmo/engine";
import type { Renderer, RendererContext } from "./renderer.ts";

/** The events as NDJSON and nothing else on stdout. */
export async function openJsonRenderer({ terminal }: RendererContext): Promise<Renderer> {
  return {
    sink: jsonLinesSink((text) => terminal.write(text)),
    notice: (text) => (text === null ? undefined : terminal.writeError(`${text}\n`)),
    close: async () => {},
  };
}
