import type { SimulatorLimits } from "../limit/simulator-limits.ts";
import { createTokenAccount, type TokenAccount } from "../limit/token-account.ts";
import type { SimulatorOptions } from "./simulator-options.ts";

/** Who sends a request. */
export interface Session {
  /** Null without a token. */
  token: string | null;
  /** The token is none that is accepted. */
  rejected: boolean;
  account: TokenAccount;
}

/** Knows tokens and what each of them has used up. */
export interface SessionDirectory {
  /** @param authorization the header, or null */
  find(authorization: string | null): Session;
}

export function createSessionDirectory(options: SimulatorOptions, limits: SimulatorLimits): SessionDirectory {
  const accounts = new Map<string | null, TokenAccount>();
  return {
    find(authorization) {
      const token = tokenOf(authorization);
      const known = accounts.get(token);
      const account = known ?? createTokenAccount(limits, token === null);
      if (known === undefined) accounts.set(token, account);
      const rejected =
        (authorization !== null && token === null) ||
        (token !== null && options.tokens !== undefined && !options.tokens.includes(token)) ||
        (token !== null && (options.revokedTokens?.includes(token) ?? false));
      return { token, rejected, account };
    },
  };
}

function tokenOf(authorization: string | null): string | null {
  return /^(?:bearer|token)\s+(\S+)$/i.exec(authorization ?? "")?.[1] ?? null;
}
