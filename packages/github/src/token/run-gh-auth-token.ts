import { execFile } from "node:child_process";

/**
 * Runs `gh auth token` for a host. Null when the command is missing, knows no token for it, or does not answer within
 * `timeoutMs` (5 s); never throws, and never says why: what the command prints may hold a secret.
 */
export function runGhAuthToken(hostname: string, timeoutMs = 5_000): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(
      "gh",
      ["auth", "token", "--hostname", hostname],
      { timeout: timeoutMs, killSignal: "SIGKILL", windowsHide: true, maxBuffer: 64 * 1024 },
      (error, output) => resolve(error === null ? output.trim() || null : null),
    );
  });
}
