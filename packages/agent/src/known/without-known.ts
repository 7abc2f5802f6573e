import { type AgentContext, baselineOf, type JobSpec, type PersonProfile } from "@cmo/engine";
import { profileTask } from "../enrichment/stored-profile.ts";
import { asksNotToBeContacted } from "../validation/opt-out.ts";
import { changedFields } from "./changed-fields.ts";
import { type KnownAnswer, knownTask } from "./known-answer.ts";

/** What {@link withoutKnown} needs. */
export interface KnownOptions {
  spec: Pick<JobSpec, "onlyNew">;
  context: AgentContext;
  signal: AbortSignal;
}

/** What {@link withoutKnown} gives. */
export interface NewPeople {
  /** Those who are new, in their order; all, for a campaign that has no baseline. */
  readonly profiles: readonly PersonProfile[];
  /** The answers for those who are not. */
  readonly known: readonly KnownAnswer[];
}

/**
 * Leaves out whom the campaign exported before. Each answer is stored: notes come and go, and a job that goes on, or is
 * replayed where there are none, leaves out the same people. Of whoever wants not to be contacted nothing is asked or
 * compared; that is said of them, and nothing else.
 */
export async function withoutKnown(
  profiles: readonly PersonProfile[],
  { spec, context, signal }: KnownOptions,
): Promise<NewPeople> {
  if (baselineOf(spec) === null) return { profiles, known: [] };
  const asked = new Map(profiles.filter((one) => !asksNotToBeContacted(one)).map((one) => [one.id, one]));
  const answers = new Map<string, KnownAnswer>();
  const outcomes = context.tasks<null, KnownAnswer>(
    knownTask,
    [...asked.keys()].map((id) => ({ id, input: null })),
    async (items) => {
      const known = await context.knownAmong(items.map(({ id }) => id));
      const before = await context.baselineResults(profileTask, [...known]);
      return items.map(({ id }) => {
        const profile = asked.get(id);
        const isKnown = known.has(id) && profile !== undefined;
        const changed = isKnown ? changedFields(before.get(id), profile) : null;
        return { id, value: { known: isKnown, changed } };
      });
    },
    { signal, asksNobody: true },
  );
  for await (const { id, value } of outcomes) answers.set(id, value);
  return {
    profiles: profiles.filter(({ id }) => answers.get(id)?.known !== true),
    known: [...answers.values()].filter(({ known }) => known),
  };
}
