import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKey } from "@cmo/runtime";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runServer, startServer } from "../support/server-process.ts";
import { bearer } from "../support/test-keys.ts";

describe("A server that is started", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "cmo-api-start-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("says what to do when its port is taken, and ends with 2", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const { code, log } = await runServer(["--port", String(port), "--store", "memory"], { cwd: folder });
    other.close();
    expect(code).toBe(2);
    expect(log).toContain(`Port ${port} of 127.0.0.1 is taken.`);
    expect(log).toContain("--port or CMO_PORT");
  });

  it("S37 without keys goes to no other address than the machine's own, and says how to make a key", async () => {
    for (const place of [{ cwd: folder, env: { CMO_HOST: "0.0.0.0" } }, { cwd: folder }]) {
      const args = "env" in place ? ["--port", "0"] : ["--port", "0", "--host", "0.0.0.0"];
      const { code, log } = await runServer(args, place);
      expect(code).toBe(2);
      expect(log).toContain("cmo keys create");
    }
  });

  it("ends with 2 for what nobody can be meant by, and 0 for help", async () => {
    for (const [args, env] of [
      [["--prot", "1"], {}],
      [["--port", "70000"], {}],
      [["--concurrency", "0"], {}],
      [["--config-dir", "nothing-here"], {}],
      [[], { CMO_PORT: "many" }],
      [[], { CMO_LOG: "loud" }],
      [["--store", "redis://somewhere"], { CMO_PORT: "0" }],
      [["--host", "no.such.host.invalid"], { CMO_API_KEYS: `abcd:works:member:${"0".repeat(64)}` }],
    ] as const) {
      const { code, log } = await runServer([...args], { cwd: folder, env });
      expect(code, `${args.join(" ")} ${JSON.stringify(env)}: ${log}`).toBe(2);
    }
    const help = await runServer(["--help"], { cwd: folder });
    expect(help).toMatchObject({ code: 0, log: "" });
    expect(help.stdout).toContain("--no-worker");
  });

  it("S42 takes a config_path from the folder config where it is started, keys from a file, and lets others work", async () => {
    const keysFile = join(folder, "keys.json");
    const { text } = await createKey(keysFile, { tenant: "works" }, { now: () => Date.now() });
    await mkdir(join(folder, "config"));
    await writeFile(
      join(folder, "config", "mine.yaml"),
      "params: { language: Go, target_leads: 3 }\nsource: simulator\n",
    );
    const server = await startServer(["--no-worker", "--host", "0.0.0.0"], {
      cwd: folder,
      env: { CMO_STORE: join(folder, "cmo.db"), CMO_KEYS_FILE: keysFile },
    });
    const url = server.url.replace("0.0.0.0", "127.0.0.1");
    const headers = { "Content-Type": "application/json" };
    const body = JSON.stringify({ config_path: "mine.yaml", goal: "Find people" });
    expect((await fetch(`${url}/api/jobs`, { method: "POST", headers, body })).status).toBe(401);
    const answer = await fetch(`${url}/api/jobs`, {
      method: "POST",
      headers: { ...headers, ...bearer(text) },
      body,
    });
    expect(answer.status).toBe(201);
    const { jobId } = (await answer.json()) as { jobId: string };
    const job = await fetch(`${url}/api/jobs/${jobId}`, { headers: bearer(text) });
    expect(await job.json()).toMatchObject({ status: "queued", state: "queued" });
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    server.kill("SIGTERM");
    expect(await server.ended).toBe(0);
    // The key itself stands nowhere.
    expect(server.log()).not.toContain(text);
    expect(server.log()).toContain('"worker":false');
  });

  it("does nothing when it is imported", async () => {
    const { serve } = await import("../../src/server.ts");
    expect(serve).toBeTypeOf("function");
  });
});
