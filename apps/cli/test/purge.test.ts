import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createNodeHost } from "@cmo/runtime";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runProgram } from "../src/program/run-program.ts";
import { createFakeTerminal } from "./support/fake-terminal.ts";

const campaign = `name: small
params: { stars_range: ">=5", activity_days: 365, target_leads: 10 }
limits: { max_repos: 10 }
source: { type: simulator, seed: 5, repositories: 60 }
`;

let cwd: string;
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "cmo-purge-"));
  await writeFile(join(cwd, "small.yaml"), campaign);
});
afterEach(() => rm(cwd, { recursive: true }));

/** Runs a command line in this process; `answer` is what somebody at the terminal would type. */
async function cmo(
  args: readonly string[],
  { answer, store = "store.db" }: { answer?: string; store?: string } = {},
) {
  const { terminal, output, errors } = createFakeTerminal();
  const asked: string[] = [];
  const ask = async (question: string) => {
    asked.push(question);
    return answer ?? null;
  };
  const host = Object.defineProperties(Object.create(createNodeHost()), {
    cwd: { value: cwd },
    env: { value: { CMO_MODE: "inproc", CMO_STORE: store } },
  });
  const interrupts = { signal: new AbortController().signal };
  const code = await runProgram(args, { terminal: { ...terminal, ask }, interrupts, host });
  return { code, output: output(), errors: errors(), asked };
}

async function campaignWithLead() {
  expect((await cmo(["run", "--config", "small.yaml", "--output", "silent"])).code).toBe(0);
  const [job] = (await cmo(["jobs", "--output", "json"])).output.split("\n");
  const jobId: string = JSON.parse(job ?? "").id;
  const leads = JSON.parse((await cmo(["leads", jobId, "--format", "json"])).output).leads;
  return { jobId, lead: leads[0] as { login: string; email: string; nodeId: string } };
}

async function exported(): Promise<string> {
  const folder = join(cwd, "exports");
  const names = await readdir(folder).catch(() => []);
  return (await Promise.all(names.map((name) => readFile(join(folder, name), "utf8")))).join("");
}

describe("cmo purge", () => {
  it("S35 shows what is held about somebody, says what would go, asks, and takes it", async () => {
    const { lead } = await campaignWithLead();
    const shown = await cmo(["show", "--person", lead.login]);
    expect(shown).toMatchObject({ code: 0, errors: "" });
    for (const text of [
      lead.email,
      lead.nodeId,
      "Not on the suppression list",
      "read from the source at",
      "_leads.csv",
    ]) {
      expect(shown.output).toContain(text);
    }
    const plan = await cmo(["purge", "--person", lead.login, "--dry-run"]);
    expect(plan.output).toMatch(
      /Known by: .*\nHeld about them: \d+ entries, in 1 job; 3 files[\s\S]*Nothing was erased\.\n$/,
    );

    const unheard = await cmo(["purge", "--person", lead.login]);
    expect(unheard).toMatchObject({ code: 2, errors: expect.stringContaining("--yes") });
    const refused = await cmo(["purge", "--person", lead.login], { answer: "n" });
    expect(refused).toMatchObject({ code: 1, errors: expect.stringContaining("Nothing was erased.") });
    expect(await exported()).toContain(lead.email);

    const erased = await cmo(["purge", "--person", lead.login], { answer: "y" });
    expect(erased.code).toBe(0);
    expect(erased.asked).toEqual(["Erase this? It cannot be undone. [y/N] "]);
    expect(erased.output).toMatch(
      /^Erased: \d+ entries in 1 job\.\nOn the suppression list by \d keyed hashes.*\n3 files written anew\.\n$/,
    );
    expect(await exported()).not.toContain(lead.email);
    const again = await cmo(["show", "--person", lead.login, "--output", "json"]);
    expect(JSON.parse(again.output)).toMatchObject({ records: [], suppressedBy: [{ kind: "login" }] });
    const json = await cmo(["purge", "--person", lead.login, "--yes", "--output", "json"]);
    expect(JSON.parse(json.output)).toMatchObject({
      scope: "person",
      found: false,
      state: "done",
      files: [],
    });
  });

  it("takes jobs, what is old, and everything", async () => {
    const { jobId } = await campaignWithLead();
    const old = await cmo(["purge", "--older-than", "1h", "--yes"]);
    expect(old).toMatchObject({ code: 0, output: "There was no such job.\n" });
    const erased = await cmo(["purge", "--job", jobId, "--yes", "--output", "json"]);
    expect(JSON.parse(erased.output)).toMatchObject({ scope: "job", jobs: [jobId], state: "done" });
    expect(await exported()).toBe("");
    expect((await cmo(["purge", "--job", jobId, "--yes"])).code).toBe(4);
    await campaignWithLead();
    const all = await cmo(["purge", "--all", "--yes"]);
    expect(all.output).toContain("Erased: 1 job.\nThe suppression list stays");
    expect((await cmo(["jobs", "--output", "json"])).output).toBe("");
  });

  it.each([
    [[]],
    [["--person", "ada", "--all"]],
    [["--all", "--no-suppress"]],
    [["--older-than", "soon"]],
    [["--person", "ada@lovelace.example"]],
  ])("is told exactly what: %j is wrong usage", async (args) => {
    const { code, errors } = await cmo(["purge", ...args, "--yes"]);
    expect({ code, errors }).toEqual({ code: 2, errors: expect.stringMatching(/\w/) });
  });

  it("says that nothing is kept in memory", async () => {
    const { code, errors } = await cmo(["purge", "--all", "--yes"], { store: "memory" });
    expect({ code, errors }).toEqual({ code: 2, errors: expect.stringContaining("in memory are gone") });
  });

  it("asks for a job or a person, not both", async () => {
    expect((await cmo(["show"])).code).toBe(2);
    expect((await cmo(["show", "job_x", "--person", "ada"])).code).toBe(2);
  });
});

describe("cmo suppress", () => {
  it("says for which kind it took each entry, and lists kinds, hashes and dates without names", async () => {
    const added = await cmo([
      "suppress",
      "add",
      "ada",
      "id:U_1",
      "ada@lovelace.example",
      "@lovelace.example",
    ]);
    expect(added.output).toBe(
      [
        "ada: on the list as a login",
        "id:U_1: on the list as an id",
        "ada@lovelace.example: on the list as an address",
        "@lovelace.example: on the list as a domain",
        "",
      ].join("\n"),
    );
    await writeFile(join(cwd, "list.txt"), "grace\nhopper\n@navy.example\n");
    const imported = await cmo(["suppress", "import", "list.txt"]);
    expect(imported.output).toBe("3 entries are on the list (2 logins, a domain).\n");
    const listed = await cmo(["suppress", "list"]);
    expect(listed.output).toMatch(
      /^KIND +HASH +SINCE\n(?:(?:login|id|address|domain) +[0-9a-f]{12}… +\d{4}-\d\d-\d\d\n){7}$/,
    );
    // No name of hexadecimal digits alone, such as the first of them: a hash may hold it.
    expect(listed.output).not.toMatch(/lovelace|grace|hopper|navy|U_1/);
    expect(listed.errors).toContain("7 on the list. It holds keyed hashes and no names");
    const json = (await cmo(["suppress", "list", "--output", "json"])).output.trim().split("\n");
    expect(json.map((line) => JSON.parse(line).kind).sort()).toEqual([
      "domain",
      "domain",
      "email",
      "id",
      "login",
      "login",
      "login",
    ]);
  });
});
