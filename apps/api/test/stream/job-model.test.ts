import { setImmediate as nextTurn } from "node:timers/promises";
import { type Channel, channels, type JobEvent } from "@cmo/engine";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { createFakeNetwork, type FakeSocket } from "./support/fake-sockets.ts";
import { slowStore } from "./support/slow-store.ts";
import { sseEvents } from "./support/sse-text.ts";
import { append, drafts, finish, openStreamServer, putJob } from "./support/stream-server.ts";

/** What comes of it is the same each time. */
const seed = Number(process.env.CMO_SEED ?? 20_261_127);

type Action =
  | { readonly type: "append"; readonly count: number; readonly text: string }
  | { readonly type: "touch" }
  | { readonly type: "wait"; readonly turns: number }
  | {
      readonly type: "join";
      readonly after: number;
      readonly channels: readonly Channel[];
      readonly form: Form;
    }
  | { readonly type: "stall" | "go" | "leave"; readonly reader: number };
type Form = "sse" | "ndjson";

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant("append" as const),
      count: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 100, max: 300 })),
      text: fc.oneof(fc.constant(""), fc.constant("x".repeat(2_000))),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: "touch" as const }) },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant("wait" as const), turns: fc.integer({ min: 0, max: 12 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant("join" as const),
      after: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 400 })),
      channels: fc.subarray([...channels], { minLength: 0 }),
      form: fc.constantFrom<Form>("sse", "ndjson"),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constantFrom("stall" as const, "go" as const, "leave" as const),
      reader: fc.nat(7),
    }),
  },
);

interface ModelReader {
  readonly socket: FakeSocket;
  readonly after: number;
  readonly channels: readonly Channel[];
  readonly form: Form;
  left: boolean;
}

function eventsOf({ socket, form }: ModelReader): readonly JobEvent[] {
  const text = socket.answer()?.body.toString() ?? "";
  if (form === "sse") return sseEvents(text);
  const lines = text.split("\n");
  lines.pop();
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as JobEvent);
}

function wanted(log: readonly JobEvent[], { after, channels }: ModelReader): readonly JobEvent[] {
  const shown = new Set<string>(["job", ...channels]);
  return log.filter(
    ({ seq, type }) => seq > after && (channels.length === 0 || shown.has(type.split(".")[0] ?? "")),
  );
}

describe("Readers who come, go, stop and go on while a log is written", () => {
  it("each have exactly what they asked for, in order, and those who left the first part of it", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(action, { minLength: 1, maxLength: 60 }),
        fc.array(fc.nat(3), { minLength: 1, maxLength: 20 }),
        async (actions, turns) => {
          const server = await openStreamServer({ wrap: slowStore(turns), writeDeadlineMs: 600_000 });
          const network = createFakeNetwork(server.app);
          await putJob(server.store, "job_a");
          const readers: ModelReader[] = [];
          for (const one of actions) await run(one);
          await finish(server.store, "job_a");
          const log = await server.store.readEvents("job_a", 0, 1_000_000);
          for (const { socket } of readers) socket.go();
          await Promise.all(readers.map(({ socket }) => socket.closed));
          for (const reader of readers) {
            const events = eventsOf(reader);
            const expected = wanted(log, reader);
            expect(events).toEqual(reader.left ? expected.slice(0, events.length) : expected);
            if (!reader.left && reader.socket.answer()?.status === 200) {
              expect(reader.socket.answer()?.whole).toBe(true);
            }
          }
          await vi.waitFor(() => expect(server.parts.streams.readers()).toBe(0), {
            timeout: 60_000,
            interval: 1,
          });
          network.close();
          await server.close();

          async function run(one: Action): Promise<void> {
            switch (one.type) {
              case "append":
                return append(server.store, "job_a", drafts(one.count, one.text));
              case "touch":
                return append(server.store, "job_a", []);
              case "wait":
                for (let turn = 0; turn < one.turns; turn += 1) await nextTurn();
                return;
              case "join": {
                const query = new URLSearchParams({ after: String(one.after) });
                if (one.channels.length > 0) query.set("channels", one.channels.join(","));
                const accept = one.form === "ndjson" ? "application/x-ndjson" : "text/event-stream";
                const socket = network.connect(`/api/jobs/job_a/events?${query}`, { Accept: accept });
                readers.push({ ...one, socket, left: false });
                return;
              }
              default: {
                const reader = readers[one.reader % Math.max(1, readers.length)];
                if (reader === undefined) return;
                if (one.type === "leave") reader.left = true;
                reader.socket[one.type]();
              }
            }
          }
        },
      ),
      { numRuns: 100, seed },
    );
  });
});
