import { describe, expect, it } from "vitest";
import type { AgentPeople } from "../port/agent.ts";
import type { StoredRow } from "../port/stored-people.ts";
import { createPersonRows } from "./person-rows.ts";

const people = {
  about: () => null,
  without: (result: unknown) => result,
} as unknown as AgentPeople;
const person = { ids: ["U_7"], logins: ["iris-imaginary"], emails: [], belongings: [] };
const { about, without } = createPersonRows(people, person, (id) => id);

function rowOf(table: StoredRow["table"], value: string): StoredRow {
  return { table, jobId: "a", tenant: "local", kind: "k", key: "1", value, fetchedAt: null };
}

describe("A row that is no JSON any more", () => {
  it("is erased whole when it names the person, and shown as one that cannot be read", () => {
    for (const table of ["task_result", "lead", "event"] as const) {
      const row = rowOf(table, '{"login":"iris-imaginary",');
      expect(about(row)).toEqual({ unreadable: true });
      expect(without(row)).toBeNull();
    }
    expect(without(rowOf("snapshot", '{"currentItem":"iris-imaginary",'))).toEqual({ value: "{}" });
  });

  it("stays when it names somebody else", () => {
    for (const table of ["task_result", "lead", "event", "snapshot"] as const) {
      const row = rowOf(table, '{"login":"iris-imaginary-2",');
      expect(about(row)).toBeNull();
      expect(without(row)).toBeUndefined();
    }
  });
});
