import { expect, test } from "vitest";
import { createSimulatorMail } from "./simulator-mail.ts";

test("Domains under .example receive mail, all others do not.", async () => {
  const mail = createSimulatorMail();
  expect(await mail.lookup("wierzbanek7.EXAMPLE.")).toBe("ok");
  expect(await mail.lookup("nobody.test")).toBe("no_mail");
  expect(await mail.lookup("nobody.invalid")).toBe("no_mail");
  expect(await mail.lookup("outside.org")).toBe("no_mail");
  expect(mail.lookups).toEqual(["wierzbanek7.example", "nobody.test", "nobody.invalid", "outside.org"]);
});

test("Local names, bare hosts and the well-known example domains are reserved; the world's own are not.", () => {
  const mail = createSimulatorMail();
  const reserved = ["localhost", "printer", "nas.local", "a.localhost", "example.com", "mail.example.org"];
  expect(reserved.filter((domain) => mail.isReserved(domain))).toEqual(reserved);
  expect(
    ["a.example", "a.test", "a.invalid", "notexample.com"].filter((domain) => mail.isReserved(domain)),
  ).toEqual([]);
});

test("An outage and an aborted signal give unknown, and single domains can be scripted.", async () => {
  expect(await createSimulatorMail({ outage: true }).lookup("a.example")).toBe("unknown");
  const mail = createSimulatorMail({ domains: { "a.example": "weak" } });
  expect([await mail.lookup("A.example"), await mail.lookup("b.example")]).toEqual(["weak", "ok"]);
  expect(await mail.lookup("b.example", AbortSignal.abort())).toBe("unknown");
});
