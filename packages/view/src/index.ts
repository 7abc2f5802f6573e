export { remainingMs } from "./remaining-time.ts";
export {
  initialRunView,
  isHeld,
  type QuotaView,
  type RunView,
  reduceRunView,
  type StageView,
} from "./run-view.ts";
