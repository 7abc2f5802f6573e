import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: ["packages/*", "apps/*"],
    // Usual is one core less, which on two cores is one file after the other, and most files wait more than they work.
    maxWorkers: "100%",
  },
});
