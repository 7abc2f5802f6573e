import type { Lead, LeadExporter } from "@cmo/engine";

/** The leads one by one, as a store would give them. */
export async function* streamed(leads: readonly Lead[]): AsyncGenerator<Lead> {
  yield* leads;
}

/** The whole text of a lead file. */
export async function renderText(exporter: LeadExporter, leads: readonly Lead[]): Promise<string> {
  let text = "";
  for await (const piece of exporter.render(streamed(leads), leads.length)) text += piece;
  return text;
}
