export { type ErrorBand, type EstimateGrounds, estimateGroundsOf } from "./estimate/estimate-grounds.ts";
export {
  type EstimateBand,
  estimateAt,
  estimateErrorsOf,
  initialRunEstimate,
  type RunEstimate,
  type RunEstimateState,
  reduceRunEstimate,
  type UnknownBecause,
} from "./estimate/run-estimate.ts";
export { type RunTiming, runTimingOf } from "./estimate/run-timing.ts";
export { timeLeftText } from "./estimate/time-left-text.ts";
export {
  initialRunView,
  isHeld,
  type QuotaView,
  type RunView,
  reduceRunView,
  type StageView,
  withGrounds,
} from "./run-view.ts";
