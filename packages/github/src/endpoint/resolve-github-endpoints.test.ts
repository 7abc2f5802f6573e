import { CmoError } from "@cmo/engine";
import { expect, test } from "vitest";
import { resolveGitHubEndpoints } from "./resolve-github-endpoints.ts";

test.each([
  [{}, "https://api.github.com", "https://api.github.com/graphql"],
  [{ GITHUB_API_URL: "" }, "https://api.github.com", "https://api.github.com/graphql"],
  [
    { GITHUB_API_URL: "https://git.example/api/v3/" },
    "https://git.example/api/v3",
    "https://git.example/api/graphql",
  ],
  [
    { GITHUB_API_URL: "https://api.acme.example" },
    "https://api.acme.example",
    "https://api.acme.example/graphql",
  ],
  [{ GITHUB_API_URL: "http://127.0.0.1:4711" }, "http://127.0.0.1:4711", "http://127.0.0.1:4711/graphql"],
  [{ GITHUB_API_URL: "http://[::1]:4711" }, "http://[::1]:4711", "http://[::1]:4711/graphql"],
  [
    { GITHUB_API_URL: "https://git.example/api/v3", GITHUB_GRAPHQL_URL: "https://git.example/elsewhere" },
    "https://git.example/api/v3",
    "https://git.example/elsewhere",
  ],
])("%j leads to %s and %s", (env, apiUrl, graphqlUrl) => {
  expect(resolveGitHubEndpoints(env)).toEqual({ apiUrl, graphqlUrl });
});

test.each([
  "http://api.github.com",
  "http://127.0.0.1.evil.example",
  "http://localhost.evil.example",
  "ftp://api.github.com",
  "file:///etc/passwd",
  "not a url",
  "https://name:secret@git.example",
  "https://git.example/?token=secret",
  "https://git.example/#secret",
])("S42 refuses %s as an address, names the variable and does not repeat the value", (value) => {
  for (const variable of ["GITHUB_API_URL", "GITHUB_GRAPHQL_URL"]) {
    let error: unknown;
    try {
      resolveGitHubEndpoints({ [variable]: value });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(CmoError);
    expect(error).toMatchObject({ code: "config_invalid", hint: expect.stringContaining(`Set ${variable}`) });
    expect(String(error)).toContain(variable);
    expect(String(error)).not.toContain("secret");
  }
});
