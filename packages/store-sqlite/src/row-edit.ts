import type { RowEdit } from "@cmo/engine";
import { type FoundRow, numberOf, textOf } from "@cmo/store-sql";
import type { Connection } from "./connection.ts";
import { deleteLead, rewriteLead } from "./lead.ts";

/** Writes what becomes of a row. Inside a transaction of the caller. */
export function applyRowEdit(
  connection: Connection,
  { row, place }: FoundRow,
  edit: NonNullable<RowEdit> | null,
): void {
  switch (row.table) {
    case "task_result": {
      const id = numberOf(place[0]);
      if (edit === null) connection.run("DELETE FROM task_result WHERE id = ?", [id]);
      else connection.run(rewriteResult, [edit.key ?? row.key, edit.value, id]);
      return;
    }
    case "lead": {
      const id = numberOf(place[0]);
      if (edit === null) deleteLead(connection, id);
      else rewriteLead(connection, id, edit.value);
      return;
    }
    case "event":
      // A log has no gaps: an event that is taken out is an event that says nothing.
      connection.run("UPDATE event SET data = ? WHERE job = ? AND seq = ?", [
        edit?.value ?? "{}",
        ...place.map(numberOf),
      ]);
      return;
    case "snapshot":
      // A job is not whole without its folds.
      if (edit === null) return;
      connection.run("UPDATE job_snapshot SET snapshot = ? WHERE job = ?", [edit.value, numberOf(place[0])]);
      return;
    case "note": {
      const key = textOf(place[0]);
      if (edit === null) connection.run("DELETE FROM source_note WHERE key = ?", [key]);
      else connection.run("UPDATE source_note SET value = ? WHERE key = ?", [edit.value, key]);
      return;
    }
    case "first_seen": {
      const person = place.map(textOf);
      if (edit === null) connection.run("DELETE FROM first_seen WHERE campaign = ? AND node_id = ?", person);
      else
        connection.run("UPDATE first_seen SET at = ? WHERE campaign = ? AND node_id = ?", [
          edit.value,
          ...person,
        ]);
      return;
    }
    default:
      row.table satisfies never;
  }
}

/** One that has the new key already gives way. Other jobs do not find what was changed. */
const rewriteResult =
  "UPDATE OR REPLACE task_result SET item_id = ?, value = ?, cache_key = NULL WHERE id = ?";
