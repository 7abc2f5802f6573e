import type { Store } from "@cmo/engine";
import { textOf } from "@cmo/store-sql";
import type { Database } from "./database.ts";

/** The part of a store that keeps which files were written. */
export type ExportedFilePart = Pick<Store, "noteFiles" | "readFiles" | "forgetFiles">;

/** An {@link ExportedFilePart}. The notes outlive their jobs: the files do. */
export function createExportedFiles({ single }: Database): ExportedFilePart {
  return {
    async noteFiles(files) {
      const last = [...new Map(files.map((file) => [file.path, file])).values()];
      if (last.length === 0) return;
      await single.run(putFiles, [
        last.map(({ path }) => path),
        last.map(({ jobId }) => jobId),
        last.map(({ format }) => format),
      ]);
    },
    async readFiles(jobId) {
      const rows = await single.all(
        "SELECT path, job_id, format FROM @.exported_file WHERE job_id = $1 OR $1 IS NULL ORDER BY path",
        [jobId],
      );
      return rows.map(([path, ofJob, format]) => ({
        jobId: textOf(ofJob),
        path: textOf(path),
        format: textOf(format),
      }));
    },
    async forgetFiles(paths) {
      await single.run("DELETE FROM @.exported_file WHERE path = ANY($1::text[])", [paths]);
    },
  };
}

const putFiles = `INSERT INTO @.exported_file (path, job_id, format)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[])
  ON CONFLICT (path) DO UPDATE SET job_id = excluded.job_id, format = excluded.format`;
