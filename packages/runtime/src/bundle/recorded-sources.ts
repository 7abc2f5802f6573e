import type { RecordedAnswer } from "@cmo/bundle";
import { CmoError, type JobSpec, type MailPort, type Source } from "@cmo/engine";
import { openMail } from "../mail/open-mail.ts";
import { isReservedDomain } from "../mail/reserved-domain.ts";
import type { SourceDirectory } from "../source/create-source-directory.ts";

/** The results of one search that GitHub lets anybody reach; pages beyond it were never asked for. */
const searchWindow = 1_000;

/** What {@link createRecordedSources} needs to know. */
export interface RecordedSourcesOptions {
  readonly spec: JobSpec;
  /** The name of the source that was asked. */
  readonly sourceId: string;
  /** Whether imaginary domains were answered for, as those of a stand-in on the operator's machine are. */
  readonly hasImaginaryDomains: boolean;
}

/**
 * Sources that answer nothing: all answers are read back before anybody is asked. What they are called, how far a search
 * reaches, and which domains nobody can have an address at is as it was in the run.
 */
export function createRecordedSources(options: RecordedSourcesOptions): SourceDirectory {
  const source: Source = {
    id: options.sourceId,
    concurrency: options.spec.source.concurrency,
    searchWindow,
    batchSize: () => 100,
    preflight: refuse,
    searchRepositories: refuse,
    repositoryActivity: refuse,
    people: refuse,
  };
  return {
    async open() {
      const { mail, type } = options.spec.source;
      const standIn = type === "github" && options.hasImaginaryDomains;
      return { source, mail: await openMail({ mail, dns: () => reservedOnly, standIn }) };
    },
    github: async () => source,
    dnsMail: () => reservedOnly,
  };
}

/** The mail port of a recorded run, for what can be said of domains without asking. */
export async function openRecordedMail(
  spec: JobSpec,
  { hasImaginaryDomains }: Pick<RecordedSourcesOptions, "hasImaginaryDomains">,
): Promise<MailPort> {
  const sources = createRecordedSources({ spec, sourceId: "recorded", hasImaginaryDomains });
  return (await sources.open(spec, { tenant: "local" })).mail;
}

/** Whether a domain was answered for that only a stand-in has. */
export function isOfImaginaryDomain({ kind, item }: RecordedAnswer): boolean {
  return kind === "mail_domain" && /\.(?:example|test|invalid)$/.test(item);
}

function refuse(): never {
  throw new CmoError("not_recorded", "A replay asks nobody.");
}

const reservedOnly: MailPort = { isReserved: isReservedDomain, lookup: refuse };
