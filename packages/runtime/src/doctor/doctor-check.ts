/** What one look at the set-up came to: `skipped` says why it was not looked at. */
export interface DoctorCheck {
  id: string;
  status: "ok" | "warning" | "failed" | "skipped";
  /** What was found, in one sentence. Never a secret. */
  message: string;
  /** What to do; null when there is nothing to do. */
  hint: string | null;
}
