import { promises } from "node:dns";
import type { MailAnswer, MailPort } from "@cmo/engine";
import { isReservedDomain } from "./reserved-domain.ts";
import { createSlots } from "./slots.ts";

/** The slice of Node's resolver that is used here. */
export interface MailResolver {
  resolveMx(domain: string): Promise<readonly { exchange: string; priority: number }[]>;
  resolve4(domain: string): Promise<readonly string[]>;
  resolve6(domain: string): Promise<readonly string[]>;
}

/** How {@link createDnsMail} looks up. */
export interface DnsMailOptions {
  /** Default: a resolver of Node's, 2 s and two tries. */
  resolver?: MailResolver;
  /** Look-ups at once. Default 8. */
  concurrency?: number;
}

/**
 * Mail by DNS: one look-up per domain for as long as the port lives, whoever asks and however often. Says whether a
 * domain takes mail and nothing about mailboxes; no mail server is ever contacted. A failing name server gives `unknown`,
 * which is asked again next time.
 */
export function createDnsMail({ resolver = nodeResolver(), concurrency = 8 }: DnsMailOptions = {}): MailPort {
  const known = new Map<string, Promise<MailAnswer>>();
  const slots = createSlots(concurrency);
  let honest: Promise<boolean> | null = null;

  /**
   * Whether the name server tells the truth about a domain that certainly takes mail. Networks that let nothing out
   * often answer that no name exists; that is an outage, and an outage rejects nobody.
   */
  function isHonest(): Promise<boolean> {
    honest ??= lookUp(resolver, knownDomain).then((answer) => answer !== "no_mail");
    return honest;
  }

  async function lookUpHonestly(domain: string): Promise<MailAnswer> {
    const answer = await lookUp(resolver, domain);
    return answer === "no_mail" && !(await isHonest()) ? "unknown" : answer;
  }

  function lookUpOnce(domain: string): Promise<MailAnswer> {
    const before = known.get(domain);
    if (before !== undefined) return before;
    const answer = slots.run(() => lookUpHonestly(domain));
    known.set(domain, answer);
    void answer.then((found) => {
      if (found === "unknown") known.delete(domain);
    });
    return answer;
  }

  return {
    isReserved: isReservedDomain,
    lookup: (domain, signal) => untilAborted(lookUpOnce(domain.toLowerCase().replace(/\.$/, "")), signal),
  };
}

/** Has had MX records for decades. */
const knownDomain = "gmail.com";

/** Waits double with each try, so Node's four tries would take 7 s on a dead server; these take 4 (measured). */
function nodeResolver(): MailResolver {
  return new promises.Resolver({ timeout: 2_000, tries: 2 });
}

async function lookUp(resolver: MailResolver, domain: string): Promise<MailAnswer> {
  try {
    const records = await resolver.resolveMx(domain);
    const [only] = records;
    if (only === undefined) return lookUpAddress(resolver, domain);
    // RFC 7505: one record of priority 0 without a host says that the domain takes no mail. Node gives its "." as "".
    const isNull =
      records.length === 1 && only.priority === 0 && (only.exchange === "" || only.exchange === ".");
    return isNull ? "no_mail" : "ok";
  } catch (error) {
    return codeOf(error) === "ENODATA" ? lookUpAddress(resolver, domain) : answerOf(error);
  }
}

/** RFC 5321, section 5.1: without an MX record, the host of that name is the mail server. */
async function lookUpAddress(resolver: MailResolver, domain: string): Promise<MailAnswer> {
  const found = await Promise.all(
    [resolver.resolve4(domain), resolver.resolve6(domain)].map((asked) =>
      asked.then(
        (addresses): MailAnswer => (addresses.length > 0 ? "weak" : "no_mail"),
        (error): MailAnswer => (codeOf(error) === "ENODATA" ? "no_mail" : answerOf(error)),
      ),
    ),
  );
  if (found.includes("weak")) return "weak";
  return found.includes("unknown") ? "unknown" : "no_mail";
}

/** Only an answer of the DNS that there is no such name, or a name that cannot be one, is a reason to reject. */
function answerOf(error: unknown): MailAnswer {
  const code = codeOf(error);
  return code === "ENOTFOUND" || code === "EBADNAME" ? "no_mail" : "unknown";
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** The look-up itself goes on: others may be waiting for it, and it is bounded by its own time-out. */
function untilAborted(answer: Promise<MailAnswer>, signal: AbortSignal | undefined): Promise<MailAnswer> {
  if (signal === undefined) return answer;
  if (signal.aborted) return Promise.resolve("unknown");
  return new Promise((resolve) => {
    const stop = () => resolve("unknown");
    signal.addEventListener("abort", stop, { once: true });
    void answer.then((found) => {
      signal.removeEventListener("abort", stop);
      resolve(found);
    });
  });
}
