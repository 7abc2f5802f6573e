import type { Erasure, ErasureScope } from "@cmo/engine";
import { numberOf, oneOf, textOf } from "@cmo/store-sql";
import type { Connection } from "./connection.ts";

/** What has been erased, never what it was, and whether traces of it may be left. Inside transactions of the caller. */
export interface ErasureLedger {
  /** A line, pending. */
  note(scope: ErasureScope, at: number): void;
  /** Rows were deleted that need no line of their own. */
  noteTraces(): void;
  /** How far the traces are gone; null when there are none. */
  traces(): Traces | null;
  /** The pages hold nothing of what was erased before `traces` were read. */
  notePagesClean(traces: Traces): void;
  /** Nor do the files. */
  noteDone(traces: Traces): void;
  /** Newest first. */
  newest(limit: number): readonly Erasure[];
}

/** What there is to be done. */
export interface Traces {
  /** Grows with every erase. */
  readonly mark: number;
  /** Whether the database's pages may hold something in places that no row uses. */
  readonly inPages: boolean;
}

/** An {@link ErasureLedger}. */
export function createErasureLedger(connection: Connection): ErasureLedger {
  function numberSetting(name: string): number {
    const row = connection.first("SELECT value FROM setting WHERE name = ?", [name]);
    return row === null ? 0 : Number(textOf(row[0]));
  }

  function set(name: string, value: number): void {
    connection.run("INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)", [name, `${value}`]);
  }

  function noteTraces(): void {
    set(erased, numberSetting(erased) + 1);
  }

  return {
    note(scope, at) {
      connection.run("INSERT INTO erasure (scope, at, state, mark) VALUES (?, ?, 'pending', ?)", [
        scope,
        at,
        numberSetting(erased) + 1,
      ]);
      noteTraces();
    },
    noteTraces,
    traces() {
      const mark = numberSetting(erased);
      if (numberSetting(filesClean) >= mark) return null;
      return { mark, inPages: numberSetting(pagesClean) < mark };
    },
    notePagesClean({ mark }) {
      set(pagesClean, Math.max(mark, numberSetting(pagesClean)));
    },
    noteDone({ mark }) {
      set(filesClean, Math.max(mark, numberSetting(filesClean)));
      connection.run("UPDATE erasure SET state = 'done' WHERE state = 'pending' AND mark <= ?", [mark]);
    },
    newest(limit) {
      return connection.all(selectNewest, [limit]).map(([scope, at, state]) => ({
        scope: oneOf(scope, scopes),
        at: numberOf(at),
        state: oneOf(state, ["pending", "done"] as const),
      }));
    },
  };
}

/** Settings: how many erases there were, and how many of them have left nothing in the pages, and in the files. */
const [erased, pagesClean, filesClean] = ["erased", "erased_from_pages", "erased_from_files"] as const;

const selectNewest = "SELECT scope, at, state FROM erasure ORDER BY id DESC LIMIT ?";
const scopes: readonly ErasureScope[] = ["person", "job", "retention", "all"];
