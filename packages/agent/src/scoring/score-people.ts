import type { AgentContext, JobSpec } from "@cmo/engine";
import { scoreHistogram } from "../export/distribution.ts";
import type { JudgedPerson } from "../export/rank-leads.ts";
import type { PeopleLedger } from "../extraction/people-ledger.ts";
import { type JudgedProfile, optOutReason } from "../validation/contact-judgement.ts";
import { scorePerson } from "./score-person.ts";

/** How many scores are made between two reports. */
const reportEvery = 500;

/** Scores everybody who was committed and did not opt out; the scoring stage from its start to its end. */
export function scorePeople(
  judged: readonly JudgedProfile[],
  ledger: PeopleLedger,
  spec: JobSpec,
  context: AgentContext,
): JudgedPerson[] {
  const willing = judged.filter(({ judgement }) => judgement.reason !== optOutReason);
  const stage = context.stage("scoring");
  stage.start({ itemsTotal: willing.length });
  const people = willing.map(({ profile, judgement }, index): JudgedPerson => {
    const contributions = ledger.contributionsOf(profile.id);
    const { score } = scorePerson({ profile, contributions, judgement }, spec);
    if ((index + 1) % reportEvery === 0) stage.progress({ itemsProcessed: index + 1 });
    return { profile, contributions, judgement, score };
  });
  stage.progress({ itemsProcessed: people.length, itemsTotal: people.length });
  stage.complete({
    counts: { scored: people.length, weights_version: spec.scoring.version },
    distributions: { scores: scoreHistogram(people.map(({ score }) => score)) },
  });
  return people;
}
