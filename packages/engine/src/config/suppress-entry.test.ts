import { describe, expect, it } from "vitest";
import { readSuppressEntry } from "./suppress-entry.ts";

describe("readSuppressEntry", () => {
  it.each([
    ["Ada-L", "login", "ada-l"],
    ["ada_acme", "login", "ada_acme"],
    [" id:U_kgDOAbc= ", "id", "U_kgDOAbc="],
    ["ID: 12345", "id", "12345"],
    ["Ada.L+x@Home.Example", "email", "ada.l+x@home.example"],
    ["@Home.Example", "domain", "home.example"],
    ["home.example", "domain", "home.example"],
    ["@münchen.example", "domain", "münchen.example"],
  ])("reads %s as a %s", (text, kind, value) => {
    expect(readSuppressEntry(text)).toEqual({ kind, value });
  });

  it.each([
    "",
    "@ada",
    "a b",
    "id:",
    "id:a b",
    "ada@",
    "ada@home",
    "a@b@",
    "-ada",
    "ada-",
    "a--b",
    "x".repeat(40),
    "a,b@home.example",
    "home..example",
    "Ada <ada@home.example>",
  ])("refuses %j", (text) => {
    expect(readSuppressEntry(text)).toBeNull();
  });
});
