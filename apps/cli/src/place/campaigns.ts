import type { CampaignService, EventsQuery } from "@cmo/contract";
import type { JobEvent } from "@cmo/engine";
import type { Place } from "./place.ts";

/** A connection that was lost, as it stands. Times are milliseconds since the epoch. */
export interface Outage {
  readonly since: number;
  /** When it will be tried again. */
  readonly nextTryAt: number;
  /** What was in the way. */
  readonly reason: string;
}

/** How the log of a job is followed. */
export interface FollowQuery extends EventsQuery {
  /** Told when nothing is heard of the place any more, at each further try, and (null) when it is there again. */
  onOutage?: (outage: Outage | null) => void;
  /** For how long it is tried again, in milliseconds. */
  giveUpAfterMs: number;
}

/** Campaigns that a command works on, and where they are. */
export interface Campaigns {
  readonly service: CampaignService;
  readonly place: Place;
  /** The service's events, through outages. @throws CmoError `api_unreachable` when one lasts too long. */
  follow(jobId: string, query: FollowQuery): AsyncIterable<JobEvent>;
}
