import type { PersonProfile, SourceAnswer, SourceCall } from "@cmo/engine";
import * as v from "valibot";
import type { AdaptiveSize } from "../batch/adaptive-size.ts";
import { answerInBatches, type BatchOutcome, together } from "../batch/answer-in-batches.ts";
import {
  type PersonNode,
  peopleDocument,
  personNodeSchema,
  restUserSchema,
  toPersonProfile,
  written,
} from "../query/people.ts";
import type { EmailNotes } from "./email-note.ts";
import { mapConcurrently } from "./map-concurrently.ts";
import { type Asker, askUntilAnswered, judgeNode, readAnswer, scopeError } from "./question.ts";

/** Whether addresses come with the profiles. False for good once GitHub said that the token may not read them so. */
export interface EmailAccess {
  withProfile: boolean;
}

/**
 * What these people published. Where the token lacks the scope for it, addresses are read one by one over REST; what
 * was remembered of earlier answers makes GitHub say only whether something has changed, which costs no quota.
 */
export async function* readPeople(
  ids: readonly string[],
  context: {
    asker: Asker;
    size: AdaptiveSize;
    access: EmailAccess;
    notes: EmailNotes;
    concurrency: number;
    probe: () => Promise<boolean>;
    call: SourceCall;
  },
): AsyncGenerator<SourceAnswer<PersonProfile>, void, undefined> {
  const { asker, size, access, notes, probe, call } = context;
  const work = {
    noun: "people",
    size,
    probe,
    ask: (batch: readonly { id: string }[]) => askForProfiles(batch, access, asker, call),
    isAlike: () => true,
    lighten: () => null,
  };
  const items = [...new Set(ids)].map((id) => ({ id }));
  for await (const answers of answerInBatches(items, work, asker, call)) {
    const readings: Reading[] = [];
    const known: SourceAnswer<PersonProfile>[] = [];
    for (const answer of answers) {
      if (answer.value === null) known.push(answer);
      else if (answer.value.needsEmail) readings.push(answer.value);
      else known.push({ id: answer.id, value: answer.value.profile, missing: null });
    }
    yield* together(known);
    if (readings.length === 0) continue;
    const recalled = await call.recall(readings.map(({ person }) => notes.keyOf(person)));
    let scoped: SourceCall | null = null;
    yield* mapConcurrently(readings, context.concurrency, call.signal, (reading, signal) => {
      scoped ??= withSignal(call, signal);
      return readEmail(reading, recalled, { asker, notes, call: scoped });
    });
  }
}

interface Reading {
  profile: PersonProfile;
  person: PersonNode;
  needsEmail: boolean;
}

async function askForProfiles(
  batch: readonly { id: string }[],
  access: EmailAccess,
  asker: Asker,
  call: SourceCall,
): Promise<BatchOutcome<{ id: string }, Reading>> {
  const withEmail = access.withProfile;
  const variables = { ids: batch.map((item) => item.id) };
  const question = { tool: "github.people", document: peopleDocument(withEmail), variables };
  const { verdict, where, durationMs } = await asker.client.graphql(question, call);
  if (verdict.kind === "failed") return { kind: "failed", failure: verdict.failure };
  const missing = scopeError(verdict.errors, where);
  if (withEmail && (missing !== null || verdict.errors.some(isEmailForbidden))) {
    access.withProfile = false;
    return { kind: "changed" };
  }
  if (missing !== null) throw missing;
  const { nodes } = readAnswer(v.object({ nodes: v.array(v.unknown()) }), verdict.data, where);
  const fetchedAt = new Date(asker.clock.now()).toISOString();
  const outcomes = batch.map((_, index) => {
    const outcome = judgeNode(nodes[index], ["nodes", index], verdict.errors);
    if (outcome.kind !== "node") return outcome;
    if (readAnswer(typedSchema, outcome.node, where).__typename !== "User") {
      return { kind: "missing", reason: "not_a_person" } as const;
    }
    const node = readAnswer(personNodeSchema, outcome.node, where);
    const profile = toPersonProfile(node, fetchedAt);
    return {
      kind: "known",
      value: { profile, person: node, needsEmail: !withEmail },
    } as const;
  });
  return { kind: "answered", outcomes, durationMs };
}

const typedSchema = v.object({ __typename: v.string() });

/** Some kinds of token are refused the one field, person by person, instead of the whole query. */
function isEmailForbidden(error: {
  type: string | null;
  path: readonly (string | number)[] | null;
}): boolean {
  return error.type === "FORBIDDEN" && error.path?.at(-1) === "email";
}

async function readEmail(
  { profile, person }: Reading,
  recalled: ReadonlyMap<string, string>,
  { asker, notes, call }: { asker: Asker; notes: EmailNotes; call: SourceCall },
): Promise<SourceAnswer<PersonProfile>> {
  const key = notes.keyOf(person);
  const known = notes.read(recalled.get(key), person);
  const path = `/users/${encodeURIComponent(profile.login)}`;
  const question = { tool: "github.rest.user", path, etag: known?.etag ?? null };
  const { verdict, headers, where } = await askUntilAnswered(
    asker,
    () => asker.client.rest(question, call),
    call,
  );
  if (verdict.kind === "absent") return { id: profile.id, value: null, missing: "gone" };
  const user =
    verdict.kind === "unchanged" && known !== null
      ? known
      : readAnswer(restUserSchema, verdict.kind === "body" ? verdict.body : null, where);
  // A login may have been given up and taken by somebody else meanwhile: their address is not this person's.
  const isSamePerson =
    person.databaseId === null
      ? user.login.toLowerCase() === profile.login.toLowerCase()
      : user.id === person.databaseId;
  if (!isSamePerson) return { id: profile.id, value: null, missing: "gone" };
  const email = written(user.email);
  const emailSource = email === null ? null : "github.rest.user.email";
  const etag = headers.get("etag") ?? (verdict.kind === "unchanged" ? question.etag : null);
  return {
    id: profile.id,
    value: { ...profile, email, emailSource },
    missing: null,
    // Again when nothing has changed, too: what is of use is not forgotten.
    ...(etag === null
      ? {}
      : {
          remember: [notes.write(key, { etag, id: user.id, nodeId: profile.id, login: user.login, email })],
        }),
  };
}

function withSignal(call: SourceCall, signal: AbortSignal): SourceCall {
  return {
    signal,
    ...(call.jobId === undefined ? {} : { jobId: call.jobId }),
    startTool: (tool, input) => call.startTool(tool, input),
    recall: (keys) => call.recall(keys),
    emit: (event) => call.emit(event),
  };
}
