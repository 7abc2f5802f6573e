import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { Dialog } from "../frame/dialog.tsx";
import { useConsole } from "./console-context.ts";

const shortcuts = [
  ["n", "a new campaign"],
  ["j", "all jobs"],
  ["/", "search in the page"],
  ["?", "this help"],
] as const;

/** Single keys that go somewhere, and the help that names them. Gives the help while it is open. */
export function useShortcuts(): JSX.Element | null {
  const { preferences, go } = useConsole();
  const [isOpen, setOpen] = useState(false);
  useLayoutEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === "?") setOpen(true);
      else if (!preferences.shortcuts.value) return;
      else if (event.key === "n") go("#/new");
      else if (event.key === "j") go("#/");
      else if (event.key === "/") document.querySelector<HTMLElement>("[type=search]")?.focus();
      else return;
      event.preventDefault();
    }
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
  if (!isOpen) return null;
  return (
    <Dialog title="Keys" onClose={() => setOpen(false)}>
      <dl class="keys">
        {shortcuts.map(([key, text]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{text}</dd>
          </div>
        ))}
        <div>
          <dt>
            <kbd>↑</kbd> <kbd>↓</kbd>
          </dt>
          <dd>in lists and tables: from row to row</dd>
        </div>
      </dl>
      <label class="check">
        <input
          type="checkbox"
          checked={preferences.shortcuts.value}
          onChange={({ currentTarget }) => {
            preferences.shortcuts.value = currentTarget.checked;
          }}
        />
        Single letters do something
      </label>
    </Dialog>
  );
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      ["INPUT", "TEXTAREA", "SELECT", "DIALOG"].includes(target.tagName) ||
      target.closest("dialog") !== null)
  );
}
