import { createLog } from "@cmo/runtime";
import { expect, it } from "vitest";
import { createHealth } from "../../src/server.ts";
import { openApiPlace } from "../support/api-place.ts";

const log = createLog({ write() {}, now: () => 0, redact: (text) => text });

it("a worker that is being stopped lives, and is not ready any more", async () => {
  const place = await openApiPlace();
  try {
    const { host } = place.runtime;
    const health = await createHealth({ host, log, port: 0 }).listen(place.runtime);
    const statuses = async () =>
      Promise.all(["/healthz", "/readyz"].map(async (path) => (await fetch(`${health.url}${path}`)).status));
    expect(await statuses()).toEqual([200, 200]);
    health.stopping();
    expect(await statuses()).toEqual([200, 503]);
    await health.close();
    await expect(fetch(`${health.url}/healthz`)).rejects.toThrow();
  } finally {
    await place.close();
  }
});

it("an address that others could reach is refused without keys", async () => {
  const place = await openApiPlace({ env: { CMO_HOST: "0.0.0.0" } });
  try {
    const { host } = place.runtime;
    expect(() => createHealth({ host, log, port: 0 })).toThrow("Without keys");
  } finally {
    await place.close();
  }
});
