import type { Store } from "@cmo/engine";
import { textOf } from "@cmo/store-sql";
import type { Connection } from "./connection.ts";

/** The part of a store that keeps which files were written. */
export type ExportedFilePart = Pick<Store, "noteFiles" | "readFiles" | "forgetFiles">;

/** An {@link ExportedFilePart}. The notes outlive their jobs: the files do. */
export function createExportedFiles(connection: Connection): ExportedFilePart {
  return {
    async noteFiles(files) {
      if (files.length === 0) return;
      await connection.write(() =>
        connection.insert(
          "INSERT OR REPLACE INTO exported_file (path, job_id, format)",
          files.map(({ path, jobId, format }) => [path, jobId, format]),
        ),
      );
    },
    readFiles(jobId) {
      return connection.read(() =>
        (jobId === null ? connection.all(selectAll) : connection.all(selectOfJob, [jobId])).map(
          ([path, ofJob, format]) => ({ jobId: textOf(ofJob), path: textOf(path), format: textOf(format) }),
        ),
      );
    },
    async forgetFiles(paths) {
      if (paths.length === 0) return;
      await connection.write(() => {
        for (const path of paths) connection.run("DELETE FROM exported_file WHERE path = ?", [path]);
      });
    },
  };
}

const selectAll = "SELECT path, job_id, format FROM exported_file ORDER BY path";
const selectOfJob = "SELECT path, job_id, format FROM exported_file WHERE job_id = ? ORDER BY path";
