import { buildNewJob } from "@cmo/engine/testing";
import { expect, it } from "vitest";
import { compareSpecs, searchKeys } from "./compare-specs.ts";

const { spec } = buildNewJob();

it("Specs differ in keys, lists as a whole, and never by the hash of anybody", () => {
  const other = {
    ...spec,
    icp: { ...spec.icp, languages: ["Go", "C++"] },
    limits: { ...spec.limits, maxRequests: 7, timeoutMinutes: 3 },
    suppress: [{ kind: "login" as const, hash: "canary-hash-of-somebody" }],
  };
  const differences = compareSpecs(spec, other);
  expect(differences).toEqual([
    { key: "icp.languages", a: spec.icp.languages, b: ["Go", "C++"] },
    { key: "limits.maxRequests", a: null, b: 7 },
    { key: "limits.timeoutMinutes", a: null, b: 3 },
    { key: "suppress", a: {}, b: { login: 1 } },
  ]);
  expect(searchKeys(differences)).toEqual(["icp.languages", "limits.maxRequests"]);
  const another = { ...other, suppress: [{ kind: "login" as const, hash: "another-hash-of-somebody" }] };
  expect(compareSpecs(other, another)).toEqual([{ key: "suppress", a: { login: 1 }, b: { login: 1 } }]);
  expect(compareSpecs(spec, spec)).toEqual([]);
});
