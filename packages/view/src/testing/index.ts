export { campaignGrounds } from "./campaign-grounds.ts";
export { campaignLog, completedEnd, type Draft, failedEnd, progressed, queued } from "./campaign-log.ts";
