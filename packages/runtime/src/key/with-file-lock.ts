import { mkdir, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CmoError } from "@cmo/engine";

/**
 * Changes a file while nobody else who asks here does: who reads it, changes it and writes it back must not bring back
 * what another took out in between. @throws CmoError `conflict` when another holds it for seconds; `export_failed` where
 * nothing can be written; what `change` throws.
 */
export async function withFileLock<Result>(path: string, change: () => Promise<Result>): Promise<Result> {
  const lock = `${path}.lock`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch((error) => {
    throw unwritable(path, error);
  });
  for (let waitedMs = 0; !(await take(lock, path)); waitedMs += askAgainMs) {
    if (waitedMs >= mostWaitMs) {
      throw new CmoError("conflict", `Another command is changing ${path}.`, {
        hint: `Try again; if there is none, one was killed: remove ${lock}`,
      });
    }
    await sleep(askAgainMs);
  }
  try {
    return await change();
  } finally {
    await rm(lock, { force: true });
  }
}

const askAgainMs = 50;
const mostWaitMs = 5_000;

async function take(lock: string, path: string): Promise<boolean> {
  try {
    await (await open(lock, "wx", 0o600)).close();
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw unwritable(path, error);
  }
}

function unwritable(path: string, cause: unknown): CmoError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown failure";
  return new CmoError("export_failed", `${path} cannot be written (${code}).`, {
    hint: "Name another file with CMO_KEYS_FILE, or change the rights of its folder.",
    cause,
  });
}
