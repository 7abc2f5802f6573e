import type { SearchIndex } from "../search/search-index.ts";
import type { World } from "../world/world.ts";

/** What resolvers know beside their arguments. */
export interface QueryContext {
  world: World;
  search: SearchIndex;
  /** The account that the token belongs to. */
  viewer: number;
  rateLimit: {
    cost: number;
    limit: number;
    nodeCount: number;
    remaining: number;
    used: number;
    resetAt: string;
  };
  /** Set when a fault makes something vanish or fail in this query. */
  disturbance: QueryDisturbance;
}

/** What a fault does inside one query. */
export interface QueryDisturbance {
  /** Whether the account with this node id is gone. */
  isVanished(id: string): boolean;
  /** Whether the repository with this node id has no commit. */
  isEmptied(id: string): boolean;
  /** Whether the part of the answer under this key ran out of resources. */
  isOverLimit(key: string): boolean;
}
