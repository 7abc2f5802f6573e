import { describe, expect, it } from "vitest";
import { encodeSpans } from "./encode-spans.ts";
import { spanIdOf, traceIdOf } from "./span-id.ts";

const origin = { resource: { "service.name": "cmo" }, scope: { name: "cmo", version: "1.2.3" } };

describe("encodeSpans", () => {
  it("writes OTLP's JSON: hexadecimal ids, nanoseconds and integers as text, kinds and codes as numbers", () => {
    const body = encodeSpans(origin, [
      {
        traceId: `${"0".repeat(31)}1`,
        spanId: `${"0".repeat(15)}2`,
        parentSpanId: `${"0".repeat(15)}3`,
        name: "POST",
        kind: "client",
        startedAt: 1_795_764_368_829,
        endedAt: 1_795_764_368_830.6,
        attributes: {
          text: "x",
          whole: 5,
          part: 0.5,
          flag: true,
          nothing: null,
          none: undefined,
          endless: Number.POSITIVE_INFINITY,
        },
        isError: true,
        events: [{ name: "quota.waiting", at: 1, attributes: {} }],
        links: [{ traceId: `${"0".repeat(31)}4`, spanId: `${"0".repeat(15)}5` }],
      },
    ]);
    expect(JSON.parse(body)).toEqual({
      resourceSpans: [
        {
          resource: { attributes: [{ key: "service.name", value: { stringValue: "cmo" } }] },
          scopeSpans: [
            {
              scope: { name: "cmo", version: "1.2.3" },
              spans: [
                {
                  traceId: "00000000000000000000000000000001",
                  spanId: "0000000000000002",
                  parentSpanId: "0000000000000003",
                  name: "POST",
                  kind: 3,
                  startTimeUnixNano: "1795764368829000000",
                  endTimeUnixNano: "1795764368831000000",
                  attributes: [
                    { key: "text", value: { stringValue: "x" } },
                    { key: "whole", value: { intValue: "5" } },
                    { key: "part", value: { doubleValue: 0.5 } },
                    { key: "flag", value: { boolValue: true } },
                  ],
                  status: { code: 2 },
                  events: [{ name: "quota.waiting", timeUnixNano: "1000000", attributes: [] }],
                  links: [{ traceId: "00000000000000000000000000000004", spanId: "0000000000000005" }],
                },
              ],
            },
          ],
        },
      ],
    });
  });

  it("never ends a span before it began", () => {
    const body = encodeSpans(origin, [
      {
        traceId: traceIdOf("job_1"),
        spanId: spanIdOf("job_1", "job"),
        parentSpanId: null,
        name: "job",
        kind: "internal",
        startedAt: 2,
        endedAt: 1,
        attributes: {},
        isError: false,
      },
    ]);
    expect(body).toContain('"startTimeUnixNano":"2000000","endTimeUnixNano":"2000000"');
    expect(body).not.toContain("parentSpanId");
  });
});

describe("the ids of spans", () => {
  it("follow from what they are of, and are those of nothing else", () => {
    expect(traceIdOf("job_1")).toMatch(/^[0-9a-f]{32}$/);
    expect(spanIdOf("job_1", "call", "1.2")).toMatch(/^[0-9a-f]{16}$/);
    expect(traceIdOf("job_1")).toBe(traceIdOf("job_1"));
    const ids = [
      spanIdOf("job_1", "job"),
      spanIdOf("job_2", "job"),
      spanIdOf("job_1", "run", 1),
      spanIdOf("job_1", "run", 11),
      spanIdOf("job_1", "stage", 1, "1"),
      spanIdOf("job_1", "call", "1.1"),
      spanIdOf("job_1", "request", "1.1"),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
