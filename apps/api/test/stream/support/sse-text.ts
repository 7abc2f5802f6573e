import type { JobEvent } from "@cmo/engine";

/** What a text of server-sent events says, read as the standard says, whole events only. */
export interface SseReading {
  readonly events: readonly { readonly id: string | null; readonly data: string }[];
  readonly retries: readonly string[];
  readonly comments: number;
  /** Names of fields that were there. */
  readonly fields: ReadonlySet<string>;
}

/** Reads a text of server-sent events. What has no end yet is not read. */
export function readSse(text: string): SseReading {
  const events: { id: string | null; data: string }[] = [];
  const retries: string[] = [];
  const fields = new Set<string>();
  let comments = 0;
  let id: string | null = null;
  let data: string[] = [];
  const lines = text.split("\n");
  lines.pop();
  for (const line of lines) {
    if (line === "") {
      if (data.length > 0) events.push({ id, data: data.join("\n") });
      id = null;
      data = [];
      continue;
    }
    const colon = line.indexOf(":");
    if (colon === 0) {
      comments += 1;
      continue;
    }
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = line.slice(colon + 1).replace(/^ /, "");
    fields.add(name);
    if (name === "id") id = value;
    if (name === "data") data.push(value);
    if (name === "retry") retries.push(value);
  }
  return { events, retries, comments, fields };
}

/** The events of a text of server-sent events. */
export function sseEvents(text: string): JobEvent[] {
  return readSse(text).events.map(({ data }) => JSON.parse(data) as JobEvent);
}
