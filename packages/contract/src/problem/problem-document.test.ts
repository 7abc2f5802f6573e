import { CmoError, type ErrorCode, errorCodes, type Problem } from "@cmo/engine";
import fc from "fast-check";
import * as v from "valibot";
import { describe, expect, it } from "vitest";
import {
  errorOfProblem,
  problemDocumentOf,
  problemDocumentSchema,
  statusOfError,
} from "./problem-document.ts";

const problem: fc.Arbitrary<Problem> = fc.record(
  {
    path: fc.array(fc.string(), { maxLength: 4 }),
    message: fc.string({ minLength: 1 }),
    suggestion: fc.string(),
    line: fc.nat(),
    column: fc.nat(),
  },
  { requiredKeys: ["path", "message"] },
);
const error = fc
  .record({
    code: fc.constantFrom<ErrorCode>(...errorCodes),
    message: fc.string(),
    hint: fc.option(fc.string()),
    retryable: fc.boolean(),
    problems: fc.array(problem, { maxLength: 3 }),
  })
  .map(({ code, message, hint, ...details }) => {
    return new CmoError(code, message, { ...details, ...(hint === null ? {} : { hint }) });
  });

function partsOf({ name, code, message, hint, retryable, retryAfterMs, problems }: CmoError) {
  return { name, code, message, hint, retryable, retryAfterMs, problems };
}

describe("A problem document", () => {
  it("brings every error over the wire as it was, with all its problems", () => {
    fc.assert(
      fc.property(error, (thrown) => {
        const document = problemDocumentOf(thrown);
        const sent = v.parse(problemDocumentSchema, JSON.parse(JSON.stringify(document)));
        expect(sent).toEqual(document);
        expect(partsOf(errorOfProblem(sent))).toEqual(partsOf(thrown));
        expect(problemDocumentOf(errorOfProblem(sent))).toEqual(document);
      }),
    );
  });

  it("has for every code a status of its own kind, a type and a title", () => {
    for (const code of errorCodes) {
      const document = problemDocumentOf(new CmoError(code, "what happened"));
      expect(document.status).toBe(statusOfError(code));
      expect(document.status).toBeGreaterThanOrEqual(400);
      expect(document.type).toBe(`urn:cmo:error:${code}`);
      expect(document.title).not.toBe("");
      expect("problems" in document).toBe(false);
    }
    const clients: ErrorCode[] = ["config_invalid", "usage", "not_found", "conflict", "unauthenticated"];
    for (const code of clients) expect(statusOfError(code)).toBeLessThan(500);
  });

  it("S38 tells a request that can never be right (422) from a job that stands otherwise (409)", () => {
    const problems = [{ path: ["idempotencyKey"], message: "was used for another request" }];
    expect(problemDocumentOf(new CmoError("conflict", "used", { problems })).status).toBe(422);
    expect(problemDocumentOf(new CmoError("conflict", "paused")).status).toBe(409);
    expect(problemDocumentOf(new CmoError("conflict", "x"), { status: 412 }).status).toBe(412);
  });

  it("tells the problems that it is given in place of the error's own, and of each only what has a name", () => {
    const found = { path: ["goal"], message: "is blank", found: "canary", line: 3 };
    const document = problemDocumentOf(
      new CmoError("usage", "no", { problems: [{ path: [], message: "x" }] }),
      {
        problems: [found],
      },
    );
    expect(document.problems).toEqual([{ path: ["goal"], message: "is blank", line: 3 }]);
  });

  it("says when to come again, where somebody said so", () => {
    const document = problemDocumentOf(new CmoError("rate_limited", "slowly"));
    expect(errorOfProblem(document, 2_000)).toMatchObject({ retryAfterMs: 2_000, retryable: true });
    expect(errorOfProblem(document).retryAfterMs).toBeNull();
  });
});
