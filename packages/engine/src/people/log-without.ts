import { isDataCode } from "../event/data-code.ts";
import { cleanText, cutText } from "../progress/clean-text.ts";
import { erasedText, type PersonText } from "./person-text.ts";
import { listOf, objectOf, type StoredObject, withChanged } from "./stored-value.ts";

/**
 * The data of an event without a person: the texts of events that no comparison of runs looks at. The very same object
 * when it does not name them.
 */
export function eventWithout(type: string, data: StoredObject, person: PersonText): StoredObject {
  switch (type) {
    case "stage.progress":
      return changed(data, "currentItem", (item) => itemWithout(item, person));
    case "log":
      return isDataCode(String(data.code)) ? data : changed(data, "message", (text) => without(text, person));
    case "job.retrying":
    case "job.failed":
      return changed(data, "error", (error) => errorWithout(error, person));
    default:
      return data;
  }
}

/**
 * A snapshot without a person: the fold of the log whose events went through {@link eventWithout}. The very same object
 * when it does not name them.
 */
export function snapshotWithout(snapshot: StoredObject, person: PersonText): StoredObject {
  // Progress keeps texts without their codes; what follows from the data alone is told apart by the summary.
  const kept = dataTextsIn(objectOf(snapshot.summary));
  const messages = (texts: unknown) => messagesWithout(texts, person, kept);
  const notes = (values: unknown) => notesWithout(values, person);
  const progress = within((fold) => {
    const items = changed(fold, "currentItem", (item) => itemWithout(item, person));
    return changed(changed(items, "warnings", messages), "errors", messages);
  });
  const summary = within((fold) => changed(changed(fold, "warnings", notes), "errors", notes));
  return changed(changed(snapshot, "progress", progress), "summary", summary);
}

/** The bounds of what progress keeps of an item and of a message. */
const mostOfItem = 200;
const mostOfMessage = 500;

function changed(object: StoredObject, key: string, change: (value: unknown) => unknown): StoredObject {
  const next = withChanged(object, key, change);
  return next[key] === object[key] ? object : next;
}

function within(change: (object: StoredObject) => StoredObject): (value: unknown) => unknown {
  return (value) => {
    const object = objectOf(value);
    return object === null ? value : change(object);
  };
}

function dataTextsIn(summary: StoredObject | null): ReadonlySet<unknown> {
  const notes = [...listOf(summary?.warnings), ...listOf(summary?.errors)].map(objectOf);
  return new Set(
    notes
      .filter((note) => isDataCode(String(note?.code)))
      .map((note) => cutText(cleanText(String(note?.message)), mostOfMessage)),
  );
}

function itemWithout(item: unknown, person: PersonText): unknown {
  if (typeof item !== "string") return item;
  const shown = cutText(cleanText(item), mostOfItem);
  if (person.names(shown) || person.isShownName(shown)) return erasedText;
  return person.names(item) ? shown : item;
}

function without(text: unknown, person: PersonText): unknown {
  return typeof text === "string" ? person.without(text) : text;
}

function errorWithout(value: unknown, person: PersonText): unknown {
  const error = objectOf(value);
  if (error === null) return value;
  const message = changed(error, "message", (text) => without(text, person));
  return changed(message, "hint", (text) => without(text, person));
}

function messagesWithout(texts: unknown, person: PersonText, kept: ReadonlySet<unknown>): unknown {
  const before = listOf(texts);
  const after = before.map((text) => {
    const next = kept.has(text) ? text : without(text, person);
    return next === text || typeof next !== "string" ? next : cutText(cleanText(next), mostOfMessage);
  });
  return after.every((text, index) => text === before[index]) ? texts : [...new Set(after)];
}

/** A summary tells of a failed attempt as `Attempt 2 failed: ` and the error's message. */
const attemptPrefix = /^Attempt \d+ failed: /;

function notesWithout(notes: unknown, person: PersonText): unknown {
  const kept = new Map<string, unknown>();
  let same = true;
  for (const value of listOf(notes)) {
    const next = noteWithout(value, person);
    const note = objectOf(next);
    same &&= next === value;
    const key = `${String(note?.code)}\n${String(note?.message)}`;
    if (!kept.has(key)) kept.set(key, next);
  }
  return same ? notes : [...kept.values()];
}

function noteWithout(value: unknown, person: PersonText): unknown {
  const note = objectOf(value);
  if (note === null || isDataCode(String(note.code))) return value;
  const message = changed(note, "message", (text) => {
    if (typeof text !== "string") return text;
    const prefix = attemptPrefix.exec(text)?.[0] ?? "";
    return prefix + person.without(text.slice(prefix.length));
  });
  return changed(message, "hint", (text) => without(text, person));
}
