import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runServeProgram } from "./server/run-serve-program.ts";

export {
  createHealth,
  type Health,
  type HealthOptions,
  type ListeningHealth,
} from "./server/create-health.ts";
export { type ServeContext, serve } from "./server/serve.ts";
export type { ServeOptions } from "./server/serve-options.ts";

// Only when this file is the program: whoever imports it serves by themselves.
const program = process.argv[1];
if (program !== undefined && realpathSync(program) === fileURLToPath(import.meta.url)) {
  process.exit(await runServeProgram(process.argv.slice(2), process));
}
