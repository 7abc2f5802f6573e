import type { JobSpec, MailPort } from "@cmo/engine";
import { isReservedDomain } from "./reserved-domain.ts";

/** What {@link openMail} needs to know. */
export interface OpenMailOptions {
  mail: JobSpec["source"]["mail"];
  /** The port over real DNS; asked for only when the spec wants it. */
  dns: () => MailPort;
  /** Whether requests go to a stand-in on this machine, whose people have domains that are imaginary too. */
  standIn: boolean;
}

/** The mail port that a spec asks for. */
export async function openMail({ mail, dns, standIn }: OpenMailOptions): Promise<MailPort> {
  switch (mail) {
    case "simulator":
      return simulatedMail();
    case "dns":
      return standIn ? withImaginaryDomains(dns()) : dns();
    case "none":
      return standIn ? withImaginaryDomains(uncheckedMail) : uncheckedMail;
    default:
      return mail satisfies never;
  }
}

/** Nothing is looked up; what is reserved stays reserved. */
const uncheckedMail: MailPort = { isReserved: isReservedDomain, lookup: async () => "unknown" };

/** The imaginary domains of a stand-in are answered as the simulator answers them, all others as they are. */
async function withImaginaryDomains(mail: MailPort): Promise<MailPort> {
  const imaginary = await simulatedMail();
  const isImaginary = (domain: string) => /\.(?:example|test|invalid)\.?$/i.test(domain);
  return {
    isReserved: (domain) => (isImaginary(domain) ? imaginary : mail).isReserved(domain),
    lookup: (domain, signal) => (isImaginary(domain) ? imaginary : mail).lookup(domain, signal),
  };
}

async function simulatedMail(): Promise<MailPort> {
  const { createSimulatorMail } = await import("@cmo/github-simulator");
  return createSimulatorMail();
}
