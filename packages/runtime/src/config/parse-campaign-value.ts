import { type CampaignConfig, type ParseCampaignOptions, parseCampaign, type Result } from "@cmo/engine";
import { cronCalendar } from "../schedule/cron-calendar.ts";

/** As `parseCampaign`, with what the engine cannot tell by itself: whether the schedule can be kept. */
export function parseCampaignValue(
  value: unknown,
  options: Omit<ParseCampaignOptions, "calendar"> = {},
): Result<CampaignConfig> {
  return parseCampaign(value, { ...options, calendar: cronCalendar });
}
