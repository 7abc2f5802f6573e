import type { ApiKey, KeyDirectory } from "@cmo/runtime";

/** Keys as a server has them, and their texts. */
export interface TestKeys {
  readonly directory: KeyDirectory;
  readonly texts: Readonly<Record<"works" | "other" | "operator", string>>;
}

/** Keys of two tenants, and an operator's. */
export function testKeys(): TestKeys {
  const texts = {
    works: `cmo_aaaa0001_${"w".repeat(40)}`,
    other: `cmo_bbbb0002_${"o".repeat(40)}`,
    operator: `cmo_cccc0003_${"p".repeat(40)}`,
  };
  const key = (id: string, tenant: string, role: ApiKey["role"]): ApiKey => ({
    id,
    tenant,
    role,
    label: null,
    createdAt: null,
    origin: "file",
  });
  const known = new Map([
    [texts.works, key("aaaa0001", "works", "member")],
    [texts.other, key("bbbb0002", "other", "member")],
    [texts.operator, key("cccc0003", "works", "operator")],
  ]);
  return { texts, directory: { find: (text) => known.get(text) ?? null, list: () => [...known.values()] } };
}

/** The header that sends a key. */
export function bearer(text: string): { Authorization: string } {
  return { Authorization: `Bearer ${text}` };
}
