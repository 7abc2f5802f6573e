import { openBundle } from "@cmo/bundle";
import { CmoError, createMemoryStore, type Source } from "@cmo/engine";
import { describe, expect, it, onTestFinished } from "vitest";
import { nodeDigest } from "../../src/host/node-digest.ts";
import { createRuntime, replayBundle } from "../../src/index.ts";
import { createSourceDirectory } from "../../src/source/create-source-directory.ts";
import { testHost } from "../support/test-host.ts";
import { runCampaignIn, smallCampaign, writeBundle } from "./bundle-place.ts";

/** Stands in everything of the world that names somebody or something, and nowhere else. */
const canary = "zqxcanary";

describe("a bundle for others, of a world in which everything is marked", () => {
  it.each([
    ["a run that completed", null, {}],
    ["a run that failed, with what it was told in its error", 3, {}],
    ["a run that met a limit", null, { limits: { max_requests: 9 } }],
    [
      "a run of a schedule, whose goal is in its spec in pieces",
      null,
      {
        goal_template: `Find ${canary} since {{ pushed_since }}`,
        schedule: { cron: "0 6 * * 1", time_zone: "Europe/Vienna" },
      },
    ],
    ["a run without mail", null, { source: { type: "simulator", seed: 5, repositories: 120, mail: "none" } }],
  ])("holds no mark, in its bytes and in what they unpack to: %s", async (_what, failsAt, more) => {
    const runtime = openMarkedWorld(failsAt);
    const jobId = await runCampaignIn(
      runtime,
      smallCampaign({
        name: `${canary} campaign`,
        goal_template: `Find ${canary}`,
        purpose: `${canary} purpose`,
        basis: `${canary} basis`,
        suppress: [`${canary}@suppressed.example`],
        ...more,
      }),
      { jobId: `job_${canary}` },
    );
    const [full, shared] = [
      await writeBundle(runtime, jobId, "full"),
      await writeBundle(runtime, jobId, "shared"),
    ];
    // It is in what is kept for oneself, in many kinds of answers: so it would be found.
    const kept = await textsOf(full.path);
    expect(kept.join("\n").split(canary).length).toBeGreaterThan(200);
    const failure = kept.find((text) => text.includes('"type":"job.failed"')) ?? "";
    expect(failure.includes(canary)).toBe(failsAt !== null);

    const told = [shared.content.toString("latin1"), ...(await textsOf(shared.path))];
    expect(told.filter((text) => text.toLowerCase().includes(canary))).toEqual([]);
    expect(told.filter((text) => text.includes("Vienna"))).toEqual([]);
    expect((await replayBundle(shared.path)).divergences).toEqual([]);
  });
});

async function textsOf(path: string): Promise<string[]> {
  const bundle = await openBundle(path);
  const texts = [bundle.manifest, await bundle.spec(), await bundle.summary(), await bundle.expected()].map(
    (value) => JSON.stringify(value),
  );
  for await (const line of bundle.eventLines()) texts.push(line);
  for await (const answer of bundle.recording()) texts.push(JSON.stringify(answer));
  await bundle.close();
  return texts;
}

function openMarkedWorld(failsAt: number | null) {
  const host = testHost();
  const store = createMemoryStore(host);
  const directory = createSourceDirectory({ host, digest: nodeDigest, store, onToken: () => {} });
  const runtime = createRuntime({
    host,
    store,
    sources: {
      ...directory,
      async open(spec, job) {
        const opened = await directory.open(spec, job);
        return { ...opened, source: marked(opened.source, failsAt) };
      },
    },
  });
  onTestFinished(() => runtime.close());
  return runtime;
}

const mark = (text: string) => `${canary}-${text}`;
const unmark = (text: string) => text.replace(`${canary}-`, "");
const markedOrNull = (text: string | null) => (text === null ? null : mark(text));

/** A source whose answers are about the same world, with a mark on every name, id, text and address in it. */
function marked(source: Source, failsAt: number | null): Source {
  let asked = 0;
  const failWhenDue = () => {
    asked += 1;
    if (asked !== failsAt) return;
    throw new CmoError("source_unavailable", `Of ${canary}@failed.example, with ghp_${canary}: ${canary}.`, {
      hint: `Look at https://${canary}.example`,
      retryable: false,
    });
  };
  return {
    ...source,
    id: source.id,
    batchSize: (kind) => Math.min(10, source.batchSize(kind)),
    async preflight(call) {
      const seen = await source.preflight(call);
      return { ...seen, viewer: mark("viewer"), notes: [{ code: "data.note", message: `${canary} note` }] };
    },
    async searchRepositories(query, { after, ...page }, call) {
      failWhenDue();
      const begin = after == null ? after : unmark(after);
      const found = await source.searchRepositories(query, { after: begin, ...page } as never, call);
      return {
        ...found,
        next: markedOrNull(found.next),
        repositories: found.repositories.map((one) => ({
          ...one,
          id: mark(one.id),
          name: one.name.split("/").map(mark).join("/"),
          url: `https://${canary}.example/${one.name}`,
          description: mark(one.description ?? ""),
          topics: [...one.topics, canary],
          owner: {
            ...one.owner,
            login: mark(one.owner.login),
            name: mark("organisation"),
            websiteUrl: `https://${canary}.example`,
          },
        })),
      };
    },
    async *repositoryActivity(ids, ...question) {
      failWhenDue();
      for await (const answer of source.repositoryActivity(ids.map(unmark), ...question)) {
        const { value } = answer;
        const contributors = value?.contributors.map((one) => ({
          ...one,
          id: mark(one.id),
          login: mark(one.login),
        }));
        yield {
          ...answer,
          id: mark(answer.id),
          value: value === null ? null : { ...value, contributors: contributors ?? [] },
        } as typeof answer;
      }
    },
    async *people(ids, ...question) {
      failWhenDue();
      for await (const answer of source.people(ids.map(unmark), ...question)) {
        const { value } = answer;
        yield {
          ...answer,
          id: mark(answer.id),
          value:
            value === null
              ? null
              : {
                  ...value,
                  id: mark(value.id),
                  login: mark(value.login),
                  name: mark(value.name ?? ""),
                  email:
                    value.email === null
                      ? null
                      : `${mark("person")}@${canary}-${value.followers % 7}.example`,
                  company: mark(value.company ?? ""),
                  location: mark(value.location ?? ""),
                  bio: `${canary} ${value.bio ?? ""}`,
                  status: mark("status"),
                  websiteUrl: `https://${canary}-${value.followers}.example/about`,
                  twitterUsername: mark("chirps"),
                  profileUrl: `https://${canary}.example/profile`,
                },
        } as typeof answer;
      }
    },
  };
}
