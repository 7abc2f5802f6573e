import { CmoError } from "@cmo/engine";

/**
 * What the driver or the database said, as an error that says what to do. What is an error of ours already, or of who
 * called, is given back as it is.
 */
export function toStoreError(thrown: unknown, place: string): unknown {
  if (thrown instanceof CmoError) return thrown;
  const code = codeOf(thrown);
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  const fault = noTls.test(said) ? tls : faults.find(({ codes }) => code !== null && codes.test(code));
  const unheard = fault === undefined && code === null && isLost(thrown);
  if (fault === undefined && !unheard) {
    return code === null
      ? thrown
      : new CmoError("internal", `The store ${place}: ${said}.`, { cause: thrown });
  }
  const { message, hint, retryable } = fault ?? unreachable;
  return new CmoError("store_unavailable", `The store ${place} ${message}.`, {
    hint,
    retryable,
    cause: thrown,
  });
}

/** Whether another transaction was in the way, so that the same work may be done again at once. */
export function isConflict(error: unknown): boolean {
  return /^(40001|40P01|55P03)$/.test(codeOf(error) ?? "");
}

/**
 * Whether something failed for all who would ask now, and not for what was asked: the server is away. What was slow or in
 * somebody's way may have been one of several requests.
 */
export function isOutage(error: unknown): boolean {
  const thrown = error instanceof CmoError ? error.cause : error;
  return isLost(thrown) && !(thrown instanceof Error && /Query read timeout/.test(thrown.message));
}

/** Whether a table, a column or a function is not there, or is another than was thought. */
export function isOfOtherSchema(error: unknown): boolean {
  return /^(42(703|P01|883|804|P10|P18)|23502|0A000)$/.test(codeOf(error) ?? "");
}

/** Whether the connection is gone, or as good as gone. */
export function isLost(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== null) return lostCodes.test(code);
  return error instanceof Error && lostMessages.test(error.message);
}

/** Class 08, what a server says that ends, or that ends a connection whose owner was silent; and errors of sockets. */
const lostCodes = /^(08...|25P0[34]|57P0[1-5]|E(CONN|PIPE|TIMEDOUT|HOST|NET|NOTFOUND|AI_).*)$/;
/** What `pg` throws without a code. */
const lostMessages =
  /Connection terminated|after calling end on the pool|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|connection ended/i;

/** What Node says of certificates and handshakes (the errors of OpenSSL, and its own). */
const tlsCodes =
  /^(SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|CERT_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO|ERR_(TLS|SSL)_)/;

/** What `pg` says without a code of a server that does not want it. */
const noTls = /does not support SSL|establishing an SSL connection/;

interface Fault {
  readonly codes: RegExp;
  readonly message: string;
  readonly hint: string;
  readonly retryable: boolean;
}

const unreachable: Omit<Fault, "codes"> = {
  message: "cannot be reached",
  hint: "Look whether PostgreSQL runs there, and whether CMO_STORE names the right host and port. What was committed is there.",
  retryable: true,
};

const tls: Fault = {
  codes: tlsCodes,
  message: "cannot be spoken to in TLS, or shows a certificate that is not trusted",
  hint: "Name who issued it in NODE_EXTRA_CA_CERTS or as sslrootcert in CMO_STORE; it must be for the host that CMO_STORE names. sslmode=disable speaks without TLS.",
  retryable: false,
};

/** By codes of PostgreSQL (appendix A of its manual) and of sockets; the first that matches counts. */
const faults: readonly Fault[] = [
  { codes: lostCodes, ...unreachable },
  tls,
  {
    codes: /^28...$/,
    message: "does not let this user in",
    hint: "Look at the user and the password in CMO_STORE, and at pg_hba.conf of the server.",
    retryable: false,
  },
  {
    codes: /^3D000$/,
    message: "is not there",
    hint: "Make it: createdb NAME; or name another one in CMO_STORE.",
    retryable: false,
  },
  {
    codes: /^(42501|0L000|0P000)$/,
    message: "does not let this user do what is needed",
    hint: "The user in CMO_STORE must be allowed to create in the database (for the first start) and own the schema cmo.",
    retryable: false,
  },
  {
    codes: /^53...$/,
    message: "has no room: no disk, no memory or no more connections",
    hint: "Free some, or give fewer connections to each process with CMO_STORE_CONNECTIONS. What was committed is there.",
    retryable: true,
  },
  {
    codes: /^(25006|57...|58...|XX00[12])$/,
    message: "could not be read or written",
    hint: "Look at the server's log. What was committed is there.",
    retryable: true,
  },
  {
    codes: /^(40001|40P01|55P03)$/,
    message: "is busy",
    hint: "Try again.",
    retryable: true,
  },
];

function codeOf(thrown: unknown): string | null {
  if (!(thrown instanceof Error) || !("code" in thrown) || typeof thrown.code !== "string") return null;
  return /^([0-9A-Z]{5}|[A-Z]+(_[A-Z]+)+|E[A-Z]+)$/.test(thrown.code) ? thrown.code : null;
}
