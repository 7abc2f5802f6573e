import type { PersonView } from "@cmo/contract";
import { type PersonReport, showPerson } from "@cmo/engine";
import { peopleParts } from "@cmo/runtime";
import type { Campaigns } from "../place/campaigns.ts";
import type { PlaceOptions } from "../place/place-options.ts";
import { withCampaigns } from "../place/with-campaigns.ts";
import { personReport } from "../report/person-report.ts";
import { type CommandContext, exitCode } from "./command-context.ts";

/** What `cmo show --person LOGIN` was told. */
export interface ShowPersonOptions extends PlaceOptions {
  person: string;
  output: "text" | "json";
}

/** Shows everything that is held about a person, and where it came from; changes nothing. */
export async function showPersonCommand(
  { person, ...options }: ShowPersonOptions,
  context: CommandContext,
): Promise<number> {
  const { terminal } = context;
  return withCampaigns(options, context, async (campaigns) => {
    const report = await reportOn(person, campaigns);
    await terminal.write(options.output === "json" ? `${JSON.stringify(report)}\n` : personReport(report));
    return exitCode.done;
  });
}

/** Where the store is, the paths of files are told too. */
function reportOn(person: string, { service, place }: Campaigns): Promise<PersonReport | PersonView> {
  return place.type === "store" ? showPerson(peopleParts(place.runtime), person) : service.person(person);
}
