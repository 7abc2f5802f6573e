import type { JobEvent, Lead, RunSummary } from "@cmo/engine";
import { describe, expectTypeOf, it } from "vitest";
import type {
  CampaignService,
  JobPage,
  JobView,
  LeadPage,
  ProblemDocument,
  ServedFile,
  Submission,
  SubmitRequest,
} from "../index.ts";

declare const service: CampaignService;

describe("the types of the contract", () => {
  it("say what each method gives", () => {
    expectTypeOf(service.submit).returns.resolves.toEqualTypeOf<Submission>();
    expectTypeOf(service.jobs).returns.resolves.toEqualTypeOf<JobPage>();
    expectTypeOf(service.summary).returns.resolves.toEqualTypeOf<RunSummary>();
    expectTypeOf(service.events).returns.toEqualTypeOf<AsyncIterable<JobEvent>>();
    expectTypeOf(service.retry).returns.resolves.toEqualTypeOf<JobView>();
    expectTypeOf(service.leads).returns.resolves.toEqualTypeOf<LeadPage>();
    expectTypeOf<LeadPage["leads"][number]>().toEqualTypeOf<Lead>();
    expectTypeOf(service.bundle).returns.resolves.toEqualTypeOf<ServedFile>();
    expectTypeOf(service.artifact).returns.resolves.toEqualTypeOf<ServedFile>();
  });

  it("take a request in one form", () => {
    expectTypeOf<{ config: string }>().toExtend<SubmitRequest>();
    expectTypeOf<{ spec: { v: 1 } }>().toExtend<SubmitRequest>();
    expectTypeOf<{ goal: "x"; metadata: { a: 1 } }>().toExtend<SubmitRequest>();
    expectTypeOf<{ config: number }>().not.toExtend<SubmitRequest>();
    expectTypeOf<{ spec: string }>().not.toExtend<SubmitRequest>();
  });

  it("have codes for every problem, and no other", () => {
    expectTypeOf<"api_refused">().toExtend<ProblemDocument["code"]>();
    expectTypeOf<"something">().not.toExtend<ProblemDocument["code"]>();
    expectTypeOf<JobView["state"]>().not.toEqualTypeOf<string>();
  });
});
