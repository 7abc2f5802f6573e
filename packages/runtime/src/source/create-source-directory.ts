import type { LeadSources } from "@cmo/agent";
import type { Digest, JobSpec, MailPort, Source } from "@cmo/engine";
import type { RequestLogEntry } from "@cmo/github";
import type { Host } from "../host/host.ts";
import { createDnsMail } from "../mail/dns-mail.ts";
import { openMail } from "../mail/open-mail.ts";
import { openGitHubSource } from "./open-github-source.ts";
import { openSimulatorSource } from "./open-simulator-source.ts";
import { leadsToStandIn } from "./stand-in.ts";

/** Gives each job the source and the mail port that its spec asks for. */
export interface SourceDirectory {
  /** Asks nothing. @throws CmoError `unauthenticated`, `config_invalid` for what the environment lacks. */
  open(spec: JobSpec): Promise<LeadSources>;
  /** GitHub with so many requests at once; the same errors. */
  github(concurrency: number): Promise<Source>;
  /** Mail over real DNS. */
  dnsMail(): MailPort;
}

/** What {@link createSourceDirectory} needs. */
export interface SourceDirectoryOptions {
  host: Host;
  digest: Digest;
  onToken: (token: string) => void;
  onRequest?: ((entry: RequestLogEntry) => void) | undefined;
  /** In place of real DNS. */
  dnsMail?: MailPort | undefined;
}

/**
 * One GitHub source per number of requests at once, since it keeps what it learnt about quota and sizes; one simulator
 * per spec, so that another attempt at a job meets the world as the attempt before left it; one cache of DNS answers.
 */
export function createSourceDirectory({
  host,
  digest,
  onToken,
  onRequest,
  dnsMail,
}: SourceDirectoryOptions): SourceDirectory {
  const github = new Map<number, Promise<Source>>();
  const simulators = new WeakMap<JobSpec, Promise<Source>>();
  let dns = dnsMail;

  function openDns(): MailPort {
    dns ??= createDnsMail();
    return dns;
  }

  function sourceOf(spec: JobSpec): Promise<Source> {
    const { source: settings } = spec;
    if (settings.type === "simulator") {
      const source =
        simulators.get(spec) ??
        openSimulatorSource({ spec, settings, clock: host.clock, random: host.random, digest });
      simulators.set(spec, source);
      return source;
    }
    return openGitHub(settings.concurrency);
  }

  function openGitHub(concurrency: number): Promise<Source> {
    const opening =
      github.get(concurrency) ?? openGitHubSource({ host, digest, concurrency, onToken, onRequest });
    github.set(concurrency, opening);
    // A token that is missing now may be there at the next attempt.
    opening.catch(() => github.delete(concurrency));
    return opening;
  }

  return {
    github: openGitHub,
    dnsMail: openDns,
    async open(spec) {
      return {
        source: await sourceOf(spec),
        mail: await openMail({
          mail: spec.source.mail,
          dns: openDns,
          standIn: spec.source.type === "github" && leadsToStandIn(host.env),
        }),
      };
    },
  };
}
