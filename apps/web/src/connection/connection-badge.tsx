import type { Connection } from "@cmo/client";
import type { JSX } from "preact";
import { durationText } from "../text/format.ts";

/** What the connection to the server is doing, in words that are read out when they change. */
export function ConnectionBadge({ connection }: { readonly connection: Connection | null }): JSX.Element {
  const { mark, text } = told(connection);
  return (
    <span class={`connection connection-${mark}`} role="status">
      <span class="dot" aria-hidden="true" />
      {text}
    </span>
  );
}

function told(connection: Connection | null): { mark: string; text: string } {
  switch (connection?.state) {
    case undefined:
    case "connecting":
      return connection !== null && connection.error !== null
        ? { mark: "waiting", text: "Reconnecting…" }
        : { mark: "connecting", text: "Connecting…" };
    case "live":
      return { mark: "live", text: "Live" };
    case "waiting":
      return { mark: "waiting", text: `Reconnecting${downFor(connection)}…` };
    case "ended":
      return { mark: "ended", text: "Ended" };
  }
}

function downFor(connection: Connection | null): string {
  const downForMs = connection?.downForMs ?? 0;
  return downForMs < 1_000 ? "" : `, not heard for ${durationText(downForMs)}`;
}
