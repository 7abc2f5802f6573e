export { buildCampaign, buildSpec, type SpecOverrides } from "./build-campaign.ts";
export { buildEvent, buildLog } from "./build-event.ts";
export { buildNewJob, queuedDraft } from "./build-job.ts";
export { buildLead } from "./build-lead.ts";
export { type ChainContractOptions, describeChainContract, type TamperedStore } from "./chain-contract.ts";
export { describeExporterContract } from "./exporter-contract.ts";
export { createFakeClock, type FakeClock, type FakeClockOptions } from "./fake-clock.ts";
export { seededRandom } from "./seeded-random.ts";
export { describeSinkContract, everyDraft, type SinkUnderTest } from "./sink-contract.ts";
export {
  describeSourceContract,
  type SourceContractOptions,
  type SourceUnderTest,
} from "./source-contract.ts";
export { type StoreChoice, spreadStore } from "./spread-store.ts";
export {
  type DamagedPart,
  describeStoreContract,
  type StoreContractOptions,
  type StoreUnderTest,
} from "./store-contract.ts";
export { describeStoreModel, playStoreModel, type StoreModelOptions } from "./store-model.ts";
export { testDigest } from "./test-digest.ts";
export {
  describeTransferContract,
  type TransferContractOptions,
  type TransferUnderTest,
} from "./transfer-contract.ts";
