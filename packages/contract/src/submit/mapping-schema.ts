import * as v from "valibot";

/** What is said of anything else. */
const message = "must be a mapping";

/** A mapping of any values, and no list: Valibot takes a list for a record of its places. */
export function mappingSchema() {
  const record = v.record(v.string(), v.unknown(), message);
  const run: (typeof record)["~run"] = (dataset, config) =>
    record["~run"](Array.isArray(dataset.value) ? { value: undefined } : dataset, config);
  return { ...record, "~run": run };
}
