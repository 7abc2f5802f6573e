import { suppressionKinds } from "@cmo/engine";
import * as v from "valibot";
import { instantSchema } from "../text/instant.ts";

/** Whom a request is about: logins, `id:NODE_ID`, addresses, or `@domain`. Kept as keyed hashes only. */
export const suppressionRequestSchema = v.strictObject({
  entries: v.pipe(
    v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(320))),
    v.minLength(1),
    v.maxLength(10_000),
  ),
});
/** See {@link suppressionRequestSchema}. */
export type SuppressionRequest = v.InferOutput<typeof suppressionRequestSchema>;

const listedEntries = {
  kind: v.picklist(suppressionKinds),
  hash: v.pipe(v.string(), v.description("Keyed hash: it keeps somebody out without saying who it is.")),
};

/** The entries of a request in its order, with whether each is on the list now. */
export const suppressionStateSchema = v.object({
  entries: v.array(v.object({ ...listedEntries, listed: v.boolean() })),
});
/** See {@link suppressionStateSchema}. */
export type SuppressionState = v.InferOutput<typeof suppressionStateSchema>;

/** A page of the suppression list, by hash. */
export const suppressionPageSchema = v.object({
  entries: v.array(v.object({ ...listedEntries, addedAt: instantSchema })),
  next: v.pipe(v.nullable(v.string()), v.description("The cursor of the next page; null at the end.")),
});
/** See {@link suppressionPageSchema}. */
export type SuppressionPage = v.InferOutput<typeof suppressionPageSchema>;
