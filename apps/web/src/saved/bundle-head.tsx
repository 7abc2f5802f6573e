import type { ComponentChildren, JSX } from "preact";
import { Notice } from "../frame/notice.tsx";
import { countText, momentText } from "../text/format.ts";
import { shellWord } from "../text/shell-word.ts";
import type { BundleCheck, SavedBundle } from "./read-saved-bundle.ts";

/** What a bundle is, whether it is what was written, and how it is run again. */
export function BundleHead({
  fileName,
  bundle: { manifest, check },
}: {
  readonly fileName: string;
  readonly bundle: Pick<SavedBundle, "manifest" | "check">;
}): JSX.Element {
  const { kind, jobId, createdAt, writer, run, recording, expected } = manifest;
  return (
    <section class="card bundle" aria-label="The bundle">
      <dl class="facts">
        <Fact name="Kind">{kindTexts[kind]}</Fact>
        <Fact name="Run">
          <code>{jobId}</code>
        </Fact>
        <Fact name="Written">
          <time dateTime={createdAt}>{momentText(createdAt)}</time> by cmo {writer.cmo}
        </Fact>
        <Fact name="Run by">
          engine {run.engine}, agent {run.agent.name} {run.agent.version}
        </Fact>
        <Fact name="Recorded answers">{countText(recording.answers)}, which stay in the file</Fact>
        <Fact name="Run it again">
          <code>cmo replay {shellWord(fileName)}</code>
        </Fact>
      </dl>
      {kind === "full" && expected.from === "recording" ? (
        <Notice kind="info" title="Somebody was taken out of it since it ran">
          <p>The log is the run's own; a replay comes to what is left.</p>
        </Notice>
      ) : null}
      <Check check={check} fileName={fileName} />
    </section>
  );
}

const kindTexts = {
  full: "full: as it was stored, with names",
  shared: "shared: everybody and everything has a pseudonym",
} as const;

function Fact({
  name,
  children,
}: {
  readonly name: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Check({ check, fileName }: { readonly check: BundleCheck; readonly fileName: string }): JSX.Element {
  const command = <code>cmo verify {shellWord(fileName)}</code>;
  switch (check) {
    case "all":
      return <Notice kind="success" title="Its digests are right: every byte is as it was written." />;
    case "shown":
      return (
        <Notice kind="info" title="The digests of what is shown are right">
          <p>The rest of so large a file is checked by {command}.</p>
        </Notice>
      );
    case "none":
      return (
        <Notice kind="warning" title="Its digests were not checked">
          <p>
            A browser has none for a page that came without TLS from another machine. {command} checks them.
          </p>
        </Notice>
      );
    default:
      return check satisfies never;
  }
}
