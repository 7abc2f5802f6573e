/** Offers a file to be saved, as the browser does it. */
export function saveFile(name: string, mediaType: string, pieces: readonly BlobPart[]): void {
  const address = URL.createObjectURL(new Blob([...pieces], { type: mediaType }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser takes it when the click is done with; a minute is long enough for that.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
