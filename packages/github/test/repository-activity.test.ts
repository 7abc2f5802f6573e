import { describe, expect, test } from "vitest";
import { collect, createScene, idsOf } from "./fixture.ts";
import { type ArrivedRequest, badGateway, json } from "./scripted-fetch.ts";

describe("activity", () => {
  const authors = [{ id: "U_1", login: "one" }, { id: "U_2", login: "two" }, null];

  /** Histories of `lengths[id]` commits, an hour apart, by three authors in turn; `limit` commits per query at most. */
  function answerHistories(
    request: ArrivedRequest,
    lengths: Record<string, number>,
    limit = Number.POSITIVE_INFINITY,
  ) {
    const { variables } = request;
    const first = variables.first as number;
    const ids =
      (variables.ids as string[] | undefined) ??
      Object.keys(variables)
        .filter((key) => /^id\d/.test(key))
        .map((key) => variables[key] as string);
    if (ids.length * first > limit) return badGateway();
    const nodes = ids.map((id, index) => {
      const from = Number(variables[`after${index}`] ?? 0);
      const length = lengths[id] ?? 0;
      const commits = Array.from({ length: Math.min(first, length - from) }, (_, offset) => ({
        committedDate: new Date(
          Date.parse("2026-02-01T00:00:00Z") - (from + offset) * 3_600_000,
        ).toISOString(),
        author: { user: authors[(from + offset) % 3] },
      }));
      const end = from + commits.length;
      const history = { pageInfo: { hasNextPage: end < length, endCursor: String(end) }, nodes: commits };
      return {
        __typename: "Repository",
        id,
        defaultBranchRef: length === 0 ? null : { target: { __typename: "Commit", history } },
      };
    });
    const data =
      variables.ids === undefined
        ? Object.fromEntries(nodes.map((node, index) => [`r${index}`, node]))
        : { nodes };
    return json({ data });
  }
  const lengths = { R_1: 4, R_2: 0, R_3: 250, R_4: 100 };
  const window = { since: "2025-12-01T00:00:00Z", commitsPerRepository: 100, deep: false };

  test("contributors come with their commits, most first; what is linked to nobody is counted", async () => {
    const scene = createScene((request) => answerHistories(request, lengths));
    const answers = await scene.clock.run(
      collect(scene.source.repositoryActivity(idsOf(4, "R_"), window, scene.call)),
    );
    expect(answers.map(({ more }) => more ?? false)).toEqual([true, true, true, false]);
    expect(answers[0]).toEqual({
      id: "R_1",
      missing: null,
      more: true,
      value: {
        commits: 4,
        unlinked: 1,
        truncated: false,
        contributors: [
          { id: "U_1", login: "one", commits: 2, lastCommitAt: "2026-02-01T00:00:00.000Z" },
          { id: "U_2", login: "two", commits: 1, lastCommitAt: "2026-01-31T23:00:00.000Z" },
        ],
      },
    });
    expect(answers.map((answer) => [answer.value?.commits, answer.value?.truncated])).toEqual([
      [4, false],
      [0, false],
      [100, true],
      [100, false],
    ]);
    expect(scene.github.requests).toHaveLength(1);
  });

  test("a smaller depth is read as it is asked for, a greater one in pages", async () => {
    for (const [depth, commits, requests] of [
      [3, 3, 1],
      [150, 150, 2],
      [300, 250, 3],
    ]) {
      const scene = createScene((request) => answerHistories(request, lengths));
      const shallow = { ...window, commitsPerRepository: depth ?? 0 };
      const [answer] = await scene.clock.run(
        collect(scene.source.repositoryActivity(["R_3"], shallow, scene.call)),
      );
      expect(answer?.value).toMatchObject({ commits, truncated: commits !== 250 });
      expect(scene.github.requests).toHaveLength(requests ?? 0);
    }
  });

  test("a deep look pages through several histories at once", async () => {
    const scene = createScene((request) => answerHistories(request, { ...lengths, R_5: 120 }));
    const ids = idsOf(5, "R_");
    const answers = await scene.clock.run(
      collect(scene.source.repositoryActivity(ids, { ...window, deep: true }, scene.call)),
    );
    expect(new Map(answers.map((answer) => [answer.id, answer.value?.commits]))).toEqual(
      new Map([
        ["R_1", 4],
        ["R_2", 0],
        ["R_3", 250],
        ["R_4", 100],
        ["R_5", 120],
      ]),
    );
    expect(answers.every((answer) => answer.value?.truncated === false)).toBe(true);
    expect(scene.github.requests).toHaveLength(3);
    expect(scene.github.requests[1]?.variables).toMatchObject({
      id0: "R_3",
      after0: "100",
      id1: "R_5",
      after1: "100",
    });
  });

  test("a history that is too much even alone is read in smaller pages, and comes to the same", async () => {
    const read = async (limit: number) => {
      const scene = createScene((request) => answerHistories(request, lengths, limit));
      const answers = await scene.clock.run(
        collect(scene.source.repositoryActivity(idsOf(4, "R_"), window, scene.call)),
      );
      return new Map(answers.map((answer) => [answer.id, answer.value]));
    };
    expect(await read(30)).toEqual(await read(1_000));
  });

  test("what is no repository any more is gone", async () => {
    const scene = createScene(() =>
      json({
        data: { nodes: [{ __typename: "User" }, null] },
        errors: [{ type: "NOT_FOUND", path: ["nodes", 1], message: "" }],
      }),
    );
    const answers = await scene.clock.run(
      collect(scene.source.repositoryActivity(idsOf(2, "R_"), window, scene.call)),
    );
    expect(answers.map((answer) => answer.missing)).toEqual(["gone", "gone"]);
  });
});
