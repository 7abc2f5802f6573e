import { type Channel, CmoError, channels as knownChannels } from "@cmo/engine";

/** The channel of that name. @throws CmoError `usage`. */
export function readChannel(text: string): Channel {
  const channel = knownChannels.find((one) => one === text);
  if (channel !== undefined) return channel;
  throw new CmoError("usage", `There is no channel ${JSON.stringify(text)}.`, {
    hint: `Use ${knownChannels.join(", ")}, with commas between them.`,
  });
}
