import { readFileSync } from "node:fs";
import { buildASTSchema, Kind, parse, validate, visit } from "graphql";
import { beforeAll, describe, expect, test } from "vitest";
import { activityDocument, activityPagesDocument } from "./activity.ts";
import { peopleDocument } from "./people.ts";
import { emailScopeDocument, probeDocument, viewerDocument } from "./preflight.ts";
import { searchDocument, searchText } from "./search.ts";

const documents = {
  search: searchDocument,
  activity: activityDocument,
  "one later page": activityPagesDocument(1),
  "ten later pages": activityPagesDocument(10),
  "people with addresses": peopleDocument(true),
  "people without addresses": peopleDocument(false),
  viewer: viewerDocument,
  "email scope": emailScopeDocument,
  probe: probeDocument,
};

let schema: ReturnType<typeof buildASTSchema>;
beforeAll(() => {
  const file = new URL("./schema.graphql", import.meta.resolve("@octokit/graphql-schema"));
  // The published schema defines one field twice, which the strict builder refuses.
  const parsed = parse(readFileSync(file, "utf8"), { noLocation: true });
  schema = buildASTSchema(parsed, { assumeValid: true, assumeValidSDL: true });
});

describe.each(Object.entries(documents))("the document for %s", (_, document) => {
  test("is valid in GitHub's own schema and asks for what it costs", () => {
    expect(validate(schema, parse(document))).toEqual([]);
    expect(document).toContain("rateLimit{cost");
  });

  test("S30 asks for nothing of a commit's author but the linked account", () => {
    const asked = new Map<string, string[]>();
    visit(parse(document), {
      Field(node) {
        asked.set(
          node.name.value,
          (node.selectionSet?.selections ?? []).map((field) =>
            field.kind === Kind.FIELD ? field.name.value : "...",
          ),
        );
      },
    });
    for (const field of ["author", "committer"]) expect(asked.get(field) ?? ["user"]).toEqual(["user"]);
    expect(asked.get("user") ?? ["id", "login"]).toEqual(field(document));
    for (const never of [
      "authors",
      "mentionableUsers",
      "stargazers",
      "watchers",
      "contributionsCollection",
    ]) {
      expect(asked.has(never)).toBe(false);
    }
  });
});

/** `user` is a commit's account in the histories, and the viewer's own in the check of the scope. */
function field(document: string): string[] {
  return document === emailScopeDocument ? ["id", "email"] : ["id", "login"];
}

test("S30 an address is asked for in profiles alone", () => {
  const asking = Object.entries(documents).filter(([, document]) =>
    /email/.test(document.replace(/query \w+/, "")),
  );
  expect(asking.map(([name]) => name)).toEqual(["people with addresses", "email scope"]);
});

const query = {
  language: null,
  topic: null,
  stars: { min: 500, max: null },
  pushedSince: "2026-01-01",
  created: null,
};

test("the text of a search has an explicit order and asks only for what is set", () => {
  expect(searchText(query)).toBe("stars:>=500 pushed:>=2026-01-01 is:public sort:stars-desc");
  const created = { from: "2020-01-01", to: "2020-06-30" };
  expect(searchText({ ...query, language: "C++", topic: "cli", stars: { min: 1, max: 9 }, created })).toBe(
    "language:C++ topic:cli stars:1..9 pushed:>=2026-01-01 created:2020-01-01..2020-06-30 is:public sort:stars-desc",
  );
});

test("a value cannot bring qualifiers of its own", () => {
  expect(searchText({ ...query, language: 'Go" stars:1 user:"x' })).toContain(
    'language:"Go stars:1 user:x" stars:>=500',
  );
  expect(searchText({ ...query, language: "Jupyter Notebook" })).toContain('language:"Jupyter Notebook"');
});
