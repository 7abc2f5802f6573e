import type { JSX } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { useConsole } from "../app/console-context.ts";
import { ErrorNotice } from "../frame/error-notice.tsx";
import { jobAddress } from "../route/route.ts";
import { CampaignForm } from "./campaign-form.tsx";
import { CampaignYaml } from "./campaign-yaml.tsx";
import { draftOf, firstText } from "./draft.ts";
import { EstimateCard } from "./estimate-card.tsx";
import { fieldsOf, type JsonSchema } from "./json-schema.ts";
import { useCheck } from "./use-check.ts";

/** The draft of this tab, so that a look at another page does not lose it. */
const place = "cmo.draft";

/** A new campaign: as a form, as YAML, or both; with what is wrong with it and what it will take, before it is one. */
export function NewCampaignPage(): JSX.Element {
  const { client, access, go } = useConsole();
  const api = client.value;
  const [draft, setDraft] = useState(() => draftOf(sessionStorage.getItem(place) ?? firstText));
  const [schema, setSchema] = useState<JsonSchema | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  // The same for every try of the same text, so that two clicks, or one that is not answered, are one job.
  const key = useRef({ text: "", key: "" });
  const fields = useMemo(() => (schema === null ? [] : fieldsOf(schema)), [schema]);
  const check = useCheck(api, draft.text);
  const isRight = check.isCurrent && check.validation?.valid === true;

  useEffect(() => {
    sessionStorage.setItem(place, draft.text);
  }, [draft]);
  useEffect(() => {
    // A key may have been given meanwhile: that there was none before is no refusal of it.
    let isLeft = false;
    api.configSchema().then(
      (found) => {
        if (!isLeft) setSchema(found);
      },
      (thrown) => {
        if (!isLeft && !access.notice(thrown)) setError(thrown);
      },
    );
    return () => {
      isLeft = true;
    };
  }, [api]);

  async function submit(): Promise<void> {
    setBusy(true);
    setError(null);
    if (key.current.text !== draft.text) key.current = { text: draft.text, key: randomKey() };
    try {
      const { jobId } = await api.submit({ config: draft.text }, { idempotencyKey: key.current.key });
      // The next one is another, although it may have the same text.
      key.current = { text: "", key: "" };
      go(jobAddress(jobId));
    } catch (thrown) {
      if (!access.notice(thrown)) setError(thrown);
      setBusy(false);
    }
  }

  return (
    <form
      class="page campaign"
      onSubmit={(event) => {
        event.preventDefault();
        if (isRight && !isBusy) void submit();
      }}
    >
      <div class="page-head">
        <h1>New campaign</h1>
        <div class="actions">
          <button type="button" class="quiet" onClick={() => setDraft(draftOf(firstText))}>
            Begin anew
          </button>
          <button type="submit" class="primary" disabled={!isRight || isBusy}>
            Start the campaign
          </button>
        </div>
      </div>
      {error === null ? null : <ErrorNotice error={error} title="The campaign was not started" />}
      <EstimateCard check={check} />
      <div class="campaign-sides">
        <CampaignForm fields={fields} draft={draft} check={check} onChange={setDraft} />
        <CampaignYaml draft={draft} check={check} onChange={(text) => setDraft(draftOf(text))} />
      </div>
    </form>
  );
}

/** `crypto.randomUUID` is there on pages of this machine and behind TLS only. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
