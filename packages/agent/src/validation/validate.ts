import {
  type AgentContext,
  CmoError,
  type MailAnswer,
  type MailPort,
  type PersonProfile,
  type SourceCall,
} from "@cmo/engine";
import { type JudgedProfile, judgeEarly, judgeMail } from "./contact-judgement.ts";

/** How many domains are looked up at once. */
const lookupsAtOnce = 8;

/** What {@link validate} needs. */
export interface ValidateOptions {
  context: AgentContext;
  mail: MailPort;
  isDisposable(domain: string): boolean;
  signal: AbortSignal;
}

/** The judgement of each profile, in their order; each domain is looked up once in a job. */
export async function validate(
  profiles: readonly PersonProfile[],
  { context, mail, isDisposable, signal }: ValidateOptions,
): Promise<JudgedProfile[]> {
  const facts = { isReserved: (domain: string) => mail.isReserved(domain), isDisposable };
  const early = profiles.map((profile) => ({ profile, ...judgeEarly(profile, facts) }));
  const domains = [...new Set(early.flatMap(({ open }) => (open === null ? [] : [open.domain])))];
  const answers = new Map<string, MailAnswer>();
  const outcomes = context.tasks(
    "mail_domain",
    domains.map((id) => ({ id, input: null })),
    (items, call) => Promise.all(items.map(({ id }) => lookUp(id, mail, call))),
    { batchSize: () => 1, concurrency: lookupsAtOnce, signal },
  );
  for await (const { id, value } of outcomes) answers.set(id, value);
  return early.map(({ profile, judgement, open }) => ({
    profile,
    judgement: judgement ?? judgeMail(open, answers.get(open.domain) ?? "not_checked"),
  }));
}

/** What an aborted look-up answers is no answer: stored, it would stay with the job after a pause. */
async function lookUp(
  id: string,
  mail: MailPort,
  { signal }: SourceCall,
): Promise<{ id: string; value: MailAnswer }> {
  const value = await mail.lookup(id, signal);
  if (signal.aborted) throw new CmoError("cancelled", "The look-up was given up.");
  return { id, value };
}
