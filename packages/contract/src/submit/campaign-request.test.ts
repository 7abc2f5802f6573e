import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { configRequestSchema, submitRequestSchema, submitRequestSchemas } from "./campaign-request.ts";

const { config, spec, goal } = submitRequestSchemas;

/** The fields that a request is refused for. */
function refused(schema: v.GenericSchema, value: unknown): (string | null)[] {
  const parsed = v.safeParse(schema, value);
  return parsed.success ? [] : parsed.issues.map((issue) => v.getDotPath(issue));
}

describe("A request to submit", () => {
  it.each([
    ["a config as a mapping", config, { config: { name: "x" }, set: ["language=Go"], priority: -3 }],
    ["a config as YAML", config, { config: "name: x\n", notBefore: "2030-01-31T12:00:00.000Z" }],
    ["a spec", spec, { spec: { v: 1 }, priority: 1_000 }],
    ["a goal", goal, { goal: "Find people", metadata: { any: ["thing"] }, config_path: "smoke.yaml" }],
    ["a file of the server alone", goal, { config_path: "smoke.yaml" }],
  ])("may hold %s", (_what, schema, request) => {
    expect(v.parse(schema, request)).toEqual(request);
    expect(v.parse(submitRequestSchema, request)).toEqual(request);
  });

  it.each([
    ["a config that is a number", config, { config: 5 }, "config"],
    ["a config that is a list", config, { config: [] }, "config"],
    ["a spec that is a list", spec, { spec: [{}] }, "spec"],
    ["a config that is nothing", config, { config: null }, "config"],
    ["a config of 257 KiB", config, { config: "x".repeat(263_000) }, "config"],
    ["values that are no list", config, { config: {}, set: "language=Go" }, "set"],
    ["a value that is no text", config, { config: {}, set: [1] }, "set.0"],
    ["a priority beyond all others", config, { config: {}, priority: 1_001 }, "priority"],
    ["a priority between two", config, { config: {}, priority: 0.5 }, "priority"],
    ["a priority as text", spec, { spec: {}, priority: "9" }, "priority"],
    ["a start that is no instant", config, { config: {}, notBefore: "soon" }, "notBefore"],
    ["an unknown key", config, { config: {}, tenant: "other" }, "tenant"],
    ["an unknown key beside a spec", spec, { spec: {}, set: [] }, "set"],
    ["a goal of white space", goal, { goal: " \n\t " }, "goal"],
    ["a goal that is a list", goal, { goal: ["x"] }, "goal"],
    ["a goal of a book's length", goal, { goal: "x".repeat(4_001) }, "goal"],
    ["metadata that is a list", goal, { goal: "x", metadata: ["a"] }, "metadata"],
    ["metadata that is text", goal, { goal: "x", metadata: "a" }, "metadata"],
    ["a path of no letters", goal, { config_path: "" }, "config_path"],
    ["a jobId of the caller's choosing", goal, { goal: "x", jobId: "job_1" }, "jobId"],
  ])("S36 is refused with %s, naming the field", (_what, schema, request, field) => {
    expect(refused(schema, request)).toContain(field);
    expect(v.safeParse(submitRequestSchema, request).success).toBe(false);
  });

  it("never breaks a reader, whatever it is", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        for (const schema of [config, spec, goal, configRequestSchema]) v.safeParse(schema, value);
      }),
    );
  });
});
