import { afterEach, describe, expect, it } from "vitest";
import { type LoopbackDns, openLoopbackDns } from "../../test/support/loopback-dns.ts";
import { createDnsMail, type MailResolver } from "./dns-mail.ts";

const servers: LoopbackDns[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A name server that knows the domain by which an honest one is told. */
async function serve(...[zones, ...given]: Parameters<typeof openLoopbackDns>): Promise<LoopbackDns> {
  zones["gmail.com"] ??= { mx: [[5, "mx.gmail.com"]] };
  const server = await openLoopbackDns(zones, ...given);
  servers.push(server);
  return server;
}

describe("Mail by DNS", () => {
  it.each([
    ["a domain with an MX record", { mx: [[10, "mail.works.org"]] }, "ok"],
    ["a null MX", { mx: [[0, "."]] }, "no_mail"],
    ["a null MX although it has an address", { mx: [[0, "."]], a: "192.0.2.1" }, "no_mail"],
    ["an empty host of another priority, which is no null MX", { mx: [[10, "."]] }, "ok"],
    [
      "two records of which one is empty, which is no null MX",
      {
        mx: [
          [0, "."],
          [5, "mail.works.org"],
        ],
      },
      "ok",
    ],
    ["no MX but an IPv4 address", { a: "192.0.2.1" }, "weak"],
    ["no MX but an IPv6 address", { aaaa: "2001:db8::1" }, "weak"],
    ["no record at all", {}, "no_mail"],
    ["a name that does not exist", "nxdomain", "no_mail"],
    ["a name server that fails", "servfail", "unknown"],
    ["a name server that refuses", "refused", "unknown"],
    ["a name server that is silent", "silent", "unknown"],
  ] as const)("says of %s: %s %s", async (_what, zone, answer) => {
    const dns = await serve({ "works.org": zone }, zone === "silent" ? 100 : undefined);
    expect(await createDnsMail({ resolver: dns.resolver }).lookup("works.org")).toBe(answer);
  });

  it("asks once for a domain, whoever asks, at once or later, in whatever letters", async () => {
    const dns = await serve({ "works.org": { mx: [[10, "mail.works.org"]] } });
    const mail = createDnsMail({ resolver: dns.resolver });
    await Promise.all([mail.lookup("works.org"), mail.lookup("Works.org"), mail.lookup("works.org.")]);
    expect(await mail.lookup("works.org")).toBe("ok");
    expect(dns.questions).toEqual(["MX works.org"]);
  });

  it("takes a name server that knows no name at all for an outage, which rejects nobody", async () => {
    const dns = await serve({ "works.org": "nxdomain", "gmail.com": "nxdomain" });
    const mail = createDnsMail({ resolver: dns.resolver });
    expect(await mail.lookup("works.org")).toBe("unknown");
    expect(await mail.lookup("gmail.com")).toBe("unknown");
  });

  it("asks again after a failure: an outage is not remembered", async () => {
    const zone: Parameters<typeof openLoopbackDns>[0] = { "works.org": "servfail" };
    const mail = createDnsMail({ resolver: (await serve(zone)).resolver });
    expect(await mail.lookup("works.org")).toBe("unknown");
    zone["works.org"] = { mx: [[10, "mail.works.org"]] };
    expect(await mail.lookup("works.org")).toBe("ok");
  });

  it("has at most eight look-ups under way", async () => {
    let running = 0;
    let most = 0;
    const resolver: MailResolver = {
      async resolveMx() {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return [{ exchange: "mail.works.org", priority: 10 }];
      },
      resolve4: async () => [],
      resolve6: async () => [],
    };
    const mail = createDnsMail({ resolver });
    const answers = await Promise.all(Array.from({ length: 50 }, (_, index) => mail.lookup(`d${index}.org`)));
    expect(new Set(answers)).toEqual(new Set(["ok"]));
    expect(most).toBe(8);
  });

  it("answers unknown as soon as the signal aborts, and leaves the look-up to others", async () => {
    let answer: (records: { exchange: string; priority: number }[]) => void = () => {};
    const resolver: MailResolver = {
      resolveMx: () => new Promise((resolve) => (answer = resolve)),
      resolve4: async () => [],
      resolve6: async () => [],
    };
    const mail = createDnsMail({ resolver });
    const stop = new AbortController();
    const impatient = mail.lookup("works.org", stop.signal);
    const patient = mail.lookup("works.org");
    stop.abort();
    expect(await impatient).toBe("unknown");
    answer([{ exchange: "mail.works.org", priority: 1 }]);
    expect(await patient).toBe("ok");
    expect(await mail.lookup("works.org", AbortSignal.abort())).toBe("unknown");
  });
});
