import { createLog } from "@cmo/runtime";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createApp } from "../../src/index.ts";
import { openAnswerChecker } from "../support/answer-checker.ts";
import { openApiPlace, smallConfig } from "../support/api-place.ts";
import { testKeys } from "../support/test-keys.ts";
import { type HostileInput, hostileInput, nastyBodies, secrets } from "./hostile-input.ts";

/** For each operation; `CMO_HOSTILE=5000` for long. */
const runs = Number(process.env.CMO_HOSTILE ?? 60);
const seed = Number(process.env.CMO_SEED ?? 20_261_127);

const token = "ghp_serverToken7f3aServerToken7f3aServer";
const keys = testKeys();
const logged: string[] = [];
const place = await openApiPlace({
  location: "memory",
  env: { GITHUB_TOKEN: token },
  keys: keys.directory,
  limits: { requestsPerMinute: 0, bodyBytes: 65_536 },
});
const log = createLog({
  write: (line) => logged.push(line),
  now: () => 0,
  level: "debug",
  redact: place.runtime.redact,
});
const app = createApp({ ...place.parts, log });
const checker = await openAnswerChecker(app);
afterAll(() => place.close());

describe("Whatever a request holds", () => {
  const jobIds: string[] = [];
  beforeAll(async () => {
    const service = place.parts.service("works");
    for (const target of [2, 3]) {
      const config = {
        ...smallConfig,
        name: `small ${target}`,
        params: { ...smallConfig.params, target_leads: target },
      };
      const { jobId } = await service.submit({ config });
      await place.work(jobId);
      jobIds.push(jobId);
    }
    const { jobId } = await place.parts.service("other").submit({ config: smallConfig });
    jobIds.push(jobId, "job_00000000000000000000");
  });

  // What erases comes last: the others are to find something.
  const operations = checker.operations.toSorted(
    (one, other) => Number(one.method === "DELETE") - Number(other.method === "DELETE"),
  );
  it.each(operations.map((operation) => [`${operation.method} ${operation.path}`, operation] as const))(
    "%s answers as it says, with no 5xx, in time, and repeats no secret",
    async (_, operation) => {
      const facts = {
        jobIds,
        logins: ["octocat", "id:MDQ6VXNlcjE="],
        key: ["Authorization", `Bearer ${keys.texts.works}`] as const,
      };
      const check = async (input: HostileInput) => {
        const answer = await answerTo(input);
        const context = JSON.stringify({
          input: {
            ...input,
            body: Buffer.from(input.body ?? "")
              .toString("latin1")
              .slice(0, 400),
          },
          status: answer.status,
          text: answer.text.slice(0, 400),
        });
        expect(answer.status, context).toBeLessThan(500);
        if (answer.status >= 400) {
          for (const secret of [...secrets, "canary7f3a"]) expect(answer.text, context).not.toContain(secret);
          expect(answer.response.headers.get("content-type"), context).toBe("application/problem+json");
        }
        for (const secret of [token, ...Object.values(keys.texts)])
          expect(answer.text, context).not.toContain(secret);
        const isMeant = input.method === operation.method && isOf(operation.path, input.target);
        if (isMeant) expect(checker.problemOf(operation, answer.response, answer.text), context).toBeNull();
      };
      const examples = nastyBodies(operation, facts).map((input): [HostileInput] => [input]);
      const numRuns = runs + examples.length;
      await fc.assert(fc.asyncProperty(hostileInput(operation, facts), check), { numRuns, seed, examples });
    },
    600_000,
  );

  it("S34 writes no secret into the log", () => {
    const text = logged.join("");
    for (const secret of [token, ...Object.values(keys.texts), "canary7f3a"])
      expect(text).not.toContain(secret);
    // A request that goes wrong on this side is told there; there is none.
    expect(text).not.toContain('"level":"error"');
  });
});

/** Longer than anything takes, and short of a hang. */
const withinMs = 100_000;

async function answerTo({ method, target, headers, body }: HostileInput) {
  const request = new Request(`http://127.0.0.1:2660${target}`, {
    method,
    headers: headers.map(([name, value]) => [name, value] as [string, string]),
    ...(body === null ? {} : { body: Buffer.from(body) }),
  });
  const late = AbortSignal.timeout(withinMs);
  return Promise.race([
    (async () => {
      const response = await app.fetch(request);
      return { response, status: response.status, text: await textOf(response) };
    })(),
    new Promise<never>((_, reject) =>
      late.addEventListener("abort", () =>
        reject(new Error(`no answer in ${withinMs} ms to ${method} ${target}`)),
      ),
    ),
  ]);
}

/** Streams of jobs that have not ended go on for as long as anybody reads. */
async function textOf(response: Response): Promise<string> {
  const type = response.headers.get("content-type") ?? "";
  const isStream = type.startsWith("text/event-stream") || type.startsWith("application/x-ndjson");
  if (!isStream || response.headers.has("content-disposition")) return response.text();
  const reader = response.body?.getReader();
  const first = await reader?.read();
  await reader?.cancel();
  return Buffer.from(first?.value ?? "").toString();
}

/** Whether a target still is of the route, once it was read as an address. */
function isOf(path: string, target: string): boolean {
  const pattern = new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`);
  return pattern.test(new URL(target, "http://127.0.0.1:2660").pathname);
}
