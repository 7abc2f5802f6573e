import { CmoError, type CmoErrorDetails, type ErrorCode } from "@cmo/engine";

/** What is said of a refusal beside its error. */
export interface RefusalDetails extends CmoErrorDetails {
  /** In place of the status of the error's code. */
  readonly status?: number;
  /** Headers of the answer, such as `Allow`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request that the API does not take, with how its answer is to look. */
export class RequestRefused extends CmoError {
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, message: string, { status, headers, ...details }: RefusalDetails = {}) {
    super(code, message, details);
    this.status = status ?? null;
    this.headers = headers ?? {};
  }
}
