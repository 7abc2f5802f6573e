import { engineVersion } from "@cmo/engine";
import type { Host } from "../../host/host.ts";
import type { Log } from "../log.ts";
import type { RunListener } from "../run-listener.ts";
import { readOtlpSettings } from "./otlp-settings.ts";
import { createSpanExporter } from "./span-exporter.ts";
import { traceRuns } from "./trace-runs.ts";

/** Traces that are sent to a collector. */
export interface Traces {
  readonly listener: RunListener;
  /** Sends what waits, for at most so long. */
  close(limitMs: number): Promise<void>;
}

/**
 * Traces as the environment wants them. Loaded only when it does, with everything that is only for them.
 * @throws CmoError `config_invalid` for an address that is none.
 */
export function openTraces({ env, clock, random, fetch }: Host, log: Log): Traces {
  const settings = readOtlpSettings(env, (message) => log.warn(message));
  const instance = Array.from({ length: 4 }, () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0"),
  );
  const exporter = createSpanExporter({
    settings,
    origin: {
      resource: {
        "service.version": engineVersion,
        "service.instance.id": instance.join(""),
        ...settings.resource,
      },
      scope: { name: "cmo", version: engineVersion },
    },
    fetch,
    clock,
    random,
    log,
  });
  return {
    listener: traceRuns(
      (span) => exporter.add(span),
      () => clock.now(),
    ),
    close: (limitMs) => exporter.close(limitMs),
  };
}
