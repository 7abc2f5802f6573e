import { type AgentContext, CmoError, type JobSpec } from "@cmo/engine";
import { scoreHistogram } from "../export/distribution.ts";
import { readContributions } from "../extraction/contribution.ts";
import { recordCollection, type WorkingMemory } from "../memory/working-memory.ts";
import { scorePerson } from "./score-person.ts";
import { willingPeople } from "./willing-person.ts";

/** Somebody with a score: as little as ranking needs, since all of them are kept in mind. */
export interface RankedPerson {
  readonly id: string;
  /** Their place among the willing. */
  readonly place: number;
  readonly score: number;
  readonly contactable: boolean;
}

/** What {@link scorePeople} needs. */
export interface ScoreOptions {
  spec: JobSpec;
  context: AgentContext;
  memory: WorkingMemory;
  /** How many people did not opt out. */
  willing: number;
  /** How many of them were scored before an interruption. */
  scored: number;
  /** Keeps a checkpoint: so many were scored. */
  save(scored: number, changes: Parameters<WorkingMemory["save"]>[1]): Promise<void>;
}

/** So many people are scored between two checkpoints. */
const scoredAtOnce = 1_000;

/** Scores everybody who was committed and did not opt out; the scoring stage from its start to its end. */
export async function scorePeople(options: ScoreOptions): Promise<RankedPerson[]> {
  const { spec, context, memory, willing, save } = options;
  const stage = context.stage("scoring");
  stage.start({ itemsTotal: willing });
  const people = await readScores(memory, options.scored);
  while (people.length < willing) {
    const page = await scorePage(people.length);
    for (const person of page) people.push(person);
    await save(people.length, [
      scores.put(
        String(Math.ceil(people.length / scoredAtOnce) - 1),
        page.map(({ id, score, contactable }) => [id, score, contactable ? 1 : 0]),
      ),
    ]);
    stage.progress({ itemsProcessed: people.length });
  }
  stage.progress({ itemsProcessed: people.length, itemsTotal: people.length });
  stage.complete({
    counts: { scored: people.length, weights_version: spec.scoring.version },
    distributions: { scores: scoreHistogram(people.map(({ score }) => score)) },
  });
  return people;

  async function scorePage(from: number): Promise<RankedPerson[]> {
    const places = Array.from(
      { length: Math.min(scoredAtOnce, willing - from) },
      (_one, index) => from + index,
    );
    const records = await memory.read(willingPeople, places.map(String));
    const contributionsOf = await readContributions(
      memory,
      [...records.values()].map(({ id }) => id),
    );
    return places.map((place) => {
      const person = records.get(String(place));
      if (person === undefined) {
        throw new CmoError("invariant_violated", `Nothing is known of the person at place ${place}.`);
      }
      const { id, judgement, domain } = person;
      const { score } = scorePerson(
        {
          profile: person,
          contributions: contributionsOf.get(id) ?? [],
          judgement: { ...judgement, address: domain === null ? null : { domain } },
        },
        spec,
      );
      return { id, place, score, contactable: judgement.contactable };
    });
  }
}

/** What was scored before an interruption, many at a time, so that nobody has to be scored again. */
const scores =
  recordCollection<readonly (readonly [id: string, score: number, contactable: 0 | 1])[]>("score/1");
/** So many records of scores are read at once. */
const recordsAtOnce = 20;

async function readScores(memory: WorkingMemory, scored: number): Promise<RankedPerson[]> {
  const keys = Array.from({ length: Math.ceil(scored / scoredAtOnce) }, (_one, index) => String(index));
  const people: RankedPerson[] = [];
  for (let from = 0; from < keys.length; from += recordsAtOnce) {
    const page = keys.slice(from, from + recordsAtOnce);
    const found = await memory.read(scores, page);
    for (const key of page) {
      for (const [id, score, contactable] of found.get(key) ?? []) {
        people.push({ id, place: people.length, score, contactable: contactable === 1 });
      }
    }
  }
  return people;
}
