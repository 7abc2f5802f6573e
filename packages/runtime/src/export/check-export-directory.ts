import { rm } from "node:fs/promises";
import { join } from "node:path";
import { CmoError, toCmoError } from "@cmo/engine";
import { writeFileAtomically } from "@cmo/exporters";

/**
 * Makes sure that files can be written into a folder, by writing an empty one and taking it away again; makes the folder
 * when it is missing. A campaign of hours must not find out at its end. @throws CmoError `export_failed`.
 */
export async function checkExportDirectory(directory: string): Promise<void> {
  const probe = join(directory, `.cmo-write-check-${process.pid}`);
  try {
    await writeFileAtomically(probe, nothing());
    await rm(probe, { force: true });
  } catch (error) {
    const { code, message, hint } = toCmoError(error, "export_failed");
    throw new CmoError(code, message.replace(probe, `to ${directory}`), {
      cause: error,
      ...(hint === null ? {} : { hint }),
    });
  }
}

async function* nothing(): AsyncGenerator<string> {}
