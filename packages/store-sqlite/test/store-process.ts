import { createInterface } from "node:readline";
import { CmoError, type EventDraft, type Store } from "@cmo/engine";
import { buildLead } from "@cmo/engine/testing";
import Database from "libsql";
import { createSqliteStore } from "../src/sqlite-store.ts";

// A program that works on a store beside its parent, and may be killed. Arguments: the way, the path, a word more.
// It tells its parent, a line each, what it has done.
const [way, path = "", word = ""] = process.argv.slice(2);

try {
  // Permissions do not bind root, so the process becomes nobody.
  if (way === "unprivileged" && process.getuid?.() === 0) process.setuid?.(65_534);
  const store = await createSqliteStore({ path, pollMs: 5 });
  await work(store);
} catch (error) {
  if (!(error instanceof CmoError)) throw error;
  await tell(JSON.stringify({ code: error.code, message: error.message, hint: error.hint }));
}

async function work(store: Store): Promise<void> {
  switch (way) {
    // One round after the other, until it is killed: events, a task result, the attempt and the leads say which.
    case "restless":
      for (;;) {
        const { job } = await store.updateJob("a", (current) => {
          const round = current.attempt + 1;
          return {
            patch: { attempt: round, snapshot: { ...current.snapshot, seq: current.lastSeq + 3 } },
            events: [1, 2, 3].map((part) => note(`${round}/${part}`)),
            taskResults: [{ kind: "round", itemId: `${round}`, inputDigest: "d", value: "x".repeat(round) }],
          };
        });
        await tell(`${job.attempt}`);
      }
    // As many changes as it is told, each with two events that say whose they are.
    case "append":
      for (let count = 0; count < Number(word); count += 1) {
        await store.updateJob("a", (job) => ({
          patch: { attempt: job.attempt + 1 },
          events: [note(`${process.pid}/${count}`), note(`${process.pid}/${count}`)],
        }));
      }
      break;
    // Takes jobs until there are none, and ends each.
    case "claim":
      for (;;) {
        const claimed = await store.claimNext({}, (job, now) => ({
          patch: { status: "running", epoch: job.epoch + 1, leaseUntil: now + 60_000 },
        }));
        if (claimed === null) break;
        await tell(claimed.job.id);
        await store.updateJob(claimed.job.id, () => ({ patch: { status: "completed", leaseUntil: null } }));
      }
      break;
    // Writes when it is told to, to the job that it is told.
    case "obedient":
      await tell("ready");
      for await (const jobId of createInterface({ input: process.stdin })) {
        await store.updateJob(jobId, () => ({ events: [note("obeyed")] }));
        await tell("written");
      }
      break;
    // Writes until something goes wrong.
    case "greedy":
      for (;;) {
        const { job } = await store.updateJob("a", (current) => ({
          patch: { attempt: current.attempt + 1 },
          events: [note("x".repeat(20_000))],
        }));
        await tell(`${job.attempt}`);
      }
    // Reads at one moment, until it is told to stop: what is erased later is still there for it.
    case "reader": {
      const database = new Database(path);
      database.exec("BEGIN; SELECT count(*) FROM lead");
      await tell("reading");
      for await (const _ of createInterface({ input: process.stdin })) break;
      database.exec("COMMIT");
      database.close();
      await tell("has read");
      break;
    }
    // Puts people in and erases them, over and over, until it is killed.
    case "eraser":
      for (let round = 1; ; round += 1) {
        const bio = `canary ${"canary ".repeat((round % 7) * 300)}`;
        await store.updateJob("a", () => ({
          leads: [1, 2, 3, 4, 5].map((rank) => buildLead({ rank, bio: rank % 2 === 0 ? bio : "harmless" })),
          taskResults: [{ kind: "people", itemId: `${round}`, inputDigest: "d", value: JSON.stringify(bio) }],
        }));
        await store.eraseRows(
          ["canary"],
          () => null,
          () => ({}),
        );
        await tell("erased");
        await tell(await store.finishErasures());
      }
    // Opens, and ends: what listens keeps no process alive.
    case "listen":
      store.onNews(null, () => {});
      await tell("listening");
      return;
    default:
      await tell("opened");
  }
  await store.close();
}

function note(message: string): EventDraft {
  return { type: "log", data: { level: "info", code: "test", message } };
}

/** Resolves when the line is out: a parent that does not read for a while must not miss what was done before a kill. */
function tell(line: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${line}\n`, () => resolve()));
}
