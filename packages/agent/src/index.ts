export { profileTask, readStoredProfile, type StoredProfile } from "./enrichment/stored-profile.ts";
export { estimateCampaign } from "./estimate.ts";
export { comparedFields } from "./known/changed-fields.ts";
export { type KnownAnswer, knownTask, readKnownAnswer } from "./known/known-answer.ts";
export {
  createLeadAgent,
  type LeadAgentOptions,
  type LeadSources,
  leadAgentVersion,
  leadStages,
  type MeasureExport,
} from "./lead-agent.ts";
export { lastDecisionOf, type ResultDecision, resultDecisions } from "./result-decisions.ts";
export { createAnswerDisguise } from "./sharing/disguise-answer.ts";
export type { DisguiseOptions } from "./sharing/disguise-options.ts";
