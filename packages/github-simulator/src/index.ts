export { createRealClock, type SimulatorClock } from "./clock/simulator-clock.ts";
export {
  FAULT_NAMES,
  type FaultName,
  type FaultRule,
  type FaultScript,
  OPERATION_KINDS,
  type OperationKind,
} from "./fault/fault-rule.ts";
export { type FaultProblem, type ParsedFaults, parseFaults } from "./fault/parse-faults.ts";
export type { SimulatorLimits } from "./limit/simulator-limits.ts";
export {
  createSimulatorMail,
  type SimulatedMailAnswer,
  type SimulatorMail,
  type SimulatorMailOptions,
} from "./mail/simulator-mail.ts";
export { type ListeningSimulator, type ListenOptions, listenGitHubSimulator } from "./server/listen.ts";
export { createGitHubSimulator, type GitHubSimulator } from "./simulator/create-simulator.ts";
export type { ObservedRequest, SimulatorStatistics } from "./simulator/request-statistics.ts";
export type { SimulatorOptions } from "./simulator/simulator-options.ts";
export { createWorld, DEFAULT_AS_OF, type World, type WorldOptions } from "./world/world.ts";
