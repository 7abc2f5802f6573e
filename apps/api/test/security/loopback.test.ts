import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ListeningApp, listen } from "../../src/index.ts";
import { assertGuarded } from "../../src/security/assert-guarded.ts";
import { type ApiPlace, openApiPlace } from "../support/api-place.ts";
import { rawRequest } from "../support/raw-request.ts";
import { testKeys } from "../support/test-keys.ts";

describe("S37 A server without keys", () => {
  let place: ApiPlace;
  let listening: ListeningApp;
  beforeAll(async () => {
    place = await openApiPlace({ location: "memory" });
    listening = await listen(place.app);
  });
  afterAll(async () => {
    await listening.close();
    await place.close();
  });
  const statusOf = async (path: string, headers: readonly string[]) => {
    const { port } = listening;
    const lines = headers.map((line) => `${line.replaceAll("PORT", String(port))}\r\n`).join("");
    const { statuses } = await rawRequest({ port, pieces: [`GET ${path} HTTP/1.1\r\n${lines}\r\n`] });
    return statuses[0];
  };

  it("answers under the names that the machine has for itself, with the right port", async () => {
    for (const host of ["127.0.0.1:PORT", "localhost:PORT", "[::1]:PORT"]) {
      expect(await statusOf("/api/jobs", [`Host: ${host}`]), host).toBe(200);
    }
  });

  it("refuses every other name on every route, as one has it that was made to point here", async () => {
    const hosts = [
      "elsewhere.test:PORT",
      "127.0.0.1",
      "127.0.0.1:1",
      "localhost.elsewhere.test:PORT",
      "127.0.0.1.elsewhere.test:PORT",
      "127.0.0.1:PORT.elsewhere.test",
      "0.0.0.0:PORT",
      "LOCALHOST.:PORT",
    ];
    for (const path of ["/api/jobs", "/healthz", "/docs", "/openapi.json", "/nothing"]) {
      for (const host of hosts)
        expect([400, 421], `${path} ${host}`).toContain(await statusOf(path, [`Host: ${host}`]));
    }
  });

  it("refuses pages of other places, and those of the same machine on another port", async () => {
    const own = "Host: 127.0.0.1:PORT";
    for (const origin of ["http://127.0.0.1:PORT", "http://localhost:PORT"]) {
      expect(await statusOf("/api/jobs", [own, `Origin: ${origin}`]), origin).toBe(200);
    }
    for (const origin of [
      "https://elsewhere.test",
      "http://127.0.0.1:1",
      "http://localhost",
      "null",
      "https://127.0.0.1:PORT",
      "http://127.0.0.1:PORT.elsewhere.test",
    ]) {
      expect(await statusOf("/api/jobs", [own, `Origin: ${origin}`]), origin).toBe(403);
    }
  });

  it("may not be reached from elsewhere; with keys it may", () => {
    for (const host of ["127.0.0.1", "localhost", "::1"])
      expect(() => assertGuarded(host, null)).not.toThrow();
    for (const host of ["0.0.0.0", "::", "192.0.2.7", "cmo.works.example"]) {
      expect(() => assertGuarded(host, null), host).toThrow(
        expect.objectContaining({ code: "usage", hint: expect.stringContaining("cmo keys create") }),
      );
      expect(() => assertGuarded(host, testKeys().directory)).not.toThrow();
    }
  });
});
