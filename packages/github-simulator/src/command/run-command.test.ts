import { describe, expect, test } from "vitest";
import { at } from "../../test/ask-simulator.ts";
import { createGitHubSimulator } from "../simulator/create-simulator.ts";
import { runCommand } from "./run-command.ts";

function host(controller = new AbortController()) {
  const text = { out: "", error: "" };
  return {
    text,
    controller,
    signal: controller.signal,
    out: (line: string) => {
      text.out += line;
    },
    error: (line: string) => {
      text.error += line;
    },
  };
}

describe("the command", () => {
  test("prints where it listens and what to set, serves, and ends when it is told to", async () => {
    const own = host();
    const running = runCommand(["--port", "0", "--seed", "demo", "--repositories", "60"], own);
    while (own.text.out === "") await new Promise((resolve) => setImmediate(resolve));
    const url = /export GITHUB_API_URL=(\S+)/.exec(own.text.out)?.[1] ?? "";
    expect(own.text.out).toContain("export GITHUB_TOKEN=");
    const response = await fetch(`${url}/graphql`, {
      method: "POST",
      headers: { authorization: "bearer simulated" },
      body: JSON.stringify({
        query: '{ search(type: REPOSITORY, query: "fork:true", first: 1) { repositoryCount } }',
      }),
    });
    expect(at(await response.json(), "data.search.repositoryCount")).toBe(60);
    own.controller.abort();
    expect(await running).toBe(0);
    expect(own.text.out).toContain("1 requests, 1 points, 0 sent while limited.");
    expect(own.text.error).toBe("");
  });

  test("serves the world that the same seed, as a number, makes in process on the same day", async () => {
    const own = host();
    const day = "2030-05-05T00:00:00Z";
    const running = runCommand(["--port", "0", "--seed", "42", "--repositories", "60", "--as-of", day], own);
    while (own.text.out === "") await new Promise((resolve) => setImmediate(resolve));
    const url = /export GITHUB_API_URL=(\S+)/.exec(own.text.out)?.[1] ?? "";
    const question = {
      method: "POST",
      headers: { authorization: "bearer simulated" },
      body: JSON.stringify({
        query:
          '{ search(type: REPOSITORY, query: "sort:stars-desc", first: 20) { nodes { ... on Repository { id } } } }',
      }),
    };
    const inProcess = createGitHubSimulator({ seed: 42, repositories: 60, asOf: day });
    const [served, made] = await Promise.all([
      fetch(`${url}/graphql`, question),
      inProcess.fetch("https://api.github.test/graphql", question),
    ]);
    expect(await served.json()).toEqual(await made.json());
    own.controller.abort();
    await running;
  });

  test("prints help", async () => {
    const own = host();
    expect(await runCommand(["--help"], own)).toBe(0);
    expect(own.text.out).toContain("Usage: cmo-github-simulator");
  });

  test("names everything that is wrong with its options and does nothing", async () => {
    const own = host();
    const args = ["--port", "70000", "--repositories", "0", "--as-of", "soon", "--faults", '{"slwo":1}'];
    expect(await runCommand(args, own)).toBe(2);
    expect(own.text.out).toBe("");
    expect(own.text.error).toBe(
      `--port must be a whole number from 0 to 65535, not "70000".
--repositories must be a whole number from 1 to 10000000, not "0".
--faults slwo: Unknown fault "slwo". Did you mean slow?
--as-of must be an ISO time, not "soon".
Try cmo-github-simulator --help.
`,
    );
  });

  test.each([[["--bogus"]], [["extra"]], [["--faults", "{"]], [["--port"]]])(
    "%j is a usage error",
    async (args) => {
      const own = host();
      expect(await runCommand(args, own)).toBe(2);
      expect(own.text.error).toContain("--help");
    },
  );

  test("says when the port is taken", async () => {
    const first = host();
    const running = runCommand(["--port", "0"], first);
    while (first.text.out === "") await new Promise((resolve) => setImmediate(resolve));
    const port = /127\.0\.0\.1:(\d+)/.exec(first.text.out)?.[1] ?? "";
    const second = host();
    expect(await runCommand(["--port", port], second)).toBe(1);
    expect(second.text.error).toContain(`Cannot listen on port ${port}`);
    first.controller.abort();
    await running;
  });
});
