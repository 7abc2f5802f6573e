import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { runCmo, startCmo } from "./support/run-cmo.ts";

const small = `name: small
params: { language: Go, stars_range: ">=10", target_leads: 3 }
source: { type: simulator, seed: 7, repositories: 120 }
`;

it("a worker sends a trace of each job to the collector that its environment names", async () => {
  const cwd = await mkdtemp(join(tmpdir(), "cmo-traces-"));
  onTestFinished(() => rm(cwd, { recursive: true }));
  await writeFile(join(cwd, "small.yaml"), small);
  const bodies: string[] = [];
  const collector = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      if (request.url === "/v1/traces") bodies.push(body);
      response.writeHead(200, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void collector.close());
  const { port } = collector.address() as AddressInfo;

  const detached = await runCmo(["run", "--config", "small.yaml", "--detach", "--mode", "inproc"], { cwd });
  const jobId = detached.stdout.trim();
  const worker = startCmo(["worker"], {
    cwd,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}` },
  });
  await worker.said(`${jobId} is completed`);
  worker.child.kill("SIGTERM");
  expect((await worker.ended).code).toBe(0);

  const sent = bodies.join("\n");
  expect(sent).toContain(jobId);
  for (const stage of ["discovery", "extraction", "enrichment"]) expect(sent).toContain(stage);
});
