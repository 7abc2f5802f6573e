import type { FaultName, OperationKind } from "../fault/fault-rule.ts";

/** One request that ended. */
export interface ObservedRequest {
  /** 1 is the first. */
  ordinal: number;
  method: string;
  path: string;
  api: "graphql" | "rest";
  operation: OperationKind;
  /** Node ids and logins that the variables named. */
  ids: readonly string[];
  /** Whether an `Authorization` header came with it. */
  hasToken: boolean;
  /** Null when there was no answer: reset or aborted. */
  status: number | null;
  points: number;
  /** What it took on the ten-second clock. */
  simulatedMs: number;
  /** The client had been told to wait and did not. */
  whileLimited: boolean;
  faults: readonly FaultName[];
}

/** What was counted since the beginning or the last reset. */
export interface SimulatorStatistics {
  /** HTTP requests of any outcome. */
  requests: number;
  graphqlRequests: number;
  restRequests: number;
  /** GraphQL points charged, penalties included. */
  points: number;
  /** Most requests that were in flight at once. */
  peakConcurrency: number;
  /** Requests that began after a limit answer was delivered and before its time was over. */
  requestsWhileLimited: number;
  /** Answers that told the client to wait. */
  limitAnswers: number;
  /** Queries that died on the ten-second clock. */
  timeouts: number;
  /** Answers 304. */
  notModified: number;
  /** Time on the ten-second clock, in all. */
  simulatedMs: number;
  byOperation: Partial<Record<OperationKind, { requests: number; points: number }>>;
  byStatus: Record<string, number>;
  byFault: Partial<Record<FaultName, number>>;
}

/** Counts requests. */
export interface RequestStatistics {
  begin(): void;
  end(request: ObservedRequest, facts: { limitAnswer: boolean; timeout: boolean }): void;
  read(): SimulatorStatistics;
  reset(): void;
}

export function createRequestStatistics(): RequestStatistics {
  let statistics = emptyStatistics();
  let inFlight = 0;
  return {
    begin() {
      inFlight += 1;
      statistics.peakConcurrency = Math.max(statistics.peakConcurrency, inFlight);
    },
    end(request, facts) {
      inFlight -= 1;
      statistics.requests += 1;
      if (request.api === "graphql") statistics.graphqlRequests += 1;
      else statistics.restRequests += 1;
      statistics.points += request.points;
      statistics.simulatedMs += request.simulatedMs;
      if (request.whileLimited) statistics.requestsWhileLimited += 1;
      if (facts.limitAnswer) statistics.limitAnswers += 1;
      if (facts.timeout) statistics.timeouts += 1;
      if (request.status === 304) statistics.notModified += 1;
      const operation = statistics.byOperation[request.operation] ?? { requests: 0, points: 0 };
      operation.requests += 1;
      operation.points += request.points;
      statistics.byOperation[request.operation] = operation;
      const status = request.status === null ? "none" : String(request.status);
      statistics.byStatus[status] = (statistics.byStatus[status] ?? 0) + 1;
      for (const fault of request.faults) statistics.byFault[fault] = (statistics.byFault[fault] ?? 0) + 1;
    },
    read: () => structuredClone(statistics),
    reset() {
      statistics = emptyStatistics();
      statistics.peakConcurrency = inFlight;
    },
  };
}

function emptyStatistics(): SimulatorStatistics {
  return {
    requests: 0,
    graphqlRequests: 0,
    restRequests: 0,
    points: 0,
    peakConcurrency: 0,
    requestsWhileLimited: 0,
    limitAnswers: 0,
    timeouts: 0,
    notModified: 0,
    simulatedMs: 0,
    byOperation: {},
    byStatus: {},
    byFault: {},
  };
}
