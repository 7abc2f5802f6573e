import { describe, expect, it, test } from "vitest";
import { createDisposableDomains } from "./disposable-domain.ts";
import { type EmailAddress, parseEmailAddress } from "./email-address.ts";
import { isFreeAddress, isNoreply, isRoleAddress } from "./mail-habit.ts";

function parse(text: string): EmailAddress {
  const address = parseEmailAddress(text);
  if (address === null) throw new Error(`${text} is no address.`);
  return address;
}

describe("S30 an address that nobody reads", () => {
  test.each([
    "1234567+ada@users.noreply.github.com",
    "ada@users.noreply.github.com",
    "Ada@USERS.NOREPLY.GITHUB.COM",
    "noreply@github.com",
    "12+ada@users.noreply.ghes.corp.example",
    "ada@users.noreply.codehost.example",
    "ada@noreply.codehost.example",
    "no-reply@probe.example",
    "no.reply@probe.example",
    "no_reply@probe.example",
    "NoReply@probe.example",
    "noreply+ada@probe.example",
    "noreply-ada@probe.example",
    "noreply2@probe.example",
    "ada-noreply@probe.example",
    "donotreply@probe.example",
    "do-not-reply@probe.example",
    "do_not_reply@probe.example",
  ])("is %s", (text) => {
    expect(isNoreply(parse(text))).toBe(true);
  });

  test.each([
    "ada@github.com",
    "reply@probe.example",
    "nora.eply@probe.example",
    "ada@noreplyplease.example",
    "knoreply@probe.example",
  ])("is not %s", (text) => {
    expect(isNoreply(parse(text))).toBe(false);
  });
});

describe("the habits of addresses", () => {
  test.each([
    ["hello@probe.example", true],
    ["Team+git@probe.example", true],
    ["security@probe.example", true],
    ["ada@probe.example", false],
    ["hello.ada@probe.example", false],
  ])("%s is of a role: %s", (text, expected) => {
    expect(isRoleAddress(parse(text))).toBe(expected);
  });

  test.each([
    ["ada@gmail.com", true],
    ["ada@yahoo.co.uk", true],
    ["ada@yahoo.com.br", true],
    ["ada@hotmail.fr", true],
    ["ada@proton.me", true],
    ["ada@mygmail.com", false],
    ["ada@live.corp.example", false],
    ["ada@probe.example", false],
  ])("%s is at a free provider: %s", (text, expected) => {
    expect(isFreeAddress(parse(text))).toBe(expected);
  });

  it("knows domains that give addresses to be thrown away, and those below them", () => {
    const isDisposable = createDisposableDomains();
    expect(isDisposable("mailinator.com")).toBe(true);
    expect(isDisposable("sub.mailinator.com")).toBe(true);
    expect(isDisposable("notmailinator.example")).toBe(false);
    expect(isDisposable("gmail.com")).toBe(false);
    expect(isDisposable("com")).toBe(false);
  });
});
