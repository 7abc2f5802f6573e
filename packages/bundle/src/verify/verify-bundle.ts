import { asKnownEvent, type JobEvent } from "@cmo/engine";
import { bundleError } from "../format/bundle-error.ts";
import { wholeLog } from "../format/whole-log.ts";
import type { OpenBundle } from "../read/open-bundle.ts";
import { canonicalLogOf } from "./canonical-log-of.ts";
import { createHashChain, hashChain } from "./hash-chain.ts";

/** What was found to be as it must be. */
export interface VerifiedBundle {
  readonly events: number;
  readonly answers: number;
  /** The canonical log of the run itself. */
  readonly log: readonly string[];
}

/**
 * Checks that everything in a bundle fits together: each entry has its digest, the log is whole (a gapless `seq`, one
 * terminal event, the last) and ends as the manifest says, its chain and that of the expected canonical log are those of the manifest, the files of the
 * manifest are those that the log tells of, and the expected outcome is the run's where the manifest says so.
 * @throws CmoError `bundle_invalid`, which says what does not fit.
 */
export async function verifyBundle(bundle: OpenBundle): Promise<VerifiedBundle> {
  const { manifest } = bundle;
  await bundle.check("summary.json");
  await bundle.spec();
  await bundle.config();

  const chain = createHashChain();
  for await (const line of bundle.eventLines()) chain.add(line);
  if (chain.count() !== manifest.log.events || chain.digest() !== manifest.log.chain) {
    throw bundleError("The log is not the one whose chain is in the manifest.");
  }
  const log = await canonicalLogOf(endingAs(manifest.status, wholeLog(bundle.events())));
  const expected = await bundle.expected();
  if (
    expected.log.length !== manifest.expected.lines ||
    hashChain(expected.log) !== manifest.expected.chain
  ) {
    throw bundleError("The expected log is not the one whose chain is in the manifest.");
  }
  if (manifest.expected.from === "run" && hashChain(log) !== manifest.expected.chain) {
    throw bundleError("The canonical log is not the one whose chain is in the manifest.");
  }
  await checkFiles(bundle);

  let answers = 0;
  for await (const { job } of bundle.recording()) {
    answers += 1;
    if (job >= manifest.recording.jobs.length) throw bundleError("An answer is of a job that is not named.");
  }
  if (answers !== manifest.recording.answers) {
    throw bundleError(`The recording has ${answers} answers, not ${manifest.recording.answers}.`);
  }
  return { events: chain.count(), answers, log };
}

/** The events, of which the last is that of this status. */
async function* endingAs(
  status: OpenBundle["manifest"]["status"],
  events: AsyncIterable<JobEvent>,
): AsyncGenerator<JobEvent, void, undefined> {
  let last: JobEvent | null = null;
  for await (const event of events) {
    last = event;
    yield event;
  }
  if (last?.type !== `job.${status}`) throw bundleError(`The log does not end as ${status}.`);
}

async function checkFiles(bundle: OpenBundle): Promise<void> {
  const told: string[] = [];
  for await (const raw of bundle.events()) {
    const event = asKnownEvent(raw);
    if (event?.type === "artifact.created") told.push(`${event.data.kind} ${event.data.digest}`);
  }
  const { files } = bundle.manifest;
  if (JSON.stringify(files.map(({ kind, digest }) => `${kind} ${digest}`)) !== JSON.stringify(told)) {
    throw bundleError("The files of the manifest are not those that the log tells of.");
  }
}
