import type { JSX } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { useConsole } from "../app/console-context.ts";
import { droppedFile } from "./dropped-file.ts";

/** Takes a file that is dropped anywhere on the console; while one is over it, says so. */
export function DropTarget(): JSX.Element | null {
  const { saved } = useConsole();
  const [isOver, setOver] = useState(false);
  // As soon as the console is seen, and not a frame later: a file that is dropped before is shown by the browser.
  useLayoutEffect(() => {
    function onOver(event: DragEvent): void {
      if (!holdsFiles(event)) return;
      // Without this the browser leaves the console and shows the file itself.
      event.preventDefault();
      setOver(true);
    }
    function onEnter(event: DragEvent): void {
      if (holdsFiles(event)) saved.prepare();
      onOver(event);
    }
    function onLeave({ relatedTarget }: DragEvent): void {
      if (relatedTarget === null) setOver(false);
    }
    function onDrop(event: DragEvent): void {
      setOver(false);
      const { dataTransfer } = event;
      if (!holdsFiles(event) || dataTransfer === null) return;
      event.preventDefault();
      void saved.open(() => droppedFile(dataTransfer));
    }
    const listeners = [
      ["dragenter", onEnter],
      ["dragover", onOver],
      ["dragleave", onLeave],
      ["drop", onDrop],
    ] as const;
    for (const [type, listener] of listeners) document.addEventListener(type, listener);
    return () => {
      for (const [type, listener] of listeners) document.removeEventListener(type, listener);
    };
  }, [saved]);
  return isOver ? (
    <div class="drop-over" aria-hidden="true">
      <p>Drop a bundle or a log to open it</p>
    </div>
  ) : null;
}

function holdsFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes("Files") === true;
}
