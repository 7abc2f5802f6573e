import { describe, expect, it } from "vitest";
import { CmoError } from "./cmo-error.ts";

describe("An error", () => {
  it("of an API that did not answer is worth another try, one of an API that did not let in is not", () => {
    expect(new CmoError("api_unreachable", "No answer.").retryable).toBe(true);
    expect(new CmoError("api_refused", "No key.").retryable).toBe(false);
    expect(new CmoError("api_unreachable", "No answer.", { retryable: false }).retryable).toBe(false);
  });
});
