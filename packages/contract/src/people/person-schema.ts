import { suppressionKinds } from "@cmo/engine";
import * as v from "valibot";

const identitySchema = v.object({
  ids: v.array(v.string()),
  logins: v.array(v.string()),
  emails: v.array(v.string()),
  belongings: v.array(v.object({ id: v.string(), shownName: v.nullable(v.string()) })),
});

/** Everything that is held about a person, and where it came from. */
export const personReportSchema = v.pipe(
  v.object({
    identity: identitySchema,
    records: v.array(
      v.object({
        table: v.string(),
        jobId: v.nullable(v.string()),
        kind: v.string(),
        key: v.string(),
        fetchedAt: v.nullable(v.string()),
        about: v.unknown(),
      }),
    ),
    files: v.pipe(
      v.array(v.object({ jobId: v.string(), format: v.string() })),
      v.description("Files that were written where the store is, of jobs that have them as a lead."),
    ),
    suppressedBy: v.array(v.object({ kind: v.picklist(suppressionKinds), value: v.string() })),
  }),
  v.metadata({ ref: "Person" }),
);
/** See {@link personReportSchema}. */
export type PersonView = v.InferOutput<typeof personReportSchema>;

const stateSchema = v.pipe(
  v.picklist(["done", "pending"]),
  v.description("Pending: out of reach, but perhaps still in the store's files until nobody reads them."),
);

/** What became of files that were written of what was erased. */
const filesSchema = v.object({
  rewritten: v.number(),
  removed: v.number(),
  missing: v.number(),
  failed: v.number(),
});

/** What the erase of a person came to. */
export const personErasedSchema = v.object({
  found: v.boolean(),
  rows: v.number(),
  jobs: v.array(v.string()),
  suppressed: v.number(),
  state: stateSchema,
  files: filesSchema,
});
/** See {@link personErasedSchema}. */
export type PersonErased = v.InferOutput<typeof personErasedSchema>;

/** What an erase of jobs came to, or would come to. */
export const jobsErasedSchema = v.object({
  dryRun: v.boolean(),
  jobs: v.array(v.string()),
  held: v.pipe(
    v.array(v.string()),
    v.description("Jobs that a worker holds, and that are left as they are."),
  ),
  state: v.nullable(stateSchema),
  files: v.nullable(filesSchema),
});
/** See {@link jobsErasedSchema}. */
export type JobsErased = v.InferOutput<typeof jobsErasedSchema>;
