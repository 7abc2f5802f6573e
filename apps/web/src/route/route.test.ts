import { describe, expect, it } from "vitest";
import { diffAddress, jobAddress, jobTabs, readRoute, savedAddress } from "./route.ts";

describe("The address of a page", () => {
  it("leads to the job and tab that it was made for, whatever the id", () => {
    for (const tab of jobTabs) {
      for (const jobId of ["job_1", "a/b", "ä ?#%", "..", "%2F"]) {
        expect(readRoute(jobAddress(jobId, tab))).toEqual({ page: "job", jobId, tab });
      }
      expect(readRoute(diffAddress("a/b", "ä ?#%"))).toEqual({ page: "diff", a: "a/b", b: "ä ?#%" });
      expect(readRoute(savedAddress(tab))).toEqual({ page: "open", tab });
    }
  });

  it.each([
    ["", { page: "jobs" }],
    ["#", { page: "jobs" }],
    ["#/jobs", { page: "jobs" }],
    ["#/new", { page: "new" }],
    ["#/people", { page: "people", person: null }],
    ["#/people?person=id%3AU_1", { page: "people", person: "id:U_1" }],
    ["#/diff", { page: "diff", a: null, b: null }],
    ["#/diff/job_1", { page: "diff", a: "job_1", b: null }],
    ["#/diff/job_1/job_2/job_3", { page: "unknown" }],
    ["#/jobs/x/nothing", { page: "unknown" }],
    ["#/jobs/x/leads/1", { page: "unknown" }],
    ["#/constructor", { page: "unknown" }],
    ["#/jobs/%E0%A4%A", { page: "job", jobId: "%E0%A4%A", tab: "overview" }],
  ])("%s is read", (hash, route) => {
    expect(readRoute(hash)).toEqual(route);
  });
});
