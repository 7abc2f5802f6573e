import { render } from "preact";
import { App } from "./app/app.tsx";
import { ConsoleContext } from "./app/console-context.ts";
import { createConsole } from "./app/create-console.ts";
import "./style/index.css";

const root = document.getElementById("console");
if (root === null) throw new Error("The page has no place for the console.");
const parts = createConsole(window);
render(
  <ConsoleContext.Provider value={parts}>
    <App />
  </ConsoleContext.Provider>,
  root,
);
