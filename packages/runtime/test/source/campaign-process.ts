import { parseCampaign } from "@cmo/engine";
import { createCampaignSpec } from "../../src/campaign/create-campaign-spec.ts";
import { createNodeHost } from "../../src/host/host.ts";
import { openRuntime } from "../../src/runtime/open-runtime.ts";

// A process of its own that runs one campaign, over the store and the GitHub that its environment names. Arguments: the
// campaign as JSON, and the instant that it looks from. Tells its parent how it ended, on one line.
const [text = "", asOf = ""] = process.argv.slice(2);

const parsed = parseCampaign(JSON.parse(text));
if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
const runtime = await openRuntime({ host: createNodeHost() });
const spec = await createCampaignSpec(runtime, { config: parsed.value });
const { jobId, status, quota } = await runtime.engine.runInproc({ ...spec, asOf });
const logins: string[] = [];
for await (const lead of runtime.engine.leads(jobId ?? "")) logins.push(lead.login);
process.stdout.write(`${JSON.stringify({ status, quota, logins })}\n`);
await runtime.close();
