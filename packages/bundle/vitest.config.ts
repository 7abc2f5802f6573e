// @boundaries-ignore the test set-up of all packages is one file at the top
import { packageProject } from "../../vitest.shared.ts";

export default packageProject("@cmo/bundle");
