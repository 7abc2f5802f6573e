import { createCampaignService } from "@cmo/runtime";
import type { CommandContext } from "../command/command-context.ts";
import type { Campaigns } from "./campaigns.ts";
import { choosePlace } from "./choose-place.ts";
import type { StorePlace } from "./place.ts";
import type { PlaceOptions } from "./place-options.ts";
import { untilInterrupted } from "./until-interrupted.ts";
import { withKeptStore } from "./with-store.ts";

/**
 * Gives a command the campaigns that it is about: those behind the API that was named, else those of the store. What is
 * opened for it is closed in any case. @throws CmoError `usage` for a place that is none, and for a store in memory;
 * `store_unavailable`, `store_corrupt`, `store_newer`; `cancelled` when it is interrupted while an API is asked.
 */
export function withCampaigns<Result>(
  options: PlaceOptions,
  context: CommandContext,
  work: (campaigns: Campaigns) => Promise<Result>,
): Promise<Result> {
  return withFollowedCampaigns(options, context, (campaigns) =>
    campaigns.place.type === "api"
      ? untilInterrupted(work(campaigns), context.interrupts.signal)
      : work(campaigns),
  );
}

/** As {@link withCampaigns}, for a command that sees to interrupts by itself. */
export async function withFollowedCampaigns<Result>(
  options: PlaceOptions,
  context: CommandContext,
  work: (campaigns: Campaigns) => Promise<Result>,
): Promise<Result> {
  const chosen = choosePlace(options, context.host.env);
  if (chosen.type === "api") {
    const { openApi } = await import("./open-api.ts");
    return work(await openApi({ options, host: context.host, baseUrl: chosen.baseUrl }));
  }
  return withKeptStore(options, context, (place) => work(campaignsOf(place)));
}

/** The campaigns of a store on this machine. */
export function campaignsOf(place: StorePlace): Campaigns {
  const service = createCampaignService(place.runtime, { configDirectory: null });
  return { service, place, follow: (jobId, query) => service.events(jobId, query) };
}
