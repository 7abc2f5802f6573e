import { createRealClock, type SimulatorClock } from "../clock/simulator-clock.ts";
import { createFaultPlan } from "../fault/fault-plan.ts";
import { parseFaults } from "../fault/parse-faults.ts";
import { createGraphqlEndpoint } from "../graphql/graphql-endpoint.ts";
import { resolveLimits } from "../limit/simulator-limits.ts";
import { createRestEndpoint } from "../rest/rest-endpoint.ts";
import { createSearchIndex } from "../search/search-index.ts";
import { createWorld, type World } from "../world/world.ts";
import type { SimulatedAnswer } from "./answer.ts";
import { fetchFailure } from "./fetch-failure.ts";
import { createRequestHandler } from "./request-handler.ts";
import { createRequestStatistics, type SimulatorStatistics } from "./request-statistics.ts";
import { createSessionDirectory } from "./session.ts";
import type { SimulatorOptions } from "./simulator-options.ts";

/** A GitHub in a box. */
export interface GitHubSimulator {
  /**
   * Answers like `fetch`: whatever the origin, `/graphql`, `/api/graphql` and the REST paths are served. Rejects with
   * the signal's reason when it aborts, and with a `TypeError` whose cause has a code when the connection is reset.
   */
  fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
  readonly world: World;
  /** What was counted since the beginning, or since the last reset. */
  stats(): SimulatorStatistics;
  resetStats(): void;
}

/**
 * Makes a simulator. Cheap: the schema is read at the first GraphQL request, repositories and people when asked for.
 *
 * @throws RangeError for options that cannot be met, with every problem of a fault script
 */
export function createGitHubSimulator(options: SimulatorOptions = {}): GitHubSimulator {
  const faults = parseFaults(options.faults);
  if (!faults.ok) {
    throw new RangeError(
      `faults: ${faults.problems.map(({ path, message }) => `${path}: ${message}`).join(" ")}`,
    );
  }
  const clock: SimulatorClock = options.clock ?? createRealClock();
  const world = createWorld(options);
  const search = createSearchIndex(world);
  const viewer = options.viewer === undefined ? 0 : world.personByLogin(options.viewer)?.index;
  if (viewer === undefined) throw new RangeError(`viewer: the world has no ${options.viewer}.`);
  const limits = resolveLimits(options.limits, options.costAsLatency);
  const statistics = createRequestStatistics();
  const handle = createRequestHandler({
    options,
    clock,
    world,
    viewer,
    limits,
    statistics,
    sessions: createSessionDirectory(options, limits),
    plan: createFaultPlan(world.seed, faults.rules),
    graphql: createGraphqlEndpoint(world, search),
    rest: createRestEndpoint(world, search, options.renamedUsers ?? {}),
  });

  return {
    world,
    stats: () => statistics.read(),
    resetStats: () => statistics.reset(),
    async fetch(input, init) {
      const signal = init?.signal ?? (input instanceof Request ? input.signal : null);
      // A Request keeps a listener on its signal until it is collected: one signal serves a whole campaign.
      let request = new Request(input, { ...init, signal: null });
      const body = request.text();
      for (let hop = 0; hop <= 20; hop += 1) {
        const answer = await handle({ request, body, signal });
        const { location } = answer.headers;
        if (location === undefined || answer.status < 300 || request.redirect === "manual") {
          return toResponse(answer, request.url);
        }
        if (request.redirect === "error") throw fetchFailure("UNEXPECTED_REDIRECT", "unexpected redirect");
        const target = new URL(location, request.url);
        // Nothing else can be reached from inside the process.
        if (target.origin !== new URL(request.url).origin) {
          throw fetchFailure("ENOTFOUND", `getaddrinfo ENOTFOUND ${target.hostname}`);
        }
        const method = answer.status >= 307 ? request.method : "GET";
        request = new Request(target, { method, headers: request.headers });
      }
      throw fetchFailure("REDIRECT_COUNT", "redirect count exceeded");
    },
  };
}

function toResponse(answer: SimulatedAnswer, url: string): Response {
  const response = new Response(answer.body, { status: answer.status, headers: answer.headers });
  Object.defineProperty(response, "url", { value: url });
  return response;
}
