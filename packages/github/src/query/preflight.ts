import * as v from "valibot";
import { rateLimitSelection } from "./rate-limit.ts";

/** Whose token it is. */
export const viewerDocument = `query Viewer{${rateLimitSelection} viewer{id login}}`;

/** The data of an answer to {@link viewerDocument}. Tokens of an app have no viewer on some servers. */
export const viewerDataSchema = v.object({
  viewer: v.nullable(v.object({ id: v.string(), login: v.string() })),
});

/** Whether addresses may be read: the answer itself is thrown away. */
export const emailScopeDocument = `query EmailScope($login:String!){${rateLimitSelection} user(login:$login){id email}}`;

/** The cheapest question there is, to see whether GitHub answers at all. */
export const probeDocument = `query Probe{${rateLimitSelection}}`;
