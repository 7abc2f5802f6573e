import { createHash, createHmac } from "node:crypto";
import type { Source, SourceAnswer } from "@cmo/engine";
import { createGitHubSource, type Fetch, type GitHubSourceOptions } from "../src/index.ts";
import { createFakeClock, type FakeClock } from "./fake-clock.ts";
import { createRecordingCall } from "./recording-call.ts";
import { type ArrivedRequest, createScriptedFetch, type ScriptedAnswer } from "./scripted-fetch.ts";

/** A token that nobody has, and that must not be seen anywhere. */
export const canaryToken = "ghp_CANARYcanary0123456789canaryCANARY00";

export const digest: GitHubSourceOptions["digest"] = (key) =>
  key === undefined ? createHash("sha256") : createHmac("sha256", key);

export function createTestSource(
  clock: FakeClock,
  fetch: Fetch,
  more: Partial<GitHubSourceOptions> = {},
): Source {
  return createGitHubSource({
    fetch,
    token: canaryToken,
    apiUrl: "https://api.github.example",
    graphqlUrl: "https://api.github.example/graphql",
    clock,
    random: () => 0.5,
    digest,
    ...more,
  });
}

/** A source before a scripted GitHub, with a clock of its own. */
export function createScene(
  answer: (request: ArrivedRequest, ordinal: number) => ScriptedAnswer | Promise<ScriptedAnswer>,
  more: Partial<GitHubSourceOptions> = {},
) {
  const clock = createFakeClock();
  const github = createScriptedFetch(clock.now, answer);
  const call = createRecordingCall();
  const source = createTestSource(clock, github.fetch, more);
  return { clock, github, call, source, startMs: clock.now() };
}

/** Reads a batch to its end. */
export async function collect<T>(answers: AsyncIterable<SourceAnswer<T>>): Promise<SourceAnswer<T>[]> {
  const all: SourceAnswer<T>[] = [];
  for await (const answer of answers) all.push(answer);
  return all;
}

/** `count` ids of people or repositories. */
export function idsOf(count: number, prefix = "U_"): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);
}

/** A promise's error, or a failure when it has none. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("It did not fail.");
}

/** The sizes of the batches that were asked for, and when, in milliseconds since the start. */
export function asked(scene: ReturnType<typeof createScene>) {
  return {
    sizes: scene.github.requests.map(
      (request) => (request.variables.ids as string[] | undefined)?.length ?? 0,
    ),
    atMs: scene.github.requests.map((request) => request.atMs - scene.startMs),
  };
}

/** Asks a scene for `count` people, and lets time pass until they are there. */
export async function readPeople(scene: ReturnType<typeof createScene>, count: number) {
  return scene.clock.run(collect(scene.source.people(idsOf(count), scene.call)));
}
