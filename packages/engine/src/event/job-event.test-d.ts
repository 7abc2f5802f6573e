import { assertType, describe, expectTypeOf, it } from "vitest";
import type { Sink } from "../sink/sink.ts";
import type { EventData } from "./event-data.ts";
import type { EventDraft } from "./event-draft.ts";
import type { KnownEventType } from "./event-type.ts";
import { asKnownEvent, type JobEvent, type KnownJobEvent } from "./job-event.ts";

describe("the types of events", () => {
  it("narrow the data by the type of a known event", () => {
    const event = asKnownEvent({} as JobEvent);
    if (event?.type === "job.failed") expectTypeOf(event.data.error.hint).toEqualTypeOf<string | null>();
    if (event?.type === "metrics")
      expectTypeOf(event.data.metrics).toEqualTypeOf<{ [key: string]: number }>();
    if (event?.type === "stage.started") expectTypeOf(event.seq).toEqualTypeOf<number>();
  });

  it("leave an event from outside open, and its data unknown", () => {
    expectTypeOf<JobEvent["type"]>().toEqualTypeOf<string>();
    expectTypeOf<JobEvent["data"]["anything"]>().toEqualTypeOf<unknown>();
    // @ts-expect-error an event is never changed
    (({}) as JobEvent).seq = 2;
  });

  it("let a known event be used where any event is, and not the other way round", () => {
    expectTypeOf<KnownJobEvent>().toExtend<JobEvent>();
    expectTypeOf<JobEvent>().not.toExtend<KnownJobEvent>();
    expectTypeOf<KnownJobEvent["type"]>().toEqualTypeOf<KnownEventType>();
  });

  it("hold a draft to the data of its type", () => {
    assertType<EventDraft>({ type: "job.started", data: { attempt: 1 } });
    // @ts-expect-error the data of another type
    assertType<EventDraft>({ type: "job.started", data: { stage: "x" } });
    // @ts-expect-error an error code that is not in the list
    assertType<EventData<"job.failed">["error"]["code"]>("no_such_code");
  });

  it("take plain and asynchronous functions as sinks", () => {
    assertType<Sink>(() => {});
    assertType<Sink>(async () => {});
    assertType<Sink>((event) => {
      expectTypeOf(event).toEqualTypeOf<JobEvent>();
    });
    // @ts-expect-error a sink takes one event
    assertType<Sink>((event: JobEvent, more: string) => [event, more]);
  });
});
