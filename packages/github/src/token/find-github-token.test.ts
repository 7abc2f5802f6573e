import { expect, test } from "vitest";
import { findGitHubToken } from "./find-github-token.ts";

function createGh(tokens: Record<string, string>) {
  const asked: string[] = [];
  return {
    asked,
    runGh: async (hostname: string) => {
      asked.push(hostname);
      return tokens[hostname] ?? null;
    },
  };
}

test("GITHUB_TOKEN wins, without the newline of a file, and gh is not run", async () => {
  const gh = createGh({ "github.com": "gho_other" });
  expect(await findGitHubToken({ env: { GITHUB_TOKEN: "ghp_mine\n" }, ...gh })).toEqual({
    token: "ghp_mine",
    from: "GITHUB_TOKEN",
  });
  expect(gh.asked).toEqual([]);
});

test.each([
  [undefined, "github.com"],
  ["https://api.github.com", "github.com"],
  ["https://api.acme.ghe.com", "acme.ghe.com"],
  ["https://git.example/api/v3", "git.example"],
])("with GITHUB_API_URL %s gh is asked for the token of %s", async (apiUrl, hostname) => {
  const gh = createGh({ [hostname]: "gho_mine" });
  const env = { GITHUB_TOKEN: " ", GITHUB_API_URL: apiUrl };
  expect(await findGitHubToken({ env, ...gh })).toEqual({ token: "gho_mine", from: "gh" });
  expect(gh.asked).toEqual([hostname]);
});

test("S26 without a token the error names the variable and the way out", async () => {
  await expect(findGitHubToken({ env: {}, ...createGh({}) })).rejects.toMatchObject({
    code: "unauthenticated",
    message: expect.stringContaining("GITHUB_TOKEN"),
    hint: "Set GITHUB_TOKEN, or use source: simulator.",
  });
});

test("S42 a stand-in on the loopback does not get the token that gh keeps", async () => {
  const gh = createGh({ "127.0.0.1": "gho_mine", "github.com": "gho_mine" });
  const env = { GITHUB_API_URL: "http://127.0.0.1:4711" };
  await expect(findGitHubToken({ env, ...gh })).rejects.toMatchObject({ code: "unauthenticated" });
  expect(gh.asked).toEqual([]);
});
