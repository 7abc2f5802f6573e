import type { RowEdit } from "@cmo/engine";
import { type FoundRow, numberOf, textOf } from "@cmo/store-sql";
import type { Session } from "./database.ts";
import { rewriteLead } from "./lead.ts";

/** Writes what becomes of a row. */
export async function applyRowEdit(
  session: Session,
  { row, place, ordinal }: FoundRow,
  edit: NonNullable<RowEdit> | null,
): Promise<void> {
  switch (row.table) {
    case "task_result": {
      const id = numberOf(place[0]);
      if (edit === null) await session.run("DELETE FROM @.task_result WHERE id = $1", [id]);
      else {
        const key = edit.key ?? row.key;
        // One that has the new key already gives way. Other jobs do not find what was changed.
        await session.run(
          "DELETE FROM @.task_result WHERE job = $1 AND kind = $2 AND item_id = $3 AND id <> $4",
          [ordinal, row.kind, key, id],
        );
        await session.run(
          "UPDATE @.task_result SET item_id = $2, value = $3, cache_key = NULL WHERE id = $1",
          [id, key, edit.value],
        );
      }
      return;
    }
    case "lead": {
      const id = numberOf(place[0]);
      if (edit === null) await session.run("DELETE FROM @.lead WHERE id = $1", [id]);
      else await rewriteLead(session, id, edit.value);
      return;
    }
    case "event":
      // A log has no gaps: an event that is taken out is an event that says nothing.
      await session.run("UPDATE @.event SET data = $3 WHERE job = $1 AND seq = $2", [
        ...place.map(numberOf),
        edit?.value ?? "{}",
      ]);
      return;
    case "snapshot":
      // A job is not whole without its folds.
      if (edit === null) return;
      await session.run("UPDATE @.job_snapshot SET snapshot = $2 WHERE job = $1", [
        numberOf(place[0]),
        edit.value,
      ]);
      return;
    case "note": {
      const key = textOf(place[0]);
      if (edit === null) await session.run("DELETE FROM @.source_note WHERE key = $1", [key]);
      else await session.run("UPDATE @.source_note SET value = $2 WHERE key = $1", [key, edit.value]);
      return;
    }
    case "first_seen": {
      const person = place.map(textOf);
      if (edit === null)
        await session.run("DELETE FROM @.first_seen WHERE campaign = $1 AND node_id = $2", person);
      else {
        await session.run("UPDATE @.first_seen SET at = $3 WHERE campaign = $1 AND node_id = $2", [
          ...person,
          edit.value,
        ]);
      }
      return;
    }
    default:
      row.table satisfies never;
  }
}
