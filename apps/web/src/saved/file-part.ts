// What is fetched together when somebody opens a file: in parts of their own, they would make the first page larger.
export { OpenFilePage } from "./open-file-page.tsx";
export { readSavedFile } from "./read-saved-file.ts";
