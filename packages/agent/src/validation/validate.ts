import type { AgentContext, MailAnswer, MailPort, PersonProfile } from "@cmo/engine";
import { isDisposableEmailDomain } from "disposable-email-domains-js";
import { type ContactJudgement, judgeEarly, judgeMail } from "./contact-judgement.ts";

/** How many domains are looked up at once. */
const lookupsAtOnce = 8;

/** What {@link validate} needs. */
export interface ValidateOptions {
  context: AgentContext;
  mail: MailPort;
  signal: AbortSignal;
}

/** The judgement of each profile, in their order; each domain is looked up once in a job. */
export async function validate(
  profiles: readonly PersonProfile[],
  { context, mail, signal }: ValidateOptions,
): Promise<ContactJudgement[]> {
  const facts = {
    isReserved: (domain: string) => mail.isReserved(domain),
    isDisposable: isDisposableEmailDomain,
  };
  const early = profiles.map((profile) => judgeEarly(profile, facts));
  const domains = [...new Set(early.flatMap(({ open }) => (open === null ? [] : [open.domain])))];
  const answers = new Map<string, MailAnswer>();
  const outcomes = context.tasks(
    "mail_domain",
    domains.map((id) => ({ id, input: null })),
    async (items, call) =>
      Promise.all(items.map(async ({ id }) => ({ id, value: await mail.lookup(id, call.signal) }))),
    { batchSize: () => lookupsAtOnce, concurrency: 1, signal },
  );
  for await (const { id, value } of outcomes) answers.set(id, value);
  return early.map(
    ({ judgement, open }) => judgement ?? judgeMail(open, answers.get(open.domain) ?? "unknown"),
  );
}
