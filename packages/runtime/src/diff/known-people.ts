import { comparedFields, knownTask, profileTask, readKnownAnswer, readStoredProfile } from "@cmo/agent";
import type { JobDiff, KnownPerson } from "@cmo/contract";
import { baselineOf, type Job, type PersonProfile, suppressionEntriesOf, type TaskResult } from "@cmo/engine";
import { readLineage } from "../bundle/read-recording.ts";
import type { ServiceRuntime } from "../service/service-parts.ts";

/**
 * Who is known to a job that counts who is new from another, with what their profiles say differently: the first `limit`
 * of those who changed, by the code points of their node ids. Nobody is told of who is suppressed by now. Undefined
 * for a job that does not count from that one.
 */
export async function findKnownPeople(
  { engine, store }: Pick<ServiceRuntime, "engine" | "store">,
  { baseline, job, limit }: { readonly baseline: Job; readonly job: Job; readonly limit: number },
): Promise<JobDiff["known"]> {
  if (baselineOf(job.spec)?.jobId !== baseline.id) return undefined;
  const ids: string[] = [];
  let count = 0;
  let compared = 0;
  let changed = 0;
  for await (const [id, answer] of knownAnswers()) {
    if (!answer.known) continue;
    count += 1;
    if (answer.changed !== null) compared += 1;
    if (answer.changed === null || answer.changed.length === 0) continue;
    changed += 1;
    if (ids.length < limit) ids.push(id);
  }
  return { count, compared, changed, people: await differing(ids) };

  /** Each person once, whichever job of the line was told first. */
  async function* knownAnswers() {
    const seen = new Set<string>();
    for (const jobId of (await readLineage(store, job.id)).jobs) {
      for await (const { itemId, value } of resultsOf(jobId)) {
        if (seen.has(itemId)) continue;
        seen.add(itemId);
        yield [itemId, readKnownAnswer(JSON.parse(value))] as const;
      }
    }
  }

  async function* resultsOf(jobId: string): AsyncGenerator<TaskResult, void, undefined> {
    for (let after = { kind: knownTask, itemId: "" }; ; ) {
      const page = await store.scanTaskResults(jobId, after, pageSize);
      const ofKind = page.filter(({ kind }) => kind === knownTask);
      yield* ofKind;
      after = ofKind.at(-1) ?? after;
      if (ofKind.length < pageSize) return;
    }
  }

  async function differing(nodeIds: readonly string[]): Promise<KnownPerson[]> {
    const before = await store.readTaskResults(baseline.id, profileTask, nodeIds);
    const now = await store.readTaskResults(job.id, profileTask, nodeIds);
    const people: KnownPerson[] = [];
    for (const nodeId of nodeIds) {
      const [a, b] = [profileIn(before.get(nodeId)), profileIn(now.get(nodeId))];
      if (a === null || b === null || (await isSuppressed(a)) || (await isSuppressed(b))) continue;
      const fields = comparedFields
        .filter((key) => a[key] !== b[key])
        .map((key) => ({ key, a: a[key] ?? null, b: b[key] ?? null }));
      people.push({ nodeId, login: b.login, name: b.name, fields });
    }
    return people;
  }

  async function isSuppressed(profile: PersonProfile): Promise<boolean> {
    const hashes = (await engine.hashSuppression(suppressionEntriesOf(profile))).map(({ hash }) => hash);
    const bySpec = [...baseline.spec.suppress, ...job.spec.suppress].some(({ hash }) =>
      hashes.includes(hash),
    );
    return bySpec || (await store.findSuppressed(hashes)).size > 0;
  }
}

function profileIn(result: TaskResult | undefined): PersonProfile | null {
  const stored = result === undefined ? null : readStoredProfile(result.value);
  return stored === null || stored.refuses ? null : stored.profile;
}

const pageSize = 1_000;
