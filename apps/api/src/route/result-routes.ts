import {
  artifactListSchema,
  jobDiffSchema,
  jobVerificationSchema,
  leadPageSchema,
  runSummarySchema,
} from "@cmo/contract";
import { leadExporters, renderSummaryJson } from "@cmo/exporters";
import { Hono } from "hono";
import { fileAnswer } from "../answer/file-answer.ts";
import { jsonAnswer, textAnswer } from "../answer/json-answer.ts";
import type { ApiEnv } from "../app/api-env.ts";
import type { ApiParts } from "../app/api-parts.ts";
import { describe } from "../document/describe.ts";
import { readQuery } from "../request/read-query.ts";
import { jobPath } from "./job-path.ts";
import { noQuery } from "./job-queries.ts";
import { bundleQuery, diffQuery, leadFileQuery, leadPageQuery } from "./result-queries.ts";

/** What a job has found: its summary, its leads, its files. */
export function resultRoutes({ log }: Pick<ApiParts, "log">): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>()
    .get("/:id/summary", describeSummary, async (context) => {
      readQuery(context, noQuery);
      const summary = await context.get("service").summary(context.req.param("id"));
      // Byte for byte what the summary file holds.
      return textAnswer(renderSummaryJson(summary));
    })
    .get("/:id/leads", describeLeads, async (context) => {
      const query = readQuery(context, leadPageQuery);
      return jsonAnswer(await context.get("service").leads(context.req.param("id"), query));
    })
    .get("/:id/diff/:other", describeDiff, async (context) => {
      const query = readQuery(context, diffQuery);
      const { id, other } = context.req.param();
      return jsonAnswer(await context.get("service").diff(id, other, query));
    })
    .get("/:id/artifacts", describeArtifacts, async (context) => {
      readQuery(context, noQuery);
      return jsonAnswer(await context.get("service").artifacts(context.req.param("id")));
    })
    .get("/:id/artifacts/:name", describeArtifact, async (context) => {
      readQuery(context, noQuery);
      const { id, name } = context.req.param();
      return fileAnswer(context, await context.get("service").artifact(id, name), { name, log });
    })
    .get("/:id/verification", describeVerification, async (context) => {
      readQuery(context, noQuery);
      return jsonAnswer(await context.get("service").verification(context.req.param("id")));
    })
    .get("/:id/bundle", describeBundle, async (context) => {
      const { kind = "shared" } = readQuery(context, bundleQuery);
      const id = context.req.param("id");
      const file = await context.get("service").bundle(id, kind);
      return fileAnswer(context, file, { name: `${id}_bundle.zip`, log });
    });
  for (const { format, mediaType, fileName } of leadFiles) {
    app.get(`/:id/leads.${format}`, describeLeadFile(format, mediaType), async (context) => {
      const query = readQuery(context, leadFileQuery);
      const id = context.req.param("id");
      const file = await context.get("service").leadsFile(id, format, query);
      return fileAnswer(context, file, { name: fileName(id), log });
    });
  }
  return app;
}

const leadFiles = [
  ...leadExporters.map(({ id, mediaType, fileName }) => ({ format: id, mediaType, fileName })),
  {
    format: "ndjson",
    mediaType: "application/x-ndjson",
    fileName: (jobId: string) => `${jobId}_leads.ndjson`,
  },
];

const describeSummary = describe({
  id: "readSummary",
  tag: "results",
  summary: "The summary so far, or the final one",
  path: jobPath,
  query: noQuery,
  answers: { 200: { description: "The summary, with the bytes of its file.", schema: runSummarySchema } },
  refusals: [404],
});

const describeLeads = describe({
  id: "listLeads",
  tag: "results",
  summary: "Leads, in pages",
  description: "Without those who have been suppressed since.",
  path: jobPath,
  query: leadPageQuery,
  answers: { 200: { description: "A page of them.", schema: leadPageSchema } },
  refusals: [404],
});

function describeLeadFile(format: string, mediaType: string) {
  return describe({
    id: `downloadLeadsAs${format.charAt(0).toUpperCase()}${format.slice(1)}`,
    tag: "results",
    summary: `Leads as a file: ${format}`,
    description: "As they are stored now. Without a query, the bytes of the job's export.",
    path: jobPath,
    query: leadFileQuery,
    answers: {
      200: {
        description: "The file.",
        media: { [mediaType.split(";")[0] ?? mediaType]: "The whole file." },
        headers: { "Content-Disposition": "The file's name." },
      },
    },
    refusals: [404],
  });
}

const describeDiff = describe({
  id: "diffJobs",
  tag: "results",
  summary: "What differs between two jobs that have ended",
  description:
    "Leads that came, went, moved or changed, with the reason; how the summary moved; and what the campaigns ask for differently. Leads are matched by node id. Of people suppressed by now nothing is told.",
  path: { ...jobPath, other: "The id of the job that it is compared with." },
  query: diffQuery,
  answers: {
    200: { description: "The difference, from the first job to the second.", schema: jobDiffSchema },
  },
  refusals: [404, 409],
});

const describeArtifacts = describe({
  id: "listArtifacts",
  tag: "results",
  summary: "The files of a job",
  path: jobPath,
  query: noQuery,
  answers: { 200: { description: "Their names, and what is in them.", schema: artifactListSchema } },
  refusals: [404],
});

const describeArtifact = describe({
  id: "downloadArtifact",
  tag: "results",
  summary: "A file of a job that has ended",
  path: { ...jobPath, name: "The file's name, as the list of files has it." },
  query: noQuery,
  answers: {
    200: {
      description: "The file.",
      media: { "application/json": "A summary, or leads.", "text/csv": "Leads." },
      headers: { "Content-Disposition": "The file's name." },
    },
  },
  refusals: [404, 409],
});

const describeVerification = describe({
  id: "verifyJob",
  tag: "results",
  summary: "Whether a job is as it was written",
  description:
    "Its log is checked by the chain over its canonical events, its spec and its leads by what the log says of them. Reads all of it: the answer may take as long as a download.",
  path: jobPath,
  query: noQuery,
  answers: { 200: { description: "What was found.", schema: jobVerificationSchema } },
  refusals: [404],
});

const describeBundle = describe({
  id: "downloadBundle",
  tag: "results",
  summary: "A job that has ended as a run bundle",
  description:
    "Everything that it came from and came to, to be replayed and verified: see docs/reproduce.md.",
  path: jobPath,
  query: bundleQuery,
  answers: {
    200: {
      description: "The bundle.",
      media: { "application/zip": "The whole archive." },
      headers: { "Content-Disposition": "The file's name." },
    },
  },
  refusals: [404, 409],
});
