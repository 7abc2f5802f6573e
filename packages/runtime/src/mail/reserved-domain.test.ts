import { describe, expect, it } from "vitest";
import { isReservedDomain } from "./reserved-domain.ts";

describe("isReservedDomain", () => {
  it.each([
    "works.test",
    "works.example",
    "a.b.invalid",
    "app.localhost",
    "printer.local",
    "example.com",
    "mail.example.org",
    "EXAMPLE.NET.",
    "localhost",
    "host",
    "",
    "users.noreply.github.com",
    "users.noreply.git.works.org",
  ])("nobody has an address at %j", (domain) => {
    expect(isReservedDomain(domain)).toBe(true);
  });

  it.each(["works.org", "example.co.uk", "myexample.com", "test.de", "noreply.works.org", "local.works.org"])(
    "somebody may have an address at %j",
    (domain) => {
      expect(isReservedDomain(domain)).toBe(false);
    },
  );
});
