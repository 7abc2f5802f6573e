import { createLeadAgent } from "@cmo/agent";
import {
  type Agent,
  createMemoryStore,
  createUnifiedEngine,
  type Engine,
  findClaimFault,
  type MailPort,
  type Store,
  type WorkLimits,
} from "@cmo/engine";
import { leadExporters, measureExport } from "@cmo/exporters";
import type { RequestLogEntry } from "@cmo/github";
import type { Host } from "../host/host.ts";
import { nodeDigest } from "../host/node-digest.ts";
import { createRedaction } from "../host/redact-text.ts";
import { cronCalendar } from "../schedule/cron-calendar.ts";
import { createSourceDirectory, type SourceDirectory } from "../source/create-source-directory.ts";

/** What {@link createRuntime} is made of. */
export interface RuntimeOptions {
  host: Host;
  /** Where jobs are kept; closed with the runtime. Default: in memory. */
  store?: Store;
  /** How long a worker may be silent before its job goes to another. Default 30,000 ms. */
  leaseMs?: number;
  /** How much of the queue may be worked on at once, with all other workers of the store. Default: all of it. */
  limits?: WorkLimits;
  /** Told of every HTTP request; no secrets, nothing about people. */
  onRequest?: (entry: RequestLogEntry) => void;
  /** Use no answer that another job was given; others may use those of this runtime's jobs. */
  fresh?: boolean;
  /** In place of real DNS. */
  dnsMail?: MailPort;
  /** In place of the lead agent. */
  agent?: Agent;
  /** In place of the sources that the environment gives. */
  sources?: SourceDirectory;
}

/** An engine with its store, its sources and its agent, as the environment wants them. */
export interface Runtime {
  readonly host: Host;
  readonly engine: Engine;
  readonly agent: Agent;
  readonly store: Store;
  readonly sources: SourceDirectory;
  /** Takes secrets and addresses out of text that is to be shown. */
  redact(text: string): string;
  close(): Promise<void>;
}

/**
 * The composition root: every program that runs campaigns in its own process gets its engine here. Asks nothing and
 * opens no connection by itself. @throws CmoError `config_invalid` for variables of the environment that cannot be used.
 */
export function createRuntime(options: RuntimeOptions): Runtime {
  const { host } = options;
  const redaction = createRedaction(host.env);
  const store =
    options.store ??
    createMemoryStore({ clock: host.clock, random: host.random, claimFault: findClaimFault });
  const sources =
    options.sources ??
    createSourceDirectory({
      host,
      digest: nodeDigest,
      store,
      fresh: options.fresh,
      onToken: redaction.addSecret,
      onRequest: options.onRequest,
      dnsMail: options.dnsMail,
    });
  const agent =
    options.agent ??
    createLeadAgent({
      openSources: (spec, job) => sources.open(spec, job),
      exporters: leadExporters.filter((exporter) => exporter.rows === "all"),
      measure: measureExport,
      digest: nodeDigest,
    });
  const engine = createUnifiedEngine({
    agent,
    store,
    clock: host.clock,
    random: host.random,
    digest: nodeDigest,
    calendar: cronCalendar,
    redact: redaction.redact,
    ...(options.leaseMs === undefined ? {} : { leaseMs: options.leaseMs }),
    ...(options.limits !== undefined && { limits: options.limits }),
  });
  return { host, engine, agent, store, sources, redact: redaction.redact, close: () => store.close() };
}
