import { setImmediate as nextTurn } from "node:timers/promises";
import type { Connection } from "./connection.ts";

/** How long a process is kept for itself by who does nothing but read and write. */
const longestTurnMs = 20;

/**
 * A connection that gives all else in the process a turn now and then, after its transactions. The driver waits for
 * nothing: whoever only reads and writes (a fork, whose every answer is stored) would keep timers, sockets and the
 * collection of what the driver holds from going on until it has ended. `now` is in milliseconds: where time stands still
 * until nothing else can be done, as in a rehearsal, nobody's turn comes early.
 */
export function takingTurns(connection: Connection, now: () => number): Connection {
  let lastTurnAt = now();
  let turn: Promise<void> | null = null;

  async function takeTurn(): Promise<void> {
    await nextTurn();
    lastTurnAt = now();
    turn = null;
  }

  /** All who are due wait for the same turn. */
  async function turnWhenDue(): Promise<void> {
    // A clock that was set back is none to wait for.
    if (Math.abs(now() - lastTurnAt) < longestTurnMs) return;
    turn ??= takeTurn();
    await turn;
  }

  return {
    ...connection,
    async read(work) {
      const found = await connection.read(work);
      await turnWhenDue();
      return found;
    },
    async write(work, committed) {
      const result = await connection.write(work, committed);
      await turnWhenDue();
      return result;
    },
  };
}
