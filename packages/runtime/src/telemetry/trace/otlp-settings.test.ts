import { describe, expect, it } from "vitest";
import { readOtlpSettings } from "./otlp-settings.ts";

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector.example:4318" };

function read(env: Record<string, string>, onWarning: (message: string) => void = () => {}) {
  return readOtlpSettings(env, onWarning);
}

describe("readOtlpSettings", () => {
  it.each([
    ["http://collector.example:4318", "http://collector.example:4318/v1/traces"],
    ["http://collector.example:4318/", "http://collector.example:4318/v1/traces"],
    ["https://works.example/otlp/", "https://works.example/otlp/v1/traces"],
  ])("sends to /v1/traces under %s", (address, url) => {
    expect(read({ OTEL_EXPORTER_OTLP_ENDPOINT: address }).url).toBe(url);
  });

  it("takes the address for traces as it is, over the one for everything", () => {
    const own = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://traces.example/in" };
    expect(read({ ...endpoint, ...own }).url).toBe("https://traces.example/in");
  });

  it("has what the specification has where nothing is said, or what is said is no number", () => {
    const usual = { timeoutMs: 10_000, queueSize: 2_048, batchSize: 512, delayMs: 5_000, headers: {} };
    expect(read(endpoint)).toMatchObject({ ...usual, resource: { "service.name": "cmo" } });
    expect(
      read({ ...endpoint, OTEL_BSP_SCHEDULE_DELAY: "soon", OTEL_BSP_MAX_QUEUE_SIZE: "-1" }),
    ).toMatchObject(usual);
  });

  it("takes what is said, for traces over what is for everything", () => {
    const settings = read({
      ...endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: "x-key=one",
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: "authorization=Bearer%20abc, x-team=works=1,broken,=empty",
      OTEL_EXPORTER_OTLP_TIMEOUT: "2000",
      OTEL_BSP_MAX_QUEUE_SIZE: "100",
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "500",
      OTEL_BSP_SCHEDULE_DELAY: "250",
      OTEL_RESOURCE_ATTRIBUTES: "deployment.environment=test,service.name=other",
      OTEL_SERVICE_NAME: "leads",
    });
    expect(settings).toMatchObject({
      headers: { authorization: "Bearer abc", "x-team": "works=1" },
      timeoutMs: 2_000,
      queueSize: 100,
      batchSize: 100,
      delayMs: 250,
      resource: { "service.name": "leads", "deployment.environment": "test" },
    });
  });

  it.each(["collector", "ftp://collector.example", "://"])("refuses %s as an address", (address) => {
    expect(() => read({ OTEL_EXPORTER_OTLP_ENDPOINT: address })).toThrow(
      expect.objectContaining({
        code: "config_invalid",
        message: expect.stringContaining("OTEL_EXPORTER_OTLP_ENDPOINT"),
      }),
    );
  });

  it("says so when another protocol is asked for than the one it has", () => {
    const warnings: string[] = [];
    read({ ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" }, (text) => warnings.push(text));
    expect(warnings).toEqual([]);
    read({ ...endpoint, OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }, (text) => warnings.push(text));
    expect(warnings).toEqual([expect.stringContaining("grpc")]);
  });
});
