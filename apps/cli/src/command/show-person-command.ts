import { showPerson } from "@cmo/engine";
import { peopleParts } from "@cmo/runtime";
import { personReport } from "../report/person-report.ts";
import { type CommandContext, exitCode } from "./command-context.ts";
import { type StoreOptions, withKeptStore } from "./with-store.ts";

/** What `cmo show --person LOGIN` was told. */
export interface ShowPersonOptions extends StoreOptions {
  person: string;
  output: "text" | "json";
}

/** Shows everything that is held about a person, and where it came from; changes nothing. */
export async function showPersonCommand(
  { person, ...options }: ShowPersonOptions,
  context: CommandContext,
): Promise<number> {
  const { terminal } = context;
  return withKeptStore(options, context, async (runtime) => {
    const report = await showPerson(peopleParts(runtime), person);
    await terminal.write(options.output === "json" ? `${JSON.stringify(report)}\n` : personReport(report));
    return exitCode.done;
  });
}
