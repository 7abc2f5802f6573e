/** Asked with every query: what it cost, and what is left. */
export const rateLimitSelection = "rateLimit{cost limit remaining resetAt nodeCount}";
