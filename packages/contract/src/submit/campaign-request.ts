import * as v from "valibot";
import { instantSchema } from "../text/instant.ts";
import { mappingSchema } from "./mapping-schema.ts";

/** A campaign's config: a mapping with the keys of the YAML, or its YAML as text, which gets problems with lines. */
const configSchema = v.pipe(
  v.union([mappingSchema(), v.pipe(v.string(), v.maxLength(262_144))]),
  v.description("The config as a mapping, or as YAML text."),
);

const setSchema = v.pipe(
  v.array(v.pipe(v.string(), v.maxLength(4_000))),
  v.maxLength(100),
  v.description("Values set over the config, as the command line's --set takes them: language=Go."),
);

/** A bare name of a file in the server's `config/`. That it is one, and no link, is checked where the file is read. */
const configPathSchema = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(200),
  v.description("The name of a file in the server's config folder: smoke.yaml."),
);

const goalSchema = v.pipe(
  v.string(),
  v.maxLength(4_000),
  v.check((text) => text.trim() !== "", "must not be blank"),
  v.description("What the campaign is after, in words."),
);

const queueEntries = {
  priority: v.optional(
    v.pipe(
      v.number(),
      v.integer(),
      v.minValue(-1_000),
      v.maxValue(1_000),
      v.description("Greater is taken first. Default 0."),
    ),
  ),
  notBefore: v.optional(v.pipe(instantSchema, v.description("Not started before this time."))),
};

/** `{ config }`: the usual form. */
export const configRequestSchema = v.strictObject({ config: configSchema, set: v.optional(setSchema) });
/** See {@link configRequestSchema}. */
export type ConfigRequest = v.InferOutput<typeof configRequestSchema>;

/** What a fork is made with. */
export const forkRequestSchema = v.strictObject({
  set: v.optional(
    v.pipe(
      setSchema,
      v.description(
        "Values set over the job's campaign, by the keys of a config: scoring.weights.fit.stars=20.",
      ),
    ),
  ),
  allowRequests: v.optional(
    v.pipe(
      v.boolean(),
      v.description(
        "Whether it may ask for what the job was not told. Default false: it asks nothing at all.",
      ),
    ),
  ),
});
/** See {@link forkRequestSchema}. */
export type ForkRequest = v.InferOutput<typeof forkRequestSchema>;

const submitConfigSchema = v.strictObject({
  config: configSchema,
  set: v.optional(setSchema),
  ...queueEntries,
});
const submitSpecSchema = v.strictObject({
  spec: v.pipe(
    mappingSchema(),
    v.description("A resolved campaign; it passes the same bounds and policy as a config."),
  ),
  ...queueEntries,
});
const submitGoalSchema = v.strictObject({
  goal: v.optional(goalSchema),
  metadata: v.optional(
    v.pipe(
      mappingSchema(),
      v.description("Accepted for older callers; it has no effect, and the answer says so."),
    ),
  ),
  config_path: v.optional(configPathSchema),
  set: v.optional(setSchema),
  ...queueEntries,
});

/** What a job is submitted with: a config, a resolved spec, or the older form with a goal and a file of the server. */
export type SubmitRequest =
  | v.InferOutput<typeof submitConfigSchema>
  | v.InferOutput<typeof submitSpecSchema>
  | v.InferOutput<typeof submitGoalSchema>;

/** The forms of a {@link SubmitRequest}, by the key that tells them apart. */
export const submitRequestSchemas = {
  config: submitConfigSchema,
  spec: submitSpecSchema,
  goal: submitGoalSchema,
} as const;

/** See {@link SubmitRequest}; for documents. Reading picks the form first, so that problems are of that form. */
export const submitRequestSchema = v.union([submitConfigSchema, submitSpecSchema, submitGoalSchema]);
