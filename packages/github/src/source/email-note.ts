import { type Digest, digestText, type SourceNote } from "@cmo/engine";
import * as v from "valibot";
import type { PersonNode } from "../query/people.ts";

/** What REST said of a person's address, and the validator of that answer. */
export type EmailNote = v.InferOutput<typeof emailNoteSchema>;

/** Finds and makes notes of addresses. ETags are of one token, so notes are too. */
export interface EmailNotes {
  keyOf(person: Pick<PersonNode, "databaseId" | "login">): string;
  write(key: string, note: EmailNote): SourceNote;
  /** Null for what is no note of this person. */
  read(text: string | undefined, person: Pick<PersonNode, "id" | "databaseId" | "login">): EmailNote | null;
}

/** Notes of one token at one origin. */
export function createEmailNotes(options: { digest: Digest; token: string; apiUrl: string }): EmailNotes {
  const prefix = `etag:${tokenDigest(options.digest, options.token)}:${new URL(options.apiUrl).origin}:/users/`;
  return {
    keyOf: ({ databaseId, login }) => `${prefix}${databaseId ?? login.toLowerCase()}`,
    write: (key, note) => ({ key, value: JSON.stringify(note) }),
    read(text, person) {
      const note = text === undefined ? null : parse(text);
      if (note === null || note.login.toLowerCase() !== person.login.toLowerCase()) return null;
      return person.databaseId === null || note.id === person.databaseId ? note : null;
    },
  };
}

/** What stands for a token where nobody may learn it. */
export function tokenDigest(digest: Digest, token: string): string {
  return digestText(digest, token).slice(0, 16);
}

const emailNoteSchema = v.object({
  etag: v.string(),
  id: v.number(),
  /** So that whoever looks for a person finds the note. */
  nodeId: v.string(),
  login: v.string(),
  email: v.nullable(v.string()),
});

function parse(text: string): EmailNote | null {
  try {
    const parsed = v.safeParse(emailNoteSchema, JSON.parse(text));
    return parsed.success ? parsed.output : null;
  } catch {
    return null;
  }
}
