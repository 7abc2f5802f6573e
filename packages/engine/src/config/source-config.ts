import * as v from "valibot";
import { faultsConfigSchema } from "./fault-config.ts";
import { wholeNumber } from "./leaf-schema.ts";

/** The sources that a campaign can name. */
const sourceTypes = ["simulator", "github"] as const;

/** How many requests to the source may run at once. */
export const sourceConcurrency = wholeNumber(1, 20);
/** The seed of the simulator's world. */
export const sourceSeed = wholeNumber(0, 4_294_967_295);
/** How many repositories the simulator's world has. */
export const sourceRepositories = wholeNumber(50, 100_000);
/** How long the simulator takes for an answer, in milliseconds. */
export const sourceLatency = wholeNumber(0, 60_000);
/**
 * Who answers whether a domain takes mail: `dns` asks the name system, `simulator` answers for the imaginary domains
 * of the simulator, `none` asks nobody (`mxStatus` is then `not_checked`).
 */
export const sourceMail = v.picklist(["dns", "simulator", "none"], "dns, simulator or none");

const sourceType = v.picklist(sourceTypes, "simulator or github");

/** `source`: its name, or a mapping with its type and options. Where requests go is never said here. */
export const sourceConfigSchema = v.union(
  [
    sourceType,
    v.strictObject(
      {
        type: sourceType,
        seed: v.optional(sourceSeed),
        repositories: v.optional(sourceRepositories),
        faults: v.optional(faultsConfigSchema),
        latency_ms: v.optional(sourceLatency),
        mail: v.optional(sourceMail),
        concurrency: v.optional(sourceConcurrency),
      },
      "a mapping with type and options",
    ),
  ],
  "simulator, github, or a mapping with type and options",
);
