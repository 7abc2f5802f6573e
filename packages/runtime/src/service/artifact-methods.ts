import type { Artifact, CampaignService, ServedFile } from "@cmo/contract";
import { CmoError, type Job, type LeadExporter, type RunSummary } from "@cmo/engine";
import { leadExporters, renderSummaryJson, summaryFileName } from "@cmo/exporters";
import { foundNothing } from "../export/found-nothing.ts";
import { ownJob } from "./own-job.ts";
import { renderGathered } from "./render-gathered.ts";
import type { ServiceParts } from "./service-parts.ts";

/** A file of a job: what is told of it, and its content, byte for byte as an export writes it. */
interface JobFile {
  readonly artifact: Artifact;
  readonly pieces: () => AsyncIterable<string>;
}

/** The files of jobs that have ended. */
export function artifactMethods(parts: ServiceParts): Pick<CampaignService, "artifacts" | "artifact"> {
  const { engine } = parts.runtime;

  async function filesOf(job: Job): Promise<readonly JobFile[]> {
    // A dry run leaves no files, here as elsewhere.
    if (job.finishedAt === null || job.spec.dryRun) return [];
    const summary = await engine.summary(job.id);
    const exporters = foundNothing(summary) ? [] : leadExporters;
    return [summaryFile(job, summary), ...exporters.map((exporter) => leadFile(job, summary, exporter))];
  }

  function leadFile({ id }: Job, { artifacts }: RunSummary, exporter: LeadExporter): JobFile {
    const logged = artifacts.find(({ kind }) => kind === exporter.kind);
    const query = exporter.rows === "contactable" ? { contactable: true } : {};
    return {
      artifact: {
        name: exporter.fileName(id),
        format: exporter.id,
        mediaType: exporter.mediaType,
        rows: logged?.rows ?? null,
        digest: logged?.digest ?? null,
      },
      pieces: () => renderGathered(exporter, () => engine.leads(id, query)),
    };
  }

  return {
    async artifacts(jobId) {
      const files = await filesOf(await ownJob(parts, jobId));
      return { artifacts: files.map(({ artifact }) => artifact) };
    },
    async artifact(jobId, name): Promise<ServedFile> {
      const job = await ownJob(parts, jobId);
      if (job.finishedAt === null) {
        throw new CmoError(
          "conflict",
          `Job ${jobId} is ${job.status}; its files are there when it has ended.`,
        );
      }
      const file = (await filesOf(job)).find(({ artifact }) => artifact.name === name);
      if (file === undefined) throw new CmoError("not_found", `Job ${jobId} has no file of that name.`);
      return { mediaType: file.artifact.mediaType, pieces: file.pieces() };
    },
  };
}

function summaryFile({ id }: Job, summary: RunSummary): JobFile {
  return {
    artifact: {
      name: summaryFileName(id),
      format: "summary",
      mediaType: "application/json",
      rows: null,
      digest: null,
    },
    pieces: () => onePiece(renderSummaryJson(summary)),
  };
}

async function* onePiece(text: string): AsyncGenerator<string> {
  yield text;
}
