import { Validator } from "@seriousme/openapi-schema-validator";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AnswerChecker, openAnswerChecker } from "../support/answer-checker.ts";
import { type ApiPlace, openApiPlace } from "../support/api-place.ts";

describe("/openapi.json", () => {
  let place: ApiPlace;
  let checker: AnswerChecker;
  beforeAll(async () => {
    place = await openApiPlace({ location: "memory" });
    checker = await openAnswerChecker(place.app);
  });
  afterAll(() => place.close());

  it("is a valid OpenAPI 3.1 document", async () => {
    const result = await new Validator().validate(JSON.parse(JSON.stringify(checker.document)));
    expect(result.errors ?? []).toEqual([]);
    expect(checker.document.openapi).toBe("3.1.0");
  });

  it("has every route of the app, and the app every route of it", () => {
    const routes = place.app.routes
      .filter(({ method }) => method !== "ALL")
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, "{$1}")}`);
    const told = checker.operations.map(({ method, path }) => `${method} ${path}`);
    expect([...new Set(routes)].toSorted()).toEqual(told.toSorted());
  });

  it("names each route once, says what it is for, and that it needs a key unless it is open to all", () => {
    const ids = checker.operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, operation } of checker.operations) {
      expect(operation.summary, path).not.toBe("");
      expect(operation.tags).toHaveLength(1);
      const isOpen = !path.startsWith("/api/") && path !== "/metrics";
      expect(operation.security, path).toEqual(isOpen ? [] : [{ bearer: [] }, { apiKey: [] }]);
    }
  });

  it("refers to nothing that it does not have", () => {
    const references = [...JSON.stringify(checker.document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
      ([, path = ""]) => path,
    );
    expect(references.length).toBeGreaterThan(50);
    for (const path of new Set(references)) {
      const found = path
        .split("/")
        .reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], checker.document);
      expect(found, path).toBeDefined();
    }
  });

  it("says how lists are sent: words with commas between them, texts each by itself", () => {
    const lists = checker.operations.flatMap(({ operation }) =>
      (operation.parameters ?? []).flatMap((parameter) =>
        "schema" in parameter && JSON.stringify(parameter.schema).startsWith('{"type":"array"')
          ? [[parameter.name, parameter.explode]]
          : [],
      ),
    );
    expect(lists).toEqual(
      expect.arrayContaining([
        ["status", false],
        ["channels", false],
        ["set", true],
      ]),
    );
  });

  it("has examples that are of their schemas, of every refusal among them", () => {
    expect(checker.exampleProblems()).toEqual([]);
    const responses = Object.values(checker.document.components?.responses ?? {});
    expect(responses.length).toBeGreaterThan(10);
    expect(responses.filter((response) => !JSON.stringify(response).includes('"example":'))).toEqual([]);
  });

  it("has examples of bodies that are taken as they stand", async () => {
    const jobId = await place.submit();
    await place.work(jobId);
    for (const { method, path, operation } of checker.operations) {
      const { requestBody } = operation;
      if (requestBody === undefined || !("content" in requestBody)) continue;
      for (const [media, { example }] of Object.entries(requestBody.content)) {
        const answer = await place.app.request(`http://localhost${path.replace("{id}", jobId)}`, {
          method,
          headers: { "Content-Type": media },
          body: typeof example === "string" ? example : JSON.stringify(example),
        });
        expect(answer.status, `${method} ${path} ${media}`).toBeLessThan(300);
      }
    }
  });
});
