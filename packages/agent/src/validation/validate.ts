import {
  type AgentContext,
  CmoError,
  type MailAnswer,
  type MailPort,
  type PersonProfile,
  type SourceCall,
  type TaskAnswer,
} from "@cmo/engine";
import { type AnswerCache, dayMs, taskCache } from "../memory/answer-cache.ts";
import { type JudgedProfile, judgeEarly, judgeMail } from "./contact-judgement.ts";

/** How many domains are looked up at once. */
const lookupsAtOnce = 8;

/** What {@link validate} needs. */
export interface ValidateOptions {
  context: AgentContext;
  mail: MailPort;
  /** Null: every job asks for itself. */
  mailCache: AnswerCache | null;
  isDisposable(domain: string): boolean;
  signal: AbortSignal;
}

/** What {@link validate} gives. */
export interface Validation {
  /** The judgement of each profile, in their order. */
  readonly judged: readonly JudgedProfile[];
  /** Whether every domain was looked up, which a job that is brought to its end early does not do. */
  readonly isWhole: boolean;
}

/** Judges each profile; each domain is looked up once in a job. */
export async function validate(
  profiles: readonly PersonProfile[],
  { context, mail, mailCache, isDisposable, signal }: ValidateOptions,
): Promise<Validation> {
  const facts = { isReserved: (domain: string) => mail.isReserved(domain), isDisposable };
  const early = profiles.map((profile) => ({ profile, ...judgeEarly(profile, facts) }));
  const domains = [...new Set(early.flatMap(({ open }) => (open === null ? [] : [open.domain])))];
  const answers = new Map<string, MailAnswer>();
  const outcomes = context.tasks(
    "mail_domain",
    domains.map((id) => ({ id, input: null })),
    (items, call) => Promise.all(items.map(({ id }) => lookUp(id, mail, call))),
    { batchSize: () => 1, concurrency: lookupsAtOnce, signal, ...taskCache(mailCache, dayMs) },
  );
  for await (const { id, value } of outcomes) answers.set(id, value);
  return {
    judged: early.map(({ profile, judgement, open }) => ({
      profile,
      judgement: judgement ?? judgeMail(open, answers.get(open.domain) ?? "not_checked"),
    })),
    isWhole: answers.size === domains.length,
  };
}

/** What an aborted look-up answers is no answer: stored, it would stay with the job after a pause. */
async function lookUp(id: string, mail: MailPort, { signal }: SourceCall): Promise<TaskAnswer<MailAnswer>> {
  const value = await mail.lookup(id, signal);
  if (signal.aborted) throw new CmoError("cancelled", "The look-up was given up.");
  // That nobody could be asked today says nothing about tomorrow.
  return value === "unknown" ? { id, value, unshared: true } : { id, value };
}
