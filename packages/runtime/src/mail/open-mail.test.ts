import type { MailPort } from "@cmo/engine";
import { describe, expect, it } from "vitest";
import { openMail } from "./open-mail.ts";
import { isReservedDomain } from "./reserved-domain.ts";

const dnsMail: MailPort = { isReserved: isReservedDomain, lookup: async () => "ok" };
const dns = () => dnsMail;

describe("openMail", () => {
  it("takes imaginary domains for reserved when real mail is asked for", async () => {
    const mail = await openMail({ mail: "dns", dns, standIn: false });
    expect(mail.isReserved("works.example")).toBe(true);
    expect(await mail.lookup("works.org")).toBe("ok");
  });

  it("answers imaginary domains as the simulator does when requests go to a stand-in, and others as they are", async () => {
    const mail = await openMail({ mail: "dns", dns, standIn: true });
    expect(mail.isReserved("works.example")).toBe(false);
    expect(await mail.lookup("works.example")).toBe("ok");
    expect(await mail.lookup("works.test")).toBe("no_mail");
    expect(await mail.lookup("works.org")).toBe("ok");
    expect(mail.isReserved("example.com")).toBe(true);
  });

  it("looks nothing up without mail, and keeps what is reserved reserved", async () => {
    const refuse = () => {
      throw new Error("asked");
    };
    const mail = await openMail({ mail: "none", dns: refuse, standIn: false });
    expect(mail.isReserved("works.test")).toBe(true);
    expect(await mail.lookup("works.org")).toBe("unknown");
  });

  it("gives the simulator's mail for the simulator", async () => {
    const mail = await openMail({ mail: "simulator", dns, standIn: false });
    expect(mail.isReserved("works.example")).toBe(false);
    expect(await mail.lookup("works.example")).toBe("ok");
  });
});
