import { CmoError } from "@cmo/engine";

/** The one file that was dropped. @throws CmoError `usage` for a folder, and for several. */
export function droppedFile(transfer: DataTransfer): File {
  const [file, ...others] = transfer.files;
  if (file === undefined) {
    throw new CmoError("usage", "What was dropped is no file.", {
      hint: "Drop a bundle or a log, or choose it here.",
    });
  }
  if (others.length > 0) {
    throw new CmoError("usage", `${others.length + 1} files were dropped. One is shown at a time.`, {
      hint: "Drop one of them.",
    });
  }
  const [item] = transfer.items;
  if (item?.webkitGetAsEntry()?.isDirectory === true) {
    throw new CmoError("usage", `${file.name} is a folder.`, { hint: "Drop the file that is in it." });
  }
  return file;
}
