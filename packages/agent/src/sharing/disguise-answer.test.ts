import { describe, expect, it } from "vitest";
import { createAnswerDisguise } from "./disguise-answer.ts";

const disguise = createAnswerDisguise({
  spec: {
    icp: {
      languages: ["Go"],
      topics: ["cli"],
      excludeTopics: ["tutorial"],
      starsRange: { min: 10, max: null },
      activityDays: 30,
    },
  },
  // Only for this test: one that can be read.
  pseudonym: (kind, text) =>
    `${kind}${[...text].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7) % 9973}`,
  isReserved: (domain) => domain.endsWith(".test"),
});

const profile = (more: object) => ({
  kind: "profile",
  itemId: "U_ada",
  value: { profile: { id: "U_ada", login: "ada", followers: 1_234, ...more }, missing: null },
});

/** The profile in its disguise. */
function disguised(more: object): Record<string, unknown> {
  const answer = disguise(profile(more));
  if (answer === null) throw new Error("A profile is known.");
  return (answer.value as { profile: Record<string, unknown> }).profile;
}

describe("createAnswerDisguise", () => {
  it.each([
    ["ada@lovelace.example", /^paddress\d+@ddomain\d+\.ddomain\d+\.pseudonym$/],
    ["ada@gmail.com", /^paddress\d+@gmail\.com$/],
    ["info@lovelace.example", /^info@/],
    ["no-reply@lovelace.example", /^noreply@/],
    ["ada@somewhere.test", /\.localhost$/],
    ["ada at lovelace", /^no address$/],
    ["  ", /^$/],
  ])("keeps of the address %j what it is taken for", (email, expected) => {
    expect(disguised({ email }).email).toMatch(expected);
  });

  it("keeps a domain above those below it, in addresses and websites alike", () => {
    const { email, websiteUrl } = disguised({
      email: "ada@mail.lovelace.example",
      websiteUrl: "https://www.lovelace.example/me",
    });
    const host = String(websiteUrl).slice("https://".length, -1);
    expect(String(email).endsWith(`.${host}`)).toBe(true);
  });

  it("keeps a no, a bot and a placeholder, and no other text", () => {
    expect(disguised({ bio: "No recruiters, please" }).bio).toBe("Please do not contact me.");
    expect(disguised({ bio: "I like bees" }).bio).toBeNull();
    expect(disguised({ login: "helper[bot]" }).login).toMatch(/^ulogin\d+\[bot\]$/);
    expect(disguised({ login: "web-flow" }).login).toBe("ghost");
    expect(disguised({ name: "Ada", twitterUsername: "ada" })).toMatchObject({
      name: null,
      twitterUsername: null,
    });
  });

  it("rounds numbers and times, and lets nothing pass that it does not know", () => {
    expect(
      disguised({
        fetchedAt: "2030-05-06T07:08:09.000Z",
        createdAt: "2011-04-05T00:00:00Z",
        later: "secret",
      }),
    ).toEqual(
      expect.objectContaining({
        followers: 1_000,
        fetchedAt: "2030-05-06T00:00:00.000Z",
        createdAt: "2011-01-01T00:00:00.000Z",
      }),
    );
    expect(JSON.stringify(disguise(profile({ later: "secret" })))).not.toContain("secret");
    expect(disguise({ kind: "later", itemId: "1", value: "secret" })).toBeNull();
  });

  it("tells who is known, and of what changed only that something did", () => {
    const known = (changed: readonly string[] | null) => ({ known: true, changed, later: "secret" });
    const told = (value: unknown) => disguise({ kind: "known", itemId: "U_ada", value });
    const { id } = disguised({});
    expect(told(known(["email", "company"]))).toEqual({
      kind: "known",
      itemId: id,
      value: { known: true, changed: ["profile"] },
    });
    expect(told(known([]))?.value).toEqual({ known: true, changed: [] });
    expect(told(known(null))?.value).toEqual({ known: true, changed: null });
    expect(told({ known: false, changed: null })?.value).toEqual({ known: false, changed: null });
  });

  it("gives a repository the same id wherever it is, keeps that somebody was taken out, and topics that count", () => {
    const page = disguise({
      kind: "search",
      itemId: "q0#0",
      value: {
        claimed: 321,
        next: "Y3Vyc29yOjUw",
        repositories: [
          {
            id: "R_1",
            name: "ada/engine",
            topics: ["CLI", "private-topic"],
            owner: { type: "user", login: "ada" },
          },
          { id: "~gone", name: "erased/erased", topics: [], owner: { type: "user", login: "erased" } },
        ],
      },
    })?.value as { claimed: number; repositories: { id: string; topics: string[] }[] };
    expect(page.claimed).toBe(321);
    expect(page.repositories[0]?.topics).toEqual(["CLI"]);
    expect(page.repositories[1]?.id).toMatch(/^~/);
    const activity = disguise({
      kind: "activity",
      itemId: "R_1",
      value: { activity: null, missing: "gone" },
    });
    expect(activity).toEqual({
      kind: "activity",
      itemId: page.repositories[0]?.id,
      value: { activity: null, missing: "gone" },
    });
  });
});
