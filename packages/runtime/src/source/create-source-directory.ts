import type { LeadSources } from "@cmo/agent";
import type { Digest, JobSpec, MailPort, Source, Store } from "@cmo/engine";
import type { GitHubAccount, RequestLogEntry } from "@cmo/github";
import type { Host } from "../host/host.ts";
import { createDnsMail } from "../mail/dns-mail.ts";
import { openMail } from "../mail/open-mail.ts";
import { answerScopesOf, isCacheOn } from "./answer-scope.ts";
import { openGitHubAccount, openUnaskedGitHub } from "./open-github-account.ts";
import { openSimulatorSource } from "./open-simulator-source.ts";
import { leadsToStandIn } from "./stand-in.ts";

/** Gives each job the source and the mail port that its spec asks for. */
export interface SourceDirectory {
  /** For a job of this tenant. Asks nothing. @throws CmoError `unauthenticated`, `config_invalid` for what the environment lacks. */
  open(spec: JobSpec, job: { readonly tenant: string }): Promise<LeadSources>;
  /** GitHub with so many requests at once; the same errors. */
  github(concurrency: number): Promise<Source>;
  /** Mail over real DNS. */
  dnsMail(): MailPort;
}

/** What {@link createSourceDirectory} needs. */
export interface SourceDirectoryOptions {
  host: Host;
  digest: Digest;
  /** Where answers are kept, and the quota of a token is shared. */
  store: Store;
  /** Use no answer of another job. */
  fresh?: boolean | undefined;
  onToken: (token: string) => void;
  onRequest?: ((entry: RequestLogEntry) => void) | undefined;
  /** In place of real DNS. */
  dnsMail?: MailPort | undefined;
}

/**
 * One GitHub account, since all jobs share what it learnt about quota and sizes, and a source of it for each run of a
 * job, which keeps to the job's own number of requests at once; one simulator per spec, so that another attempt at a
 * job meets the world as the attempt before left it; one cache of DNS answers.
 * @throws CmoError `config_invalid` for a value of `CMO_CACHE` that is none.
 */
export function createSourceDirectory({
  host,
  digest,
  store,
  fresh = false,
  onToken,
  onRequest,
  dnsMail,
}: SourceDirectoryOptions): SourceDirectory {
  // What is wrong with the environment is told before a job begins.
  isCacheOn(host.env);
  let github: Promise<GitHubAccount> | null = null;
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
        openSimulatorSource({ spec, settings, clock: host.clock, random: host.random, digest, onRequest });
      simulators.set(spec, source);
      return source;
    }
    const open = () => openGitHub(settings.concurrency);
    return spec.limits.maxRequests === 0 ? openUnaskedGitHub({ host, digest }, open) : open();
  }

  async function openGitHub(concurrency: number): Promise<Source> {
    github ??= openGitHubAccount({ host, digest, store, onToken, onRequest });
    try {
      return (await github).source(concurrency);
    } catch (error) {
      // A token that is missing now may be there at the next attempt.
      github = null;
      throw error;
    }
  }

  return {
    github: openGitHub,
    dnsMail: openDns,
    async open(spec, { tenant }) {
      return {
        source: await sourceOf(spec),
        mail: await openMail({
          mail: spec.source.mail,
          dns: openDns,
          standIn: spec.source.type === "github" && leadsToStandIn(host.env),
        }),
        ...answerScopesOf(spec, { tenant, env: host.env, digest, fresh }),
      };
    },
  };
}
