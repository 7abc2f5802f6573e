// The other side of the comparisons: libsql without a store, on a file of the same settings.
import Database from "libsql";

/** libsql and nothing else, with the settings that the store has. */
export function bareDatabase(path) {
  const database = new Database(path, { timeout: 5_000 });
  database.prepare("PRAGMA journal_mode = WAL").all([]);
  database.prepare("PRAGMA secure_delete = ON").all([]);
  database.exec("PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON");
  const begin = database.prepare("BEGIN IMMEDIATE");
  const commit = database.prepare("COMMIT");
  const transaction = async (work) => {
    begin.run([]);
    const result = work();
    commit.run([]);
    return result;
  };
  return { database, transaction };
}

/** Takes and ends every queued job of a store's file, with two transactions for each and nothing else. */
export async function claimBare({ database, transaction }) {
  const next = database
    .prepare(
      "SELECT ordinal FROM job WHERE claimable_at IS NOT NULL AND claimable_at <= ? ORDER BY priority DESC, ordinal LIMIT 1",
    )
    .raw();
  const take = database.prepare(
    "UPDATE job SET status = 'running', epoch = epoch + 1, lease_owner = 'w', lease_until = ?, last_seq = 2 WHERE ordinal = ?",
  );
  const end = database.prepare(
    "UPDATE job SET status = 'completed', lease_owner = NULL, lease_until = NULL, last_seq = 3 WHERE ordinal = ?",
  );
  const insert = database.prepare(
    "INSERT INTO event (job, seq, at, v, type, data) VALUES (?, ?, ?, 1, ?, ?)",
  );
  for (;;) {
    const ordinal = await transaction(() => {
      const now = Date.now();
      const found = next.get([now])?.[0];
      if (found === undefined) return null;
      take.run([now + 30_000, found]);
      insert.run([found, 2, now, "job.started", '{"attempt":1}']);
      return found;
    });
    if (ordinal === null) return;
    await transaction(() => {
      end.run([ordinal]);
      insert.run([ordinal, 3, Date.now(), "job.completed", '{"targetMet":true}']);
    });
  }
}
